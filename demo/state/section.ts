/** Which section of the page is in front: part of the address, so that it can be linked, kept and gone back from. */

import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** In the order of the bar. */
export const sections = ['jobs', 'files', 'chat', 'wallet'] as const;

export type SectionName = (typeof sections)[number];

/** What of the browser's window a section needs. */
export interface AddressBar {
  readonly location: { hash: string };
  addEventListener(type: 'hashchange', listener: () => void): void;
}

export class Section {
  readonly #bar: AddressBar;
  readonly #current: Signal<SectionName>;
  readonly #rest: Signal<string>;
  readonly #visited: Signal<ReadonlySet<SectionName>>;

  constructor(bar: AddressBar) {
    this.#bar = bar;
    const { name, rest } = parse(bar.location.hash);
    this.#current = signal(name);
    this.#rest = signal(rest);
    this.#visited = signal(new Set([name]));
    bar.addEventListener('hashchange', () => this.#take());
  }

  get current(): ReadonlySignal<SectionName> {
    return this.#current;
  }

  /** What follows the section's name in the address, such as a shared link: `#files/…`. */
  get rest(): ReadonlySignal<string> {
    return this.#rest;
  }

  /** Sections that were in front once: they stay as they were left. */
  get visited(): ReadonlySignal<ReadonlySet<SectionName>> {
    return this.#visited;
  }

  /** Brings a section to the front. */
  show(name: SectionName, rest = ''): void {
    this.#bar.location.hash = rest === '' ? name : `${name}/${rest}`;
    this.#take();
  }

  #take(): void {
    const { name, rest } = parse(this.#bar.location.hash);
    batch(() => {
      this.#visited.value = new Set([...this.#visited.value, name]);
      this.#current.value = name;
      this.#rest.value = rest;
    });
  }
}

/** Anything that is no section is the first one. */
function parse(hash: string): { name: SectionName; rest: string } {
  const [name = '', ...rest] = hash.replace(/^#/, '').split('/');
  const found = sections.find(each => each === name);
  return found === undefined ? { name: sections[0], rest: '' } : { name: found, rest: rest.join('/') };
}
