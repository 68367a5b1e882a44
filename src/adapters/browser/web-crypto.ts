/**
 * The crypto port of a page: WebCrypto's Ed25519 where the browser has it; @noble/ed25519, fetched when it is needed,
 * where not. Which of the two is found out once. A key that was kept as a seed stays one when the browser learns Ed25519
 * later: the node keeps its id.
 */

import { ContentId } from '../../address/content-id.ts';
import { isSeaError, SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { Crypto, KeyAgreement, SigningKey } from '../../ports/crypto.ts';
import type { IndexedDbKeyStore } from './indexed-db-key-store.ts';
import { NativeEd25519 } from './native-ed25519.ts';
import type { KeptKey } from './peersea-schema.ts';
import { webAgreement } from './web-agreement.ts';

const SEED_BYTES = 32;

export class WebCrypto implements Crypto {
  readonly #keys: IndexedDbKeyStore;
  readonly #random: Random;
  readonly #subtle: SubtleCrypto | null;
  #detected: Promise<NativeEd25519 | undefined> | undefined;

  /** `subtle` is null in a page that is no secure context. */
  constructor(
    keys: IndexedDbKeyStore,
    random: Random,
    subtle: SubtleCrypto | null = globalThis.crypto?.subtle ?? null,
  ) {
    this.#keys = keys;
    this.#random = random;
    this.#subtle = subtle;
  }

  async keptKey(name: string): Promise<SigningKey> {
    const kept = (await this.#keys.get(name)) ?? (await this.#keepNew(name));
    return this.#signingKey(kept);
  }

  async passingKey(): Promise<SigningKey> {
    return this.#signingKey(await this.#make());
  }

  /** By the browser where it can: its private half came from outside, and could be had again there. */
  async seedKey(seed: Uint8Array): Promise<SigningKey> {
    if (seed.length !== SEED_BYTES) throw new SeaError('BAD_ARGUMENT', `a seed has 32 bytes, this has ${seed.length}`);
    const native = await (await this.#native())?.ofSeed(seed);
    if (native !== undefined) return native;
    const { seedKey } = await import('../memory/noble-crypto.ts');
    return seedKey(seed);
  }

  async verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    const native = await this.#native();
    if (native !== undefined) return native.verify(publicKey, message, signature);
    const { verifyStrictly } = await import('../memory/noble-ed25519.ts');
    return verifyStrictly(publicKey, message, signature);
  }

  async hash(bytes: Uint8Array): Promise<Uint8Array> {
    if (this.#subtle === null) return ContentId.of(bytes).digest;
    return new Uint8Array(await this.#subtle.digest('SHA-256', bytes as BufferSource));
  }

  async agreement(): Promise<KeyAgreement> {
    return webAgreement(this.#subtle);
  }

  /** Some browsers have Ed25519 keys but cannot store their handles: those get a seed. */
  async #keepNew(name: string): Promise<KeptKey> {
    const key = await this.#make();
    return this.#keys.keepFirst(name, key).catch((error: unknown) => {
      if (key.kind === 'native' && isUnclonable(error)) return this.#keys.keepFirst(name, this.#makeSeed());
      throw error;
    });
  }

  async #make(): Promise<KeptKey> {
    return (await (await this.#native())?.generate()) ?? this.#makeSeed();
  }

  #makeSeed(): KeptKey {
    return { kind: 'seed', seed: this.#random.bytes(SEED_BYTES) };
  }

  #native(): Promise<NativeEd25519 | undefined> {
    this.#detected ??= NativeEd25519.detect(this.#subtle);
    return this.#detected;
  }

  async #signingKey(kept: KeptKey): Promise<SigningKey> {
    if (kept.kind === 'seed') {
      const { seedKey } = await import('../memory/noble-crypto.ts');
      return seedKey(kept.seed);
    }
    const native = await this.#native();
    if (native === undefined) throw new SeaError('NO_STORAGE', 'the kept key is a handle that this page cannot use');
    return native.signingKey(kept);
  }
}

function isUnclonable(error: unknown): boolean {
  return isSeaError(error, 'NO_STORAGE') && (error.cause as DOMException | undefined)?.name === 'DataCloneError';
}
