/** What every implementation of the crypto port must do. */

import { concat, fromHex, toHex, utf8Encode } from '../../base/bytes.ts';
import type { Crypto, SigningKey } from '../crypto.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';
import { ed25519Vectors, smallOrderKeys, smallOrderSignature } from './ed25519-vectors.ts';

export interface CryptoSubject {
  readonly crypto: Crypto;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<Crypto>;
}

const MESSAGE = utf8Encode('a message of some length');

/** 2^252 + 27742317777372353535851937790883648493, little-endian. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** `make` gives a subject on a fresh device. */
export function cryptoCases(make: () => Promise<CryptoSubject>): AcceptanceCase[] {
  return [...keyCases(make), ...verifyCases(make), ...vectorCases(make), hashCase(make)];
}

function keyCases(make: () => Promise<CryptoSubject>): AcceptanceCase[] {
  return [
    {
      name: 'a passing key signs, and its signature verifies',
      async run() {
        const { crypto } = await make();
        const key = await crypto.passingKey();
        const signature = await key.sign(MESSAGE);
        expectSame([key.publicKey.length, signature.length], [32, 64], 'lengths of public key and signature');
        expectSame(await crypto.verify(key.publicKey, MESSAGE, signature), true, 'the signature verifies');
      },
    },
    {
      name: 'a seed gives the key of RFC 8032 §7.1 test 1, which signs; one of another length is refused',
      async run() {
        const { crypto } = await make();
        const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
        const key = await crypto.seedKey(seed);
        expectSame(
          toHex(key.publicKey),
          'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
          'public key',
        );
        expectSame(await crypto.verify(key.publicKey, MESSAGE, await key.sign(MESSAGE)), true, 'its signature');
        await expectCode(crypto.seedKey(seed.subarray(1)), 'BAD_ARGUMENT', 'a short seed');
      },
    },
    {
      name: 'passing keys differ from one another and from a kept one',
      async run() {
        const { crypto } = await make();
        const keys = [await crypto.passingKey(), await crypto.passingKey(), await crypto.keptKey('node')];
        expectSame(new Set(keys.map(key => toHex(key.publicKey))).size, 3, 'three different public keys');
      },
    },
    {
      name: 'a kept key is the same when asked for again and after a restart, and still signs',
      async run() {
        const { crypto, reopened } = await make();
        const first = await crypto.keptKey('node');
        const second = await crypto.keptKey('node');
        const third = await (await reopened()).keptKey('node');
        expectSame(second.publicKey, first.publicKey, 'the key asked for again');
        expectSame(third.publicKey, first.publicKey, 'the key after a restart');
        const signature = await third.sign(MESSAGE);
        expectSame(await crypto.verify(first.publicKey, MESSAGE, signature), true, 'its signature verifies');
      },
    },
    {
      name: 'kept keys of different names differ',
      async run() {
        const { crypto } = await make();
        const [a, b] = [await crypto.keptKey('node'), await crypto.keptKey('Node')];
        expectSame(toHex(a.publicKey) === toHex(b.publicKey), false, 'same key under two names');
      },
    },
    {
      name: 'many first uses at once make one key',
      async run() {
        const { crypto, reopened } = await make();
        const other = await reopened();
        const keys = await Promise.all([1, 2, 3, 4].map(i => (i % 2 === 0 ? crypto : other).keptKey('node')));
        expectSame(new Set(keys.map(key => toHex(key.publicKey))).size, 1, 'number of keys made');
      },
    },
  ];
}

function verifyCases(make: () => Promise<CryptoSubject>): AcceptanceCase[] {
  const signed = async (): Promise<{ crypto: Crypto; key: SigningKey; signature: Uint8Array }> => {
    const { crypto } = await make();
    const key = await crypto.passingKey();
    return { crypto, key, signature: await key.sign(MESSAGE) };
  };
  return [
    {
      name: 'signs and verifies messages of every size, the empty one and a long one',
      async run() {
        const { crypto, key } = await signed();
        for (const length of [0, 1, 63, 64, 65, 70_000]) {
          const message = new Uint8Array(length).fill(length & 0xff);
          const signature = await key.sign(message);
          expectSame(await crypto.verify(key.publicKey, message, signature), true, `${length} bytes`);
        }
      },
    },
    {
      name: 'a changed bit of message, key or signature does not verify',
      async run() {
        const { crypto, key, signature } = await signed();
        for (const index of [0, 31, 32, 63]) {
          expectSame(
            await crypto.verify(key.publicKey, MESSAGE, flipped(signature, index)),
            false,
            `signature byte ${index}`,
          );
        }
        expectSame(await crypto.verify(key.publicKey, flipped(MESSAGE, 3), signature), false, 'message');
        expectSame(await crypto.verify(flipped(key.publicKey, 5), MESSAGE, signature), false, 'public key');
        expectSame(
          await crypto.verify((await crypto.passingKey()).publicKey, MESSAGE, signature),
          false,
          "another's key",
        );
      },
    },
    {
      name: 'wrong lengths are false, not an error',
      async run() {
        const { crypto, key, signature } = await signed();
        for (const length of [0, 31, 33, 64]) {
          const publicKey = concat(key.publicKey, key.publicKey).subarray(0, length);
          expectSame(await crypto.verify(publicKey, MESSAGE, signature), false, `a key of ${length} bytes`);
        }
        for (const length of [0, 32, 63, 65]) {
          const wrong = concat(signature, signature).subarray(0, length);
          expectSame(await crypto.verify(key.publicKey, MESSAGE, wrong), false, `a signature of ${length} bytes`);
        }
      },
    },
    {
      name: 'views into larger memory count by their own bytes',
      async run() {
        const { crypto, key } = await signed();
        const large = new Uint8Array(96).fill(0xaa);
        large.set(MESSAGE, 40);
        const view = large.subarray(40, 40 + MESSAGE.length);
        expectSame(await crypto.verify(key.publicKey, MESSAGE, await key.sign(view)), true, 'signed from a view');
      },
    },
    {
      name: 'S + L in place of S does not verify: a signature has one form',
      async run() {
        const { crypto, key, signature } = await signed();
        const other = concat(signature.subarray(0, 32), sum(signature.subarray(32), ORDER));
        expectSame(await crypto.verify(key.publicKey, MESSAGE, other), false, 'the second form');
      },
    },
  ];
}

function vectorCases(make: () => Promise<CryptoSubject>): AcceptanceCase[] {
  const vectors = ed25519Vectors.map(({ name, publicKey, message, signature, valid }) => ({
    name: `${valid ? 'accepts' : 'refuses'} ${name}`,
    async run(): Promise<void> {
      const { crypto } = await make();
      const verdict = await crypto.verify(fromHex(publicKey), fromHex(message), fromHex(signature));
      expectSame(verdict, valid, 'verdict');
    },
  }));
  const smallOrder: AcceptanceCase = {
    name: 'refuses every public key of small order',
    async run() {
      const { crypto } = await make();
      for (const key of smallOrderKeys) {
        for (let i = 0; i < 12; i++) {
          const verdict = await crypto.verify(fromHex(key), Uint8Array.of(i), fromHex(smallOrderSignature));
          expectSame(verdict, false, `key ${key}, message ${i}`);
        }
      }
    },
  };
  return [...vectors, smallOrder];
}

function hashCase(make: () => Promise<CryptoSubject>): AcceptanceCase {
  return {
    name: 'hashes by SHA-256 (FIPS 180-4), also a view, as the bytes are when it is asked',
    async run() {
      const { crypto } = await make();
      const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
      expectSame(toHex(await crypto.hash(new Uint8Array(0))), empty, 'hash of nothing');
      const large = utf8Encode('xxabcxx');
      const hashing = crypto.hash(large.subarray(2, 5));
      large.fill(0);
      const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
      expectSame(toHex(await hashing), abc, 'hash of "abc"');
    },
  };
}

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  const copy = bytes.slice();
  copy[index]! ^= 0x04;
  return copy;
}

/** Little-endian numbers of equal length. */
function sum(a: Uint8Array, b: Uint8Array): Uint8Array {
  let carry = 0;
  return a.map((byte, i) => {
    const digit = byte + b[i]! + carry;
    carry = digit >> 8;
    return digit & 0xff;
  });
}
