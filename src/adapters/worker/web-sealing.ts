/** Bulk cryptography by WebCrypto, which pages, workers and Node have alike. */

import { utf8Encode } from '../../base/bytes.ts';
import type { Sealing } from '../../kernels/segment-coder.ts';

const INFO = utf8Encode('peersea/segment');
/** One key seals one plain text: it is derived from it. */
const ALGORITHM = { name: 'AES-GCM', iv: new Uint8Array(12) } as const;

export const webSealing: Sealing = {
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', unshared(bytes)));
  },
  async deriveKey(secret, salt) {
    const base = await crypto.subtle.importKey('raw', unshared(secret), 'HKDF', false, ['deriveBits']);
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: unshared(salt), info: INFO };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, base, 256));
  },
  async encrypt(key, plain) {
    const handle = await crypto.subtle.importKey('raw', unshared(key), 'AES-GCM', false, ['encrypt']);
    return new Uint8Array(await crypto.subtle.encrypt(ALGORITHM, handle, unshared(plain)));
  },
  async decrypt(key, sealed) {
    const handle = await crypto.subtle.importKey('raw', unshared(key), 'AES-GCM', false, ['decrypt']);
    return crypto.subtle.decrypt(ALGORITHM, handle, unshared(sealed)).then(
      plain => new Uint8Array(plain),
      () => undefined, // the one thing it refuses is a tag that does not fit
    );
  },
};

/** WebCrypto's types refuse memory shared between threads, which nothing here is. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
