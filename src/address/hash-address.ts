/**
 * HashAddress: 32 bytes that name a node or a piece of content, and the XOR metric over them (Maymounkov & Mazières
 * 2002). The public API is the one that the first Sea design published, with two readings spelled out: `dist` covers
 * the leading 224 bits (top bit 2^126, smallest 2^-97, so that every distance fits a single-precision float), and a
 * difference in the last 32 bits alone reports as 2^-97. Routing never orders by it: it compares bytes.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { equal, fromBase64, fromHex, toHex, utf8Encode } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { checkGiven } from '../base/given.ts';
import type { Random } from '../base/random.ts';

export const ADDRESS_BYTES = 32;
export const ADDRESS_BITS = 256;

const DIST_BITS = 224; // covered by dist(): 126 down to -97
const DIST_TOP_EXPONENT = 126;
const DIST_SIGNIFICANT_BITS = 24;
const DIST_MIN = 2 ** -97;

/** Set by the platform's entry: the core itself has no chance. */
let platformRandom: Random | undefined;

export class HashAddress {
  readonly bytes: Uint8Array;
  #hex: string | undefined;

  private constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The SHA-256 of bytes or of a text's UTF-8. Asynchronous as the seed API has it; `hash` is the same at once. */
  static async make(source: ArrayBuffer | Uint8Array | string): Promise<HashAddress> {
    return HashAddress.hash(typeof source === 'string' ? utf8Encode(source) : new Uint8Array(source));
  }

  /** The SHA-256 of bytes, synchronously. */
  static hash(source: Uint8Array): HashAddress {
    return new HashAddress(sha256(source));
  }

  /** Parses 32 bytes, 64 hex digits, or base64 or base64url text. Throws BAD_ARGUMENT. The bytes are copied. */
  static from(source: ArrayBuffer | Uint8Array | string): HashAddress {
    const bytes = typeof source === 'string' ? parse(source) : new Uint8Array(source).slice();
    if (bytes.length !== ADDRESS_BYTES) {
      throw new SeaError('BAD_ARGUMENT', `an address has ${ADDRESS_BYTES} bytes, this has ${bytes.length}`);
    }
    return new HashAddress(bytes);
  }

  /** A wholly random address. */
  static random(random: Random): HashAddress {
    return new HashAddress(random.bytes(ADDRESS_BYTES));
  }

  /** Names the chance for `randomise` calls that name none, as applications make them. */
  static drawFrom(random: Random): void {
    platformRandom = random;
  }

  /** Keeps the bits before `startBit` (0 to 256) and draws the rest. Throws BAD_ARGUMENT. */
  randomise(startBit: number, random: Random = chance()): HashAddress {
    checkBit(startBit, ADDRESS_BITS);
    const fresh = random.bytes(ADDRESS_BYTES);
    for (let bit = 0; bit < startBit; bit++) copyBit(this.bytes, fresh, bit);
    return new HashAddress(fresh);
  }

  /**
   * Keeps the bits before `bit` (0 to 255), flips that bit, draws the rest: a random member of this address's bucket
   * `bit`. Throws BAD_ARGUMENT.
   */
  flipBitRandomise(bit: number, random: Random = chance()): HashAddress {
    checkBit(bit, ADDRESS_BITS - 1);
    const fresh = this.randomise(bit + 1, random).bytes;
    fresh[bit >> 3]! ^= 0x80 >> (bit & 7);
    return new HashAddress(fresh);
  }

  /** A copy of the 32 bytes. */
  getArrayBuffer(): ArrayBuffer {
    return new Uint8Array(this.bytes).buffer;
  }

  /** 64 lower-case hex digits. */
  toString(): string {
    this.#hex ??= toHex(this.bytes);
    return this.#hex;
  }

  toJSON(): string {
    return this.toString();
  }

  equals(other: HashAddress): boolean {
    return this === other || equal(this.bytes, other.bytes);
  }

  /** The XOR distance as a number of 24 significant bits (truncated): 0 when equal, else 2^-97 to just under 2^127. */
  dist(other: HashAddress): number {
    const first = this.logDist(other);
    if (first === Number.POSITIVE_INFINITY) return 0;
    if (first >= DIST_BITS) return DIST_MIN;
    let significand = 0;
    for (let i = 0; i < DIST_SIGNIFICANT_BITS; i++) {
      const bit = first + i;
      significand = significand * 2 + (bit < DIST_BITS ? differs(this.bytes, other.bytes, bit) : 0);
    }
    return significand * 2 ** (DIST_TOP_EXPONENT - first - (DIST_SIGNIFICANT_BITS - 1));
  }

  /** The index of the first bit that differs, 0 to 255; Infinity when equal. */
  logDist(other: HashAddress): number {
    for (let i = 0; i < ADDRESS_BYTES; i++) {
      const difference = this.bytes[i]! ^ other.bytes[i]!;
      if (difference !== 0) return i * 8 + Math.clz32(difference) - 24;
    }
    return Number.POSITIVE_INFINITY;
  }
}

/** The address itself, or the one that its text stands for. Throws BAD_ARGUMENT for anything else. */
export function addressOf(address: HashAddress | string): HashAddress {
  if (address instanceof HashAddress) return address;
  checkGiven(typeof address === 'string', 'an address is a HashAddress, or its 64 hex digits', address);
  return HashAddress.from(address);
}

function parse(text: string): Uint8Array {
  return /^[0-9a-fA-F]{64}$/.test(text) ? fromHex(text) : fromBase64(text);
}

function chance(): Random {
  if (platformRandom === undefined) throw new SeaError('BAD_ARGUMENT', 'say what to draw from');
  return platformRandom;
}

function checkBit(bit: number, max: number): void {
  if (!Number.isInteger(bit) || bit < 0 || bit > max) {
    throw new SeaError('BAD_ARGUMENT', `a bit position is a whole number from 0 to ${max}, not ${bit}`);
  }
}

function copyBit(from: Uint8Array, to: Uint8Array, bit: number): void {
  const mask = 0x80 >> (bit & 7);
  const index = bit >> 3;
  to[index] = (to[index]! & ~mask) | (from[index]! & mask);
}

function differs(a: Uint8Array, b: Uint8Array, bit: number): number {
  const index = bit >> 3;
  return ((a[index]! ^ b[index]!) >> (7 - (bit & 7))) & 1;
}
