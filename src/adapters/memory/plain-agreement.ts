/**
 * Key agreement with promises that are settled when they are returned: what the simulator needs to replay a run. X25519
 * in plain integers; sealing by a SHA-256 key stream and an HMAC over nonce and ciphertext (encrypt, then authenticate).
 * It speaks only to itself: other bodies of the port seal with AES-256-GCM.
 */

import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { compare, concat, equal } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { type KeyAgreement, SEAL_BYTES, type SealingPair } from '../../ports/crypto.ts';
import { x25519Public, x25519Shared } from './x25519.ts';

const KEY_BYTES = 32;
const BLOCK_BYTES = 32;

export class PlainAgreement implements KeyAgreement {
  readonly publicKey: Uint8Array;
  readonly #secret: Uint8Array;

  constructor(random: Random) {
    this.#secret = random.bytes(KEY_BYTES);
    this.publicKey = x25519Public(this.#secret);
  }

  async derive(theirs: Uint8Array, salt: Uint8Array, info: Uint8Array): Promise<SealingPair> {
    if (theirs.length !== KEY_BYTES || equal(theirs, this.publicKey)) throw unfit();
    const shared = x25519Shared(this.#secret, theirs);
    if (shared.every(byte => byte === 0)) throw unfit();
    const keys = hkdf(sha256, shared, salt, info, 2 * KEY_BYTES);
    const [low, high] = [keys.subarray(0, KEY_BYTES), keys.subarray(KEY_BYTES)];
    return compare(this.publicKey, theirs) < 0 ? new PlainPair(low, high) : new PlainPair(high, low);
  }
}

class PlainPair implements SealingPair {
  readonly #ours: Uint8Array;
  readonly #theirs: Uint8Array;

  constructor(ours: Uint8Array, theirs: Uint8Array) {
    this.#ours = ours;
    this.#theirs = theirs;
  }

  async seal(nonce: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
    const hidden = masked(this.#ours, nonce, plain);
    return concat(hidden, tag(this.#ours, nonce, hidden));
  }

  async open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    const hidden = sealed.subarray(0, Math.max(0, sealed.length - SEAL_BYTES));
    if (!equal(sealed.subarray(hidden.length), tag(this.#theirs, nonce, hidden)))
      throw new SeaError('BAD_SIGNATURE', 'this was not sealed by the partner');
    return masked(this.#theirs, nonce, hidden);
  }
}

/** Its own inverse. */
function masked(key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const counter = new Uint8Array(4);
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    new DataView(counter.buffer).setUint32(0, at / BLOCK_BYTES);
    const block = sha256(concat(key, nonce, counter));
    for (let i = at; i < Math.min(at + BLOCK_BYTES, bytes.length); i++) result[i] = bytes[i]! ^ block[i - at]!;
  }
  return result;
}

function tag(key: Uint8Array, nonce: Uint8Array, hidden: Uint8Array): Uint8Array {
  return hmac(sha256, key, concat(nonce, hidden)).subarray(0, SEAL_BYTES);
}

function unfit(): SeaError {
  return new SeaError('BAD_SIGNATURE', 'no secret can be agreed with that key');
}
