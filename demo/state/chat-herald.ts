/**
 * What is heard in the chat, for those who listen: one line as it is, several within a moment as a count, so that a busy
 * channel does not talk anybody to death.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { formatPlural } from '../format.ts';
import type { ChatPlace } from './chat-place.ts';

/** What comes within this time is told together, ms. */
export const GATHER_MS = 1_500;
/** Characters of a line that are read out. */
const WORDS_LENGTH_MAX = 160;

export interface Heard {
  /** A name, or a short address. */
  readonly who: string;
  readonly words: string;
  readonly place: ChatPlace;
}

export class ChatHerald {
  readonly #now: () => number;
  readonly #words: Signal<string> = signal('');
  #first: Heard | undefined;
  #count = 0;
  /** All that was gathered was said in this channel. */
  #channel: string | undefined;
  #dueMs = 0;

  /** `now`: a steady clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What is to be read out. */
  get words(): ReadonlySignal<string> {
    return this.#words;
  }

  heard(heard: Heard): void {
    const channel = heard.place.kind === 'channel' ? heard.place.name : undefined;
    if (this.#first === undefined) {
      this.#first = heard;
      this.#channel = channel;
      this.#dueMs = this.#now() + GATHER_MS;
    }
    this.#count += 1;
    if (this.#channel !== channel) this.#channel = undefined;
  }

  /** Once a beat. */
  refresh(): void {
    const first = this.#first;
    if (first === undefined || this.#now() < this.#dueMs) return;
    const where = this.#channel === undefined ? '' : ` in ${this.#channel}`;
    this.#words.value = this.#count === 1 ? wordsOf(first) : `${formatPlural(this.#count, 'new message')}${where}`;
    this.#first = undefined;
    this.#count = 0;
  }
}

function wordsOf({ who, words, place }: Heard): string {
  const line = words.length > WORDS_LENGTH_MAX ? `${words.slice(0, WORDS_LENGTH_MAX)}…` : words;
  return place.kind === 'talk' ? `${who}, in private: ${line}` : `${who}: ${line}`;
}
