/**
 * Which peer has which colour on this page: its own, unless a peer that was seen before looks alike; then the next one
 * that differs from all, then the next free one. Two of six peers would else look alike more often than not.
 */

import { COLOURS, colourAt, lookAlike, ownColour } from '../peer-colour.ts';

/** From one colour to the next try: another hue, all colours in turn (no divisor in common with COLOURS). */
const STEP = 25;

export class PeerPalette {
  readonly #numbers = new Map<string, number>();
  readonly #taken = new Set<number>();

  /** The colour of a peer as '#rrggbb'; the same for as long as the page is open. Beyond COLOURS peers colours repeat. */
  colourOf(address: string): string {
    return colourAt(this.#numbers.get(address) ?? this.#choose(address));
  }

  #choose(address: string): number {
    const own = ownColour(address);
    if (this.#taken.size >= COLOURS) return own; // remembers no more peers than there are colours
    const tries = Array.from({ length: COLOURS }, (_, at) => (own + at * STEP) % COLOURS);
    const taken = [...this.#taken];
    const number =
      tries.find(each => !taken.some(other => lookAlike(each, other))) ??
      tries.find(each => !this.#taken.has(each)) ??
      own;
    this.#taken.add(number);
    this.#numbers.set(address, number);
    return number;
  }
}

const palette = new PeerPalette();

/** The colour of a peer on this page, as '#rrggbb'. */
export function peerColour(address: string): string {
  return palette.colourOf(address);
}
