/** Ed25519 by the browser's own WebCrypto: private keys that are handles, and verification off the main thread. */

import { concat, fromBase64, fromHex, toHex } from '../../base/bytes.ts';
import type { SigningKey } from '../../ports/crypto.ts';
import { isFitPublicKey, isFitSignature } from '../memory/ed25519-rules.ts';
import { LruMap } from '../memory/lru-map.ts';
import type { KeptKey } from './peersea-schema.ts';

const ALGORITHM = { name: 'Ed25519' } as const;

/** Public keys kept imported. Bounds what peers with many keys can make a page hold; a node meets far fewer at a time. */
const IMPORTED_KEYS_MAX = 1024;

/** What stands before the 32 bytes of a seed in a PrivateKeyInfo of Ed25519 (RFC 8410 §7). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

type NativeKey = Extract<KeptKey, { kind: 'native' }>;

export class NativeEd25519 {
  readonly #subtle: SubtleCrypto;
  readonly #imported = new LruMap<string, CryptoKey>(IMPORTED_KEYS_MAX);

  private constructor(subtle: SubtleCrypto) {
    this.#subtle = subtle;
  }

  /** Undefined where the browser lacks Ed25519: it is asked to verify RFC 8032 §7.1 test 2 and to make a key. */
  static async detect(subtle: SubtleCrypto | null): Promise<NativeEd25519 | undefined> {
    if (subtle === null) return undefined;
    const native = new NativeEd25519(subtle);
    const publicKey = fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
    const signature = fromHex(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
    if (!(await native.verify(publicKey, Uint8Array.of(0x72), signature))) return undefined;
    return native.generate().then(
      () => native,
      () => undefined, // it verifies but makes no keys
    );
  }

  /** A new key pair whose private half cannot be exported. */
  async generate(): Promise<NativeKey> {
    const pair = (await this.#subtle.generateKey(ALGORITHM, false, ['sign', 'verify'])) as CryptoKeyPair;
    const publicKey = new Uint8Array(await this.#subtle.exportKey('raw', pair.publicKey));
    return { kind: 'native', publicKey, privateKey: pair.privateKey };
  }

  /** The key of a 32-byte seed; undefined where the browser does not tell the public half of an imported key. */
  async ofSeed(seed: Uint8Array): Promise<SigningKey | undefined> {
    try {
      const pkcs8 = concat(PKCS8_PREFIX, seed);
      const readable = await this.#subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']);
      const { x } = await this.#subtle.exportKey('jwk', readable);
      return x === undefined
        ? undefined
        : this.signingKey({ kind: 'native', publicKey: fromBase64(x), privateKey: readable });
    } catch {
      return undefined; // the caller has another way
    }
  }

  signingKey({ publicKey, privateKey }: NativeKey): SigningKey {
    const sign = async (message: Uint8Array): Promise<Uint8Array> =>
      new Uint8Array(await this.#subtle.sign(ALGORITHM, privateKey, unshared(message)));
    return { publicKey, sign };
  }

  /** By the rules of `ed25519-rules.ts`. Never throws. */
  async verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    if (!isFitPublicKey(publicKey) || !isFitSignature(signature)) return false;
    try {
      const key = await this.#import(publicKey);
      return await this.#subtle.verify(ALGORITHM, key, unshared(signature), unshared(message));
    } catch {
      return false; // no point of the curve
    }
  }

  async #import(publicKey: Uint8Array): Promise<CryptoKey> {
    const name = toHex(publicKey);
    const known = this.#imported.get(name);
    if (known !== undefined) return known;
    const key = await this.#subtle.importKey('raw', unshared(publicKey), ALGORITHM, false, ['verify']);
    this.#imported.set(name, key);
    return key;
  }
}

/** WebCrypto's types refuse memory shared between threads, which nothing here is. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
