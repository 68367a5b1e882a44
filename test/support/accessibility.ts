/**
 * What can be measured of a page's accessibility without taste: names, landmarks, headings, ids, contrast, focus,
 * overflow. Each check returns what is wrong in words, nothing when all is well. Names and roles are those that the
 * browser itself gives to a screen reader.
 */

import type { Page } from '@playwright/test';
import { contrast } from '../../demo/peer-colour.ts';

/** Roles that a person operates or that stand for a picture or a process: without a name they say nothing. */
const NAMED_ROLES = new Set([
  'button',
  'link',
  'checkbox',
  'radio',
  'slider',
  'combobox',
  'listbox',
  'textbox',
  'spinbutton',
  'image',
  'img',
  'progressbar',
  'table',
  'region',
  'form',
  'group',
]);

/** Controls, pictures and groups without a name. */
export async function nameless(page: Page): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  const { nodes } = await devtools.send('Accessibility.getFullAXTree');
  await devtools.detach();
  return nodes
    .filter(node => !node.ignored && NAMED_ROLES.has(String(node.role?.value).toLowerCase()))
    .filter(node => String(node.name?.value ?? '').trim() === '')
    .map(node => `${node.role?.value} without a name`);
}

/** Headings, landmarks, ids and references. */
export function badStructure(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)];

    const levels = all('h1, h2, h3, h4, h5, h6').map(heading => Number(heading.tagName[1]));
    if (levels.filter(level => level === 1).length !== 1) faults.push(`headings ${levels.join(' ')}: not one h1`);
    levels.forEach((level, at) => {
      if (level > (levels[at - 1] ?? 0) + 1) faults.push(`headings ${levels.join(' ')}: a level is skipped`);
    });

    if (all('main').length !== 1) faults.push(`${all('main').length} main landmarks`);
    for (const element of all('#app button, #app a, #app input, #app select, #app p, #app h1, #app h2, #app h3')) {
      if (element.closest('header, main, footer') === null) {
        faults.push(`outside of every landmark: ${element.tagName} ${element.textContent}`);
      }
    }

    const ids = all('[id]').map(({ id }) => id);
    faults.push(...ids.filter((id, at) => ids.indexOf(id) !== at).map(id => `twice the id ${id}`));
    for (const attribute of ['for', 'aria-labelledby', 'aria-describedby', 'aria-controls']) {
      for (const element of all(`[${attribute}]`)) {
        for (const id of element.getAttribute(attribute)!.split(' ')) {
          if (!ids.includes(id)) faults.push(`${attribute} names ${id}, which is not there`);
        }
      }
    }
    if (document.documentElement.lang === '') faults.push('the page has no language');
    if (document.title === '') faults.push('the page has no title');
    return faults;
  });
}

/** Things wider than the window, with the window's width: a person would have to scroll sideways. */
export function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.body.querySelectorAll('*')].filter(
      each => each.getBoundingClientRect().right > clientWidth + 1,
    );
    return wide.map(each => `${each.tagName}.${each.getAttribute('class')} ends beyond ${clientWidth} px`);
  });
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** A text as it is drawn. */
interface DrawnText {
  readonly text: string;
  readonly ink: Colour;
  /** Of the text and all it lies in, together. */
  readonly opacity: number;
  /** The colours behind it, nearest first. */
  readonly grounds: readonly Colour[];
  /** 24 px, or 18.66 px and bold. */
  readonly isLarge: boolean;
}

/**
 * Texts that stand out less than WCAG 2.2 AA asks: 4.5:1, large ones 3:1. Colours as they are computed, on the colours
 * that lie behind them; disabled controls are exempt, as they are there.
 */
export async function faintTexts(page: Page): Promise<string[]> {
  const texts = await page.evaluate(drawnTexts);
  return texts.flatMap(({ text, ink, opacity, grounds, isLarge }) => {
    const ground = grounds.reduceRight(under, [255, 255, 255, 1]);
    const stands = contrast(toHex(under(ground, [ink[0], ink[1], ink[2], ink[3] * opacity])), toHex(ground));
    return stands < (isLarge ? 3 : 4.5) ? [`${stands.toFixed(2)}:1 “${text}”`] : [];
  });
}

/** A colour with another one laid over it. */
function under(below: Colour, [red, green, blue, alpha]: Colour): Colour {
  const mix = (top: number, bottom: number): number => top * alpha + bottom * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function toHex(colour: Colour): string {
  const parts = colour.slice(0, 3).map(part => Math.round(part).toString(16).padStart(2, '0'));
  return `#${parts.join('')}`;
}

/** Runs in the page. */
function drawnTexts(): DrawnText[] {
  const parse = (text: string): Colour => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue, alpha];
  };
  const selfAndAncestors = function* (element: Element): Generator<Element> {
    for (let each: Element | null = element; each !== null; each = each.parentElement) yield each;
  };
  const isShown = (element: Element): boolean =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.closest('.visually-hidden, :disabled, fieldset:disabled, noscript, option, title') === null;
  const drawn: DrawnText[] = [];
  const add = (element: Element, text: string): void => {
    if (text.trim() === '' || !isShown(element)) return;
    const style = getComputedStyle(element);
    const styles = [...selfAndAncestors(element)].map(each => getComputedStyle(each));
    const size = Number.parseFloat(style.fontSize);
    drawn.push({
      text: text.trim().slice(0, 40),
      ink: parse(element instanceof SVGElement ? style.fill : style.color),
      opacity: styles.reduce((product, { opacity }) => product * Number(opacity), 1),
      grounds: styles.map(({ backgroundColor }) => parse(backgroundColor)),
      isLarge: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700),
    });
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) add((texts.currentNode as Text).parentElement!, texts.currentNode.textContent!);
  const fields = document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input[type=text], select');
  for (const field of fields) add(field, field.value);
  return drawn;
}

/** What has the focus, as one sees it. */
export interface FocusStop {
  readonly name: string;
  /** The ring's width, CSS pixels; 0 without one. */
  readonly ringPx: number;
  /** Whether its middle is in sight, not under the head of the page. */
  readonly inSight: boolean;
  /** The shorter side of what one can hit with a finger, CSS pixels. */
  readonly sidePx: number;
}

/** Presses Tab from the top of the page to its end; what had the focus, in order. */
export async function focusStops(page: Page): Promise<FocusStop[]> {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus(); // Tab goes on from where the focus was, even if it was taken away
    document.body.removeAttribute('tabindex');
    scrollTo(0, 0);
  });
  const stops: FocusStop[] = [];
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(describeFocus);
    if (stop === undefined) return stops;
    stops.push(stop);
  }
  throw new Error('the focus never leaves the page');
}

/** Runs in the page. A control that is hidden for the eye is looked at by its label. */
function describeFocus(): FocusStop | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || focused === document.body) return undefined;
  const label = focused.closest('label');
  const seen = focused.classList.contains('visually-hidden') && label !== null ? label : focused;
  const style = getComputedStyle(seen);
  const box = seen.getBoundingClientRect();
  const target = (label ?? seen).getBoundingClientRect();
  const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: `${focused.tagName.toLowerCase()} ${label?.textContent ?? focused.textContent ?? focused.id}`
      .trim()
      .slice(0, 60),
    ringPx: style.outlineStyle === 'none' ? 0 : Number.parseFloat(style.outlineWidth),
    inSight: middle !== null && (seen.contains(middle) || middle.contains(seen) || label?.contains(middle) === true),
    sidePx: Math.min(target.width, target.height),
  };
}

/** Collects what the live regions of the page say from now on, in order. Kept over later calls, until a reload. */
export async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    const selector = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]';
    const hear = (region: Element): void => {
      const text = region.textContent?.replaceAll(/\s+/g, ' ').trim() ?? '';
      if (text !== '' && heard.at(-1) !== text) heard.push(text);
    };
    new MutationObserver(records => {
      const regions = new Set<Element>();
      for (const { target, addedNodes } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest(selector);
        if (region) regions.add(region);
        for (const node of addedNodes) {
          // Only an alert is spoken when it appears with its text; other regions must have been there before.
          if (node instanceof Element) for (const alert of alertsIn(node)) regions.add(alert);
        }
      }
      for (const region of regions) hear(region);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    const alertsIn = (node: Element): Element[] => [
      ...(node.matches('[role=alert]') ? [node] : []),
      ...node.querySelectorAll('[role=alert]'),
    ];
    Object.assign(globalThis, { heard });
  });
  return () => page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
}
