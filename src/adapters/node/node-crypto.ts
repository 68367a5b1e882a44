/**
 * The crypto port of a Node process, by OpenSSL. Kept keys are PKCS#8 files in PEM, readable by the user alone; a copy of
 * the file is the identity of the node.
 */

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
  webcrypto,
} from 'node:crypto';
import { link, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { concat, fromHex, toHex, utf8Decode, utf8Encode } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { Crypto, KeyAgreement, SigningKey } from '../../ports/crypto.ts';
import { isFitPublicKey, isFitSignature } from '../memory/ed25519-rules.ts';
import { LruMap } from '../memory/lru-map.ts';
import { fileNameOf, ifThere, stored, systemCode, writeBeside } from './data-folder.ts';
import { NodeAgreement } from './node-agreement.ts';

/** Public keys kept parsed. Bounds what peers with many keys can make a node hold. */
const PARSED_KEYS_MAX = 4096;

/** What stands before the 32 bytes in a SubjectPublicKeyInfo of Ed25519 (RFC 8410 §4). */
const SPKI_PREFIX = fromHex('302a300506032b6570032100');

/** What stands before the 32 bytes of a seed in a PrivateKeyInfo of Ed25519 (RFC 8410 §7). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

export class NodeCrypto implements Crypto {
  readonly #folder: string | undefined;
  readonly #parsed = new LruMap<string, KeyObject>(PARSED_KEYS_MAX);

  /** `folder` holds the key files; it is made when a key is. Without one no key is kept. */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  async keptKey(name: string): Promise<SigningKey> {
    if (this.#folder === undefined) throw new SeaError('NO_STORAGE', 'this node was given no folder to keep a key in');
    const path = join(this.#folder, `${fileNameOf('key', name)}.pem`);
    const pem = (await ifThere(readFile(path))) ?? (await stored(keepNew(path)));
    return signingKey(parse(path, pem));
  }

  async passingKey(): Promise<SigningKey> {
    return signingKey(generateKeyPairSync('ed25519').privateKey);
  }

  async seedKey(seed: Uint8Array): Promise<SigningKey> {
    if (seed.length !== 32) throw new SeaError('BAD_ARGUMENT', `a seed has 32 bytes, this has ${seed.length}`);
    const key = Buffer.from(concat(PKCS8_PREFIX, seed));
    return signingKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  }

  async verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
    if (!isFitPublicKey(publicKey) || !isFitSignature(signature)) return false;
    try {
      return verify(null, message, this.#publicKey(publicKey), signature);
    } catch {
      return false; // no point of the curve
    }
  }

  async hash(bytes: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes)); // in a thread of its own
  }

  async agreement(): Promise<KeyAgreement> {
    return new NodeAgreement();
  }

  #publicKey(bytes: Uint8Array): KeyObject {
    const name = toHex(bytes);
    const known = this.#parsed.get(name);
    if (known !== undefined) return known;
    const key = createPublicKey({ key: Buffer.from(concat(SPKI_PREFIX, bytes)), format: 'der', type: 'spki' });
    this.#parsed.set(name, key);
    return key;
  }
}

/** Makes a key and keeps it at `path`, unless another process was faster; resolves to the file that is there. */
async function keepNew(path: string): Promise<Uint8Array> {
  const pem = utf8Encode(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  await writeBeside(path, pem, { keep: true }, unfinished => placeFirst(unfinished, path));
  return readFile(path);
}

/** A hard link is made only where nothing is; file systems without them have no such step, and there the last one wins. */
async function placeFirst(unfinished: string, path: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') await rename(unfinished, path);
  }
}

function parse(path: string, pem: Uint8Array): KeyObject {
  const key = tryParse(pem);
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new SeaError('NO_STORAGE', `${path} is no Ed25519 key (PKCS#8, PEM): move it away to get a new identity`);
}

function tryParse(pem: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey(utf8Decode(pem));
  } catch {
    return undefined;
  }
}

function signingKey(privateKey: KeyObject): SigningKey {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(der.subarray(SPKI_PREFIX.length)),
    sign: async message => new Uint8Array(sign(null, message, privateKey)),
  };
}
