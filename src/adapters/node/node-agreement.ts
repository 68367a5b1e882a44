/** Key agreement and sealing by OpenSSL: X25519, HKDF-SHA-256, AES-256-GCM. */

import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { compare, concat, equal, fromHex } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { type KeyAgreement, SEAL_BYTES, type SealingPair } from '../../ports/crypto.ts';

const KEY_BYTES = 32;
const CIPHER = 'aes-256-gcm';

/** What stands before the 32 bytes in a SubjectPublicKeyInfo of X25519 (RFC 8410 §4). */
const SPKI_PREFIX = fromHex('302a300506032b656e032100');

export class NodeAgreement implements KeyAgreement {
  readonly publicKey: Uint8Array;
  readonly #privateKey: KeyObject;

  constructor() {
    const pair = generateKeyPairSync('x25519');
    this.#privateKey = pair.privateKey;
    const der = pair.publicKey.export({ format: 'der', type: 'spki' });
    this.publicKey = new Uint8Array(der.subarray(SPKI_PREFIX.length));
  }

  async derive(theirs: Uint8Array, salt: Uint8Array, info: Uint8Array): Promise<SealingPair> {
    if (theirs.length !== KEY_BYTES || equal(theirs, this.publicKey)) throw unfit();
    const keys = new Uint8Array(hkdfSync('sha256', this.#shared(theirs), salt, info, 2 * KEY_BYTES));
    const [low, high] = [keys.slice(0, KEY_BYTES), keys.slice(KEY_BYTES)];
    return compare(this.publicKey, theirs) < 0 ? new NodePair(low, high) : new NodePair(high, low);
  }

  /** OpenSSL refuses a result of all zeros itself. */
  #shared(theirs: Uint8Array): Uint8Array {
    try {
      const key = createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, theirs)), format: 'der', type: 'spki' });
      return diffieHellman({ privateKey: this.#privateKey, publicKey: key });
    } catch {
      throw unfit();
    }
  }
}

class NodePair implements SealingPair {
  readonly #ours: Uint8Array;
  readonly #theirs: Uint8Array;

  constructor(ours: Uint8Array, theirs: Uint8Array) {
    this.#ours = ours;
    this.#theirs = theirs;
  }

  async seal(nonce: Uint8Array, plain: Uint8Array): Promise<Uint8Array> {
    const cipher = createCipheriv(CIPHER, this.#ours, nonce);
    return concat(cipher.update(plain), cipher.final(), cipher.getAuthTag());
  }

  async open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array> {
    try {
      const end = sealed.length - SEAL_BYTES;
      const cipher = createDecipheriv(CIPHER, this.#theirs, nonce, { authTagLength: SEAL_BYTES });
      cipher.setAuthTag(sealed.subarray(end));
      return concat(cipher.update(sealed.subarray(0, end)), cipher.final());
    } catch (cause) {
      throw new SeaError('BAD_SIGNATURE', 'this was not sealed by the partner', { cause });
    }
  }
}

function unfit(): SeaError {
  return new SeaError('BAD_SIGNATURE', 'no secret can be agreed with that key');
}
