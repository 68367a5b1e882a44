/**
 * The pay-keys port by @noble/secp256k1 (RFC 6979, low s) over a small store. The curve and the hash are fetched on first
 * use: a page is in the sea without them.
 */

import { sha256 } from '@noble/hashes/sha2.js'; // here in any case: addresses are made by it
import { concat } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { PayAddress, PayKey, PayKeys } from '../../ports/pay-keys.ts';
import type { SmallStore } from '../../ports/small-store.ts';

const KEY_BYTES = 32;
const DIGEST_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** Where the parity of y stands in byte 32 of a signature. */
const PARITY_BIT = 0x80;

interface Primitives {
  readonly curve: typeof import('@noble/secp256k1');
  readonly keccak: (bytes: Uint8Array) => Uint8Array;
}

export class NoblePayKeys implements PayKeys {
  readonly #store: SmallStore;
  readonly #random: Random;
  readonly #making = new Map<string, Promise<PayKey>>(); // names are chosen by this program, never by a peer
  #primitives: Promise<Primitives> | undefined;

  constructor(store: SmallStore, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  kept(name: string): Promise<PayKey> {
    const known = this.#making.get(name) ?? this.#keptOrMade(name);
    this.#making.set(name, known);
    known.catch(() => this.#making.delete(name)); // its caller hears of it; the next one tries again
    return known;
  }

  async replace(name: string, privateKey: Uint8Array): Promise<PayKey> {
    const key = makeKey(await this.#load(), privateKey);
    await this.#store.set(slot(name), privateKey);
    this.#making.set(name, Promise.resolve(key));
    return key;
  }

  async passing(): Promise<PayKey> {
    const primitives = await this.#load();
    return makeKey(primitives, this.#drawn(primitives));
  }

  async recover(digest: Uint8Array, signature: Uint8Array): Promise<PayAddress | undefined> {
    const { curve, keccak } = await this.#load();
    if (digest.length !== DIGEST_BYTES || signature.length !== SIGNATURE_BYTES) return undefined;
    const compact = signature.slice();
    const parity = compact[32]! >> 7;
    compact[32]! &= ~PARITY_BIT;
    try {
      if (curve.Signature.fromBytes(compact).hasHighS()) return undefined;
      const recovered = concat(Uint8Array.of(parity), compact);
      return addressOf(keccak, curve.recoverPublicKey(recovered, digest, { prehash: false, isCompressed: false }));
    } catch {
      return undefined; // r or s out of range, or no point of the curve
    }
  }

  async keccak(bytes: Uint8Array): Promise<Uint8Array> {
    return (await this.#load()).keccak(bytes);
  }

  async seal(key: PayKey, passphrase: string): Promise<string> {
    const [{ sealKey }, { keccak }] = await Promise.all([import('./key-file.ts'), this.#load()]);
    return sealKey(key.export(), key.address, passphrase, keccak, this.#random);
  }

  async unseal(file: string, passphrase: string): Promise<Uint8Array> {
    const [{ unsealKey }, { keccak }] = await Promise.all([import('./key-file.ts'), this.#load()]);
    return unsealKey(file, passphrase, keccak);
  }

  async #keptOrMade(name: string): Promise<PayKey> {
    const primitives = await this.#load();
    const kept = await this.#store.get(slot(name));
    if (kept !== undefined) return keyOfStore(primitives, name, kept);
    const drawn = this.#drawn(primitives);
    await this.#store.set(slot(name), drawn);
    // Another process of this device may have kept its own a moment later: what is there now is the key.
    return keyOfStore(primitives, name, (await this.#store.get(slot(name))) ?? drawn);
  }

  #drawn({ curve }: Primitives): Uint8Array {
    for (;;) {
      const drawn = this.#random.bytes(KEY_BYTES);
      if (curve.utils.isValidSecretKey(drawn)) return drawn; // all but one in 2^127 are
    }
  }

  #load(): Promise<Primitives> {
    this.#primitives ??= loadPrimitives().catch((error: unknown) => {
      this.#primitives = undefined; // the network may be back later
      throw error;
    });
    return this.#primitives;
  }
}

async function loadPrimitives(): Promise<Primitives> {
  const [curve, { keccak_256 }, { hmac }] = await Promise.all([
    import('@noble/secp256k1'),
    import('@noble/hashes/sha3.js'),
    import('@noble/hashes/hmac.js'),
  ]);
  curve.hashes.sha256 = sha256;
  curve.hashes.hmacSha256 = (key, message) => hmac(sha256, key, message);
  return { curve, keccak: keccak_256 };
}

function slot(name: string): string {
  return `pay:${name}`;
}

function keyOfStore(primitives: Primitives, name: string, kept: Uint8Array): PayKey {
  if (primitives.curve.utils.isValidSecretKey(kept)) return makeKey(primitives, kept);
  throw new SeaError('NO_STORAGE', `what is kept as pay key "${name}" is no key`);
}

function makeKey({ curve, keccak }: Primitives, privateKey: Uint8Array): PayKey {
  if (!curve.utils.isValidSecretKey(privateKey)) throw new SeaError('BAD_ARGUMENT', 'not a private key of secp256k1');
  const secret = privateKey.slice();
  return {
    address: addressOf(keccak, curve.getPublicKey(secret, false)),
    sign(digest) {
      if (digest.length !== DIGEST_BYTES) throw new SeaError('BAD_ARGUMENT', 'a digest has 32 bytes');
      const recovered = curve.sign(digest, secret, { prehash: false, format: 'recovered' });
      const signature = recovered.slice(1);
      if (recovered[0]! & 1) signature[32]! |= PARITY_BIT;
      return signature;
    },
    export: () => secret.slice(),
  };
}

/** `publicKey`: 65 bytes, uncompressed. */
function addressOf(keccak: Primitives['keccak'], publicKey: Uint8Array): PayAddress {
  return keccak(publicKey.subarray(1)).slice(12);
}
