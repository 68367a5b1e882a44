/**
 * What a holder asks to be signed, so that a right shown to it is good for one caller and a short time. It remembers no
 * challenge: each carries its end and a mark that only this holder makes.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { HashAddress } from '../address/hash-address.ts';
import { concat, equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import { CHALLENGE_MS } from './limits.ts';

/** 8 bytes of time, 16 of mark. */
export const CHALLENGE_BYTES = 24;
const TIME_BYTES = 8;

export class Challenges {
  readonly #clock: Clock;
  readonly #secret: Uint8Array;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#secret = random.bytes(32);
  }

  /** For this caller, for CHALLENGE_MS. */
  issue(caller: HashAddress): Uint8Array {
    const time = new Uint8Array(TIME_BYTES);
    new DataView(time.buffer).setFloat64(0, this.#clock.now() + CHALLENGE_MS);
    return concat(time, this.#mark(caller, time));
  }

  /** True when this holder issued it to this caller and its time is not over. */
  isFresh(caller: HashAddress, challenge: Uint8Array): boolean {
    if (challenge.length !== CHALLENGE_BYTES) return false;
    const time = challenge.slice(0, TIME_BYTES);
    if (!equal(this.#mark(caller, time), challenge.subarray(TIME_BYTES))) return false;
    return new DataView(time.buffer, time.byteOffset).getFloat64(0) >= this.#clock.now();
  }

  #mark(caller: HashAddress, time: Uint8Array): Uint8Array {
    return sha256(concat(this.#secret, time, caller.bytes)).slice(0, CHALLENGE_BYTES - TIME_BYTES);
  }
}
