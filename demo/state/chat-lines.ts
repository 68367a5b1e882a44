/** What is said in chats: lines of text, checked before they are shown, and a log that keeps the last of them. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Argument } from '../../src/index.ts';

/** Characters of a line, of a name, of a line's id. */
export const TEXT_LENGTH_MAX = 1_000;
export const NAME_LENGTH_MAX = 32;
export const ID_LENGTH_MAX = 64;
/** Lines kept for one channel or talk, as long as the page is open. */
export const LINES_MAX = 300;

/**
 * What becomes of a line. Own ones leave, and a private one arrives; what nobody is there to hear waits for the first to
 * come, and says in the end that nobody came.
 */
export type LineFate = 'heard' | 'leaving' | 'sent' | 'arrived' | 'waiting' | 'unheard' | 'failed';

export interface ChatLine {
  /** Unique in its log. */
  readonly id: string;
  /** Address of who said it. */
  readonly from: string;
  readonly text: string;
  /** When it came or was written here, Unix ms. */
  readonly atMs: number;
  readonly fate: LineFate;
}

/** What a line is on the wire. */
export interface Said {
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** What strangers send, checked and cleaned; undefined for what is no line. */
export function readSaid(value: Argument): Said | undefined {
  const { id, name, text } = fieldsOf(value);
  if (typeof id !== 'string' || id === '' || id.length > ID_LENGTH_MAX) return undefined;
  if (typeof text !== 'string' || text.length > TEXT_LENGTH_MAX || cleanText(text) === '') return undefined;
  return { id, name: readName(name), text: cleanText(text) };
}

/** A name that a stranger gives itself; '' for none. */
export function readName(value: unknown): string {
  return typeof value === 'string' ? cleanName(value) : '';
}

/** The fields of a value from the wire, none where it has none. */
export function fieldsOf(value: Argument): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A text without what is not seen and without what turns the order of what is: nobody's words reach into another's. */
export function cleanText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, each => (each === '\n' ? each : ''))
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** A name in one line, at most NAME_LENGTH_MAX characters. */
export function cleanName(name: string): string {
  const line = cleanText(name.slice(0, 4 * NAME_LENGTH_MAX)).replaceAll(/\s+/g, ' ');
  return [...line].slice(0, NAME_LENGTH_MAX).join('').trim();
}

export class ChatLog {
  readonly #lines: Signal<readonly ChatLine[]> = signal<readonly ChatLine[]>([]);

  /** Oldest first. */
  get lines(): ReadonlySignal<readonly ChatLine[]> {
    return this.#lines;
  }

  /** Adds a line; one whose id is known is not said again. True when it was added. */
  add(line: ChatLine): boolean {
    if (this.#lines.value.some(({ id }) => id === line.id)) return false;
    this.#lines.value = [...this.#lines.value, line].slice(-LINES_MAX);
    return true;
  }

  /** Says what has become of a line. */
  mark(id: string, fate: LineFate): void {
    this.#lines.value = this.#lines.value.map(line => (line.id === id ? { ...line, fate } : line));
  }
}
