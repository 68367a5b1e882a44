/**
 * The crypto port by @noble/ed25519, with promises that are settled when they are returned: what the simulator needs to
 * replay a run. Kept keys are kept in memory.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { Crypto, KeyAgreement, SigningKey } from '../../ports/crypto.ts';
import { publicKeyOf, signWith, verifyStrictly } from './noble-ed25519.ts';
import { PlainAgreement } from './plain-agreement.ts';

const SEED_BYTES = 32;

/** A signing key made of a 32-byte private seed, which it keeps to itself. */
export function seedKey(seed: Uint8Array): SigningKey {
  const secret = seed.slice();
  return { publicKey: publicKeyOf(secret), sign: async message => signWith(secret, message) };
}

export class NobleCrypto implements Crypto {
  readonly #random: Random;
  readonly #kept: Map<string, SigningKey>;

  /** `kept` is the device's memory: give the same map again and its keys are there again. */
  constructor(random: Random, kept: Map<string, SigningKey> = new Map()) {
    this.#random = random;
    this.#kept = kept;
  }

  async keptKey(name: string): Promise<SigningKey> {
    const kept = this.#kept.get(name) ?? this.#make();
    this.#kept.set(name, kept);
    return kept;
  }

  async passingKey(): Promise<SigningKey> {
    return this.#make();
  }

  async seedKey(seed: Uint8Array): Promise<SigningKey> {
    if (seed.length !== SEED_BYTES) throw new SeaError('BAD_ARGUMENT', `a seed has 32 bytes, this has ${seed.length}`);
    return seedKey(seed);
  }

  async verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    return verifyStrictly(publicKey, message, signature);
  }

  async hash(bytes: Uint8Array): Promise<Uint8Array> {
    return sha256(bytes);
  }

  async agreement(): Promise<KeyAgreement> {
    return new PlainAgreement(this.#random);
  }

  #make(): SigningKey {
    return seedKey(this.#random.bytes(SEED_BYTES));
  }
}
