/**
 * Private keys as Web3 Secret Storage files of version 3 (scrypt, AES-128-CTR, Keccak-256 over key and ciphertext), as
 * wallets write and read them. The cipher is the platform's, scrypt @noble/hashes'.
 */

import { scryptAsync } from '@noble/hashes/scrypt.js';
import { concat, equal, fromHex, toHex, utf8Encode } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';

/** Cost of scrypt: 2^17 is what wallets write; 128 MiB and about a second. */
const COST = 131_072;
/** The most that is taken of a file: 1 GiB of memory. */
const COST_MAX = 1_048_576;
const BLOCK = 8;
const LANES_MAX = 8;
const DERIVED_BYTES = 32;
const KEY_BYTES = 32;
const FILE_LENGTH_MAX = 4_096;

/** What is used of the platform's WebCrypto, which browsers and Node have alike. */
interface Cipher {
  importKey(format: 'raw', key: Uint8Array, name: 'AES-CTR', extractable: false, uses: ['encrypt']): Promise<object>;
  encrypt(
    how: { name: 'AES-CTR'; counter: Uint8Array; length: number },
    key: object,
    plain: Uint8Array,
  ): Promise<ArrayBuffer>;
}

type Keccak = (bytes: Uint8Array) => Uint8Array;

interface Sealed {
  readonly cost: number;
  readonly lanes: number;
  readonly salt: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly mac: Uint8Array;
}

export async function sealKey(
  privateKey: Uint8Array,
  address: Uint8Array,
  passphrase: string,
  keccak: Keccak,
  random: Random,
): Promise<string> {
  const salt = random.bytes(32);
  const iv = random.bytes(16);
  const derived = await derive(passphrase, salt, COST, 1);
  const ciphertext = await crypt(derived, iv, privateKey);
  return JSON.stringify({
    version: 3,
    id: uuid(random.bytes(16)),
    address: toHex(address),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: toHex(iv) },
      ciphertext: toHex(ciphertext),
      kdf: 'scrypt',
      kdfparams: { dklen: DERIVED_BYTES, n: COST, r: BLOCK, p: 1, salt: toHex(salt) },
      mac: toHex(macOf(keccak, derived, ciphertext)),
    },
  });
}

/** The 32 bytes. Throws BAD_ARGUMENT. */
export async function unsealKey(file: string, passphrase: string, keccak: Keccak): Promise<Uint8Array> {
  const { cost, lanes, salt, iv, ciphertext, mac } = read(file);
  const derived = await derive(passphrase, salt, cost, lanes);
  if (!equal(macOf(keccak, derived, ciphertext), mac))
    throw new SeaError('BAD_ARGUMENT', 'the passphrase does not fit');
  return crypt(derived, iv, ciphertext);
}

async function derive(passphrase: string, salt: Uint8Array, cost: number, lanes: number): Promise<Uint8Array> {
  const password = utf8Encode(passphrase.normalize('NFKC'));
  return scryptAsync(password, salt, { N: cost, r: BLOCK, p: lanes, dkLen: DERIVED_BYTES, maxmem: 2 ** 31 });
}

/** AES-128-CTR runs both ways alike. */
async function crypt(derived: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  const { subtle } = (globalThis as unknown as { readonly crypto: { readonly subtle: Cipher } }).crypto;
  const key = await subtle.importKey('raw', derived.slice(0, 16), 'AES-CTR', false, ['encrypt']);
  return new Uint8Array(await subtle.encrypt({ name: 'AES-CTR', counter: iv, length: 128 }, key, bytes));
}

function macOf(keccak: Keccak, derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak(concat(derived.subarray(16, 32), ciphertext));
}

/** The figures and bytes of a file, whose members are of either case in old ones. */
function read(file: string): Sealed {
  try {
    if (file.length > FILE_LENGTH_MAX) throw new Error('too long');
    const { version, crypto } = JSON.parse(file.toLowerCase());
    const { n, r, p, dklen, salt } = crypto.kdfparams;
    const usual = version === 3 && crypto.cipher === 'aes-128-ctr' && crypto.kdf === 'scrypt' && r === BLOCK;
    if (!usual || dklen !== DERIVED_BYTES || !isCost(n) || !Number.isInteger(p) || p < 1 || p > LANES_MAX)
      throw new Error('of another kind');
    const sealed = {
      cost: n,
      lanes: p,
      salt: fromHex(salt),
      iv: fromHex(crypto.cipherparams.iv),
      ciphertext: fromHex(crypto.ciphertext),
      mac: fromHex(crypto.mac),
    };
    if (sealed.iv.length !== 16 || sealed.ciphertext.length !== KEY_BYTES) throw new Error('of other lengths');
    return sealed;
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', 'not a key file (Web3 Secret Storage, version 3, scrypt)', { cause });
  }
}

function isCost(n: unknown): n is number {
  return typeof n === 'number' && Number.isInteger(n) && n > 1 && n <= COST_MAX && (n & (n - 1)) === 0;
}

/** Random bytes in the form of a UUID of version 4. */
function uuid(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return toHex(bytes).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
