/** Chance that a seed replays: the xoshiro128** generator (Blackman & Vigna 2018), seeded through SHA-256. */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Encode } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';

export class SeededRandom implements Random {
  readonly #state: Uint32Array;

  /** The same seed text gives the same draws. */
  constructor(seed: string) {
    const digest = sha256(utf8Encode(seed));
    this.#state = new Uint32Array(digest.slice().buffer, 0, 4);
  }

  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number {
    const s = this.#state;
    const [s0, s1, s2, s3] = s as unknown as [number, number, number, number];
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    s[2] = s2 ^ s0;
    s[3] = s3 ^ s1;
    s[1] = s1 ^ s[2]!;
    s[0] = s0 ^ s[3]!;
    s[2]! ^= s1 << 9;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** From 0 to just under 1, 32 bits. */
  fraction(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.uint32();
      for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = word >>> (8 * j);
    }
    return bytes;
  }
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
