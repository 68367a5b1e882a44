/**
 * Content ids: CIDs of version 1, raw codec, SHA-256 (multiformats CID specification; the text form is multibase
 * base32, RFC 4648 §6 in lower case without padding, after a "b").
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat, equal, toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { checkText } from '../base/given.ts';

const PREFIX = new Uint8Array([0x01, 0x55, 0x12, 0x20]); // version 1, raw, sha2-256, 32 bytes
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const BITS = 8 * (PREFIX.length + 32);
const TEXT_LENGTH = 1 + Math.ceil(BITS / 5);

export class ContentId {
  /** SHA-256 of the content, 32 bytes. */
  readonly digest: Uint8Array;
  #hex: string | undefined;

  private constructor(digest: Uint8Array) {
    this.digest = digest;
  }

  /** The id of these bytes. */
  static of(content: Uint8Array): ContentId {
    return new ContentId(sha256(content));
  }

  /** Wraps a SHA-256 digest. Throws BAD_ARGUMENT unless 32 bytes. */
  static fromDigest(digest: Uint8Array): ContentId {
    if (digest.length !== 32) throw new SeaError('BAD_ARGUMENT', `a digest has 32 bytes, this has ${digest.length}`);
    return new ContentId(digest.slice());
  }

  /** Parses the text form. Throws BAD_ARGUMENT. */
  static parse(text: string): ContentId {
    checkText('a content id', text);
    const bytes = text.length === TEXT_LENGTH && text[0] === 'b' ? fromBase32(text.slice(1)) : undefined;
    if (bytes === undefined || !equal(bytes.subarray(0, PREFIX.length), PREFIX)) {
      throw new SeaError(
        'BAD_ARGUMENT',
        `not a content id (CID v1, raw, SHA-256, base32): ${JSON.stringify(text.slice(0, 64))}`,
      );
    }
    return new ContentId(bytes.slice(PREFIX.length));
  }

  /** 64 hex digits of the digest: the key under which stores keep the content. */
  get hex(): string {
    this.#hex ??= toHex(this.digest);
    return this.#hex;
  }

  equals(other: ContentId): boolean {
    return equal(this.digest, other.digest);
  }

  toString(): string {
    return `b${toBase32(concat(PREFIX, this.digest))}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The id itself, or the one that its text stands for. Throws BAD_ARGUMENT. */
export function contentIdOf(id: ContentId | string): ContentId {
  return id instanceof ContentId ? id : ContentId.parse(id);
}

function toBase32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(buffer >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[(buffer << (5 - bits)) & 31];
}

/** Undefined for a stray character or non-zero bits past the end. */
function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(BITS / 8);
  let length = 0;
  let buffer = 0;
  let bits = 0;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) return undefined;
    buffer = ((buffer << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (buffer >> bits) & 0xff;
  }
  return (buffer & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
