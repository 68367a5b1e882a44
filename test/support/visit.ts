/**
 * A visit to the page: one tab, what a person does there in the page's own words, and what the browser complained of
 * meanwhile. Locators are roles and labels; `data-testid` only where those do not do.
 */

import { readFile } from 'node:fs/promises';
import { type BrowserContext, type CDPSession, expect, type Locator, type Page } from '@playwright/test';

/** The sizes the page is made for, CSS pixels. */
export const phone = { width: 390, height: 844 } as const;
export const desk = { width: 1440, height: 900 } as const;

export type JobState = 'running' | 'done' | 'cancelled' | 'failed';
export type TaskTitle = 'Picture' | 'Mandelbrot' | 'Collatz' | 'Hash search';

/** A file that the page gave to the browser's downloads. */
export interface Saved {
  readonly name: string;
  readonly bytes: Buffer;
}

export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;

  constructor(page: Page) {
    this.page = page;
    this.context = page.context();
  }

  // --- Coming and going ---

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  /** "Joining", "Online", "Offline". */
  get state(): Locator {
    return this.page.getByRole('status', { name: 'State', exact: true });
  }

  /** Agrees, lends cores, and waits to be online. */
  async accept(): Promise<void> {
    await this.button('Accept and join').click();
    await expect(this.state).toHaveText('Online');
  }

  /** Agrees, lends nothing, and waits to be online. */
  async acceptWithoutLending(): Promise<void> {
    await this.button('Join without lending').click();
    await expect(this.state).toHaveText('Online');
  }

  /** Opens a part of a panel that stays folded away in other sections than its own. */
  async unfold(title: string): Promise<void> {
    const fold = this.page.locator('details.fold').filter({ has: this.page.getByRole('heading', { name: title }) });
    if ((await fold.getAttribute('open')) === null) await fold.locator('summary').click();
  }

  /** Withdraws the consent, and answers the question that comes first. */
  async withdraw(): Promise<void> {
    await this.button('Withdraw consent …').click();
    await this.button('Withdraw it now').click();
  }

  /** The same page in a further tab of the same browser. */
  async secondTab(): Promise<Visit> {
    const page = await this.context.newPage();
    await page.goto(this.page.url());
    return new Visit(page);
  }

  /** This page's address in the sea, 64 hex digits. */
  async address(): Promise<string> {
    return (await this.page.getByTestId('own-address').getAttribute('data-address'))!;
  }

  /** Errors in words. */
  get alert(): Locator {
    return this.page.getByRole('alert');
  }

  /** "Lending 2 cores". */
  get lending(): Locator {
    return this.page.getByTestId('contribution-state');
  }

  /** What this device computes now. */
  get runningNow(): Locator {
    return this.page.locator('.running');
  }

  /** Drops a file of so many bytes, all zero, anywhere on the page. */
  async dropFile(name: string, length: number): Promise<void> {
    await this.page.evaluate(
      ([fileName, bytes]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(bytes)], fileName));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, length] as const,
    );
  }

  // --- The job ---

  async choose(task: TaskTitle): Promise<void> {
    await this.page.getByRole('radio', { name: task }).check();
  }

  async start(): Promise<void> {
    await this.button('Start job').click();
  }

  /** A proof so rare that the search lasts longer than any test. */
  async startEndlessSearch(): Promise<void> {
    await this.choose('Hash search');
    await this.page.getByRole('slider', { name: 'Leading zero bits' }).fill('34');
    await this.start();
  }

  async expectJob(state: JobState): Promise<void> {
    await expect(this.page.getByTestId('result')).toHaveAttribute('data-state', state, { timeout: 60_000 });
  }

  /** Waits until so many parts of the running job have come. */
  async expectParts(atLeast: number, of?: readonly string[]): Promise<void> {
    await expect
      .poll(async () => sum(await this.partsByPeer(), of), { timeout: 60_000 })
      .toBeGreaterThanOrEqual(atLeast);
  }

  /** Parts by the address of the peer that computed them. */
  async partsByPeer(): Promise<Map<string, number>> {
    const items = this.page.getByRole('list', { name: 'Parts by peer' }).getByRole('listitem');
    const pairs = await items.evaluateAll(elements =>
      elements.map(
        element => [element.getAttribute('data-peer')!, Number(element.getAttribute('data-parts'))] as const,
      ),
    );
    return new Map(pairs);
  }

  get verdict(): Locator {
    return this.page.getByTestId('verdict');
  }

  /** Presses a download button and takes the file. */
  async save(buttonName: string): Promise<Saved> {
    return this.takeDownload(() => this.button(buttonName).click());
  }

  /** The file that an action hands to the browser's downloads. */
  async takeDownload(action: () => Promise<void>): Promise<Saved> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  /** The browser's own protocol, for what Playwright has no word for. */
  devtools(): Promise<CDPSession> {
    return this.context.newCDPSession(this.page);
  }
}

/** All parts, or those of some peers. */
export function sum(parts: ReadonlyMap<string, number>, of: readonly string[] = [...parts.keys()]): number {
  return of.reduce((total, address) => total + (parts.get(address) ?? 0), 0);
}
