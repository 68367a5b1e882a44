/**
 * Signatures for a closed world: as unforgeable as the simulator's own registry of secrets, settled at once, and a
 * thousand times cheaper than curves. No bits of it ever leave a simulation.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { PlainAgreement } from '../adapters/memory/plain-agreement.ts';
import { concat, equal, toHex } from '../base/bytes.ts';
import type { Random } from '../base/random.ts';
import type { Crypto, KeyAgreement, SigningKey } from '../ports/crypto.ts';

/** All nodes of one simulation share one. */
export class SimKeys {
  readonly #secrets = new Map<string, Uint8Array>();

  make(random: Random): SigningKey {
    return this.of(random.bytes(32));
  }

  of(secret: Uint8Array): SigningKey {
    const publicKey = sha256(secret);
    this.#secrets.set(toHex(publicKey), secret);
    return { publicKey, sign: async message => signature(secret, message) };
  }

  verify(publicKey: Uint8Array, message: Uint8Array, given: Uint8Array): boolean {
    const secret = this.#secrets.get(toHex(publicKey));
    return secret !== undefined && equal(signature(secret, message), given);
  }
}

export class SimCrypto implements Crypto {
  readonly #keys: SimKeys;
  readonly #random: Random;

  constructor(keys: SimKeys, random: Random) {
    this.#keys = keys;
    this.#random = random;
  }

  async keptKey(): Promise<SigningKey> {
    return this.#keys.make(this.#random);
  }

  async passingKey(): Promise<SigningKey> {
    return this.#keys.make(this.#random);
  }

  async seedKey(seed: Uint8Array): Promise<SigningKey> {
    return this.#keys.of(seed.slice());
  }

  async verify(publicKey: Uint8Array, message: Uint8Array, given: Uint8Array): Promise<boolean> {
    return this.#keys.verify(publicKey, message, given);
  }

  async hash(bytes: Uint8Array): Promise<Uint8Array> {
    return sha256(bytes);
  }

  async agreement(): Promise<KeyAgreement> {
    return new PlainAgreement(this.#random);
  }
}

/** 64 bytes, as a real one. */
function signature(secret: Uint8Array, message: Uint8Array): Uint8Array {
  const digest = sha256(concat(secret, message));
  return concat(digest, digest);
}
