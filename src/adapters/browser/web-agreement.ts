/** Key agreement and sealing by the browser's WebCrypto: X25519, HKDF-SHA-256, AES-256-GCM, on keys that are handles. */

import { compare, equal } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { type KeyAgreement, SEAL_BYTES, type SealingPair } from '../../ports/crypto.ts';

const ALGORITHM = 'X25519';
const KEY_BYTES = 32;

/** A fresh agreement. UNSUPPORTED where the page has no WebCrypto (no secure context) or the browser no X25519. */
export async function webAgreement(subtle: SubtleCrypto | null): Promise<KeyAgreement> {
  if (subtle === null) throw new SeaError('UNSUPPORTED', 'this page has no WebCrypto: serve it over https');
  try {
    const pair = (await subtle.generateKey({ name: ALGORITHM }, false, ['deriveBits'])) as CryptoKeyPair;
    return new WebAgreement(subtle, pair.privateKey, new Uint8Array(await subtle.exportKey('raw', pair.publicKey)));
  } catch (cause) {
    throw new SeaError('UNSUPPORTED', 'this browser has no X25519', { cause });
  }
}

class WebAgreement implements KeyAgreement {
  readonly publicKey: Uint8Array;
  readonly #subtle: SubtleCrypto;
  readonly #privateKey: CryptoKey;

  constructor(subtle: SubtleCrypto, privateKey: CryptoKey, publicKey: Uint8Array) {
    this.#subtle = subtle;
    this.#privateKey = privateKey;
    this.publicKey = publicKey;
  }

  async derive(theirs: Uint8Array, salt: Uint8Array, info: Uint8Array): Promise<SealingPair> {
    if (theirs.length !== KEY_BYTES || equal(theirs, this.publicKey)) throw unfit();
    const shared = await this.#shared(theirs);
    const stretch = { name: 'HKDF', hash: 'SHA-256', salt: salt.slice(), info: info.slice() };
    const keys = await this.#subtle.deriveBits(stretch, shared, 16 * KEY_BYTES);
    const [low, high] = await Promise.all([
      this.#import(keys.slice(0, KEY_BYTES)),
      this.#import(keys.slice(KEY_BYTES)),
    ]);
    return compare(this.publicKey, theirs) < 0
      ? new WebPair(this.#subtle, low, high)
      : new WebPair(this.#subtle, high, low);
  }

  /** WebCrypto refuses a result of all zeros itself (Secure Curves, "X25519", derive bits). */
  async #shared(theirs: Uint8Array): Promise<CryptoKey> {
    try {
      const key = await this.#subtle.importKey('raw', theirs.slice(), { name: ALGORITHM }, false, []);
      const bits = await this.#subtle.deriveBits({ name: ALGORITHM, public: key }, this.#privateKey, 8 * KEY_BYTES);
      return await this.#subtle.importKey('raw', bits, 'HKDF', false, ['deriveBits']);
    } catch {
      throw unfit();
    }
  }

  #import(key: ArrayBuffer): Promise<CryptoKey> {
    return this.#subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
  }
}

class WebPair implements SealingPair {
  readonly #subtle: SubtleCrypto;
  readonly #ours: CryptoKey;
  readonly #theirs: CryptoKey;

  constructor(subtle: SubtleCrypto, ours: CryptoKey, theirs: CryptoKey) {
    this.#subtle = subtle;
    this.#ours = ours;
    this.#theirs = theirs;
  }

  async seal(nonce: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await this.#subtle.encrypt(gcm(nonce), this.#ours, plain as Uint8Array<ArrayBuffer>));
  }

  async open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    try {
      return new Uint8Array(await this.#subtle.decrypt(gcm(nonce), this.#theirs, sealed as Uint8Array<ArrayBuffer>));
    } catch (cause) {
      throw new SeaError('BAD_SIGNATURE', 'this was not sealed by the partner', { cause });
    }
  }
}

function gcm(nonce: Uint8Array): AesGcmParams {
  return { name: 'AES-GCM', iv: nonce as Uint8Array<ArrayBuffer>, tagLength: 8 * SEAL_BYTES };
}

function unfit(): SeaError {
  return new SeaError('BAD_SIGNATURE', 'no secret can be agreed with that key');
}
