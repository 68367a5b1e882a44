/** What every implementation of the pay-keys port must do. */

import { equal, fromHex, toHex } from '../../base/bytes.ts';
import type { PayKeys } from '../pay-keys.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

export interface PayKeysSubject {
  readonly payKeys: PayKeys;
  /** Another instance over the same device, as after a restart. */
  reopened(): Promise<PayKeys>;
}

const SECRET = fromHex('5ea0000000000000000000000000000000000000000000000000000000000001');
const ADDRESS = '963c306dd6eafd058f5e29fc94dee1623f7fb0d7';
/** The order of the group: no key, and no r or s. */
const ORDER = fromHex('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141');
const DIGEST = fromHex('3ca510dbe7f71db4f752f51a07c593df8efa9b1c07a41acc2be6ab301294f7ed');
const SIGNATURE = fromHex(
  '0d0b4306b156f078c2b85062b05635f24dc2193b99914323bddba028ed8402c9dec36e474a466d959936e8b85cd628281c4efae30e0eab1edc821c370a1b98bf',
);

/** `make` gives a subject on a fresh device. */
export function payKeysCases(make: () => Promise<PayKeysSubject>): AcceptanceCase[] {
  return [...keyCases(make), ...signatureCases(make)];
}

function keyCases(make: () => Promise<PayKeysSubject>): AcceptanceCase[] {
  return [
    {
      name: 'a kept key is made once: the same for all who ask, and after a restart',
      async run() {
        const { payKeys, reopened } = await make();
        const [one, two] = await Promise.all([payKeys.kept('pay'), payKeys.kept('pay')]);
        const again = await (await reopened()).kept('pay');
        expectSame([two.address, again.address], [one.address, one.address], 'addresses');
        expectSame(again.sign(DIGEST), one.sign(DIGEST), 'signatures');
        expectSame(one.address.length, 20, 'length of an address');
      },
    },
    {
      name: 'keys of different names, and passing ones, differ',
      async run() {
        const { payKeys } = await make();
        const keys = [await payKeys.kept('pay'), await payKeys.kept('session:0')];
        keys.push(await payKeys.passing(), await payKeys.passing());
        expectSame(new Set(keys.map(({ address }) => toHex(address))).size, 4, 'different addresses');
      },
    },
    {
      name: 'a private key brought along takes the place of what was kept, for good',
      async run() {
        const { payKeys, reopened } = await make();
        await payKeys.kept('pay');
        expectSame(toHex((await payKeys.replace('pay', SECRET)).address), ADDRESS, 'address');
        expectSame(toHex((await payKeys.kept('pay')).address), ADDRESS, 'address asked for again');
        const after = await (await reopened()).kept('pay');
        expectSame([toHex(after.address), after.export()], [ADDRESS, SECRET], 'after a restart');
      },
    },
    {
      name: 'what is no private key is refused and changes nothing',
      async run() {
        const { payKeys } = await make();
        const { address } = await payKeys.kept('pay');
        for (const bad of [new Uint8Array(32), ORDER, SECRET.subarray(1), new Uint8Array(33).fill(1)])
          await expectCode(payKeys.replace('pay', bad), 'BAD_ARGUMENT', `${bad.length} bytes`);
        expectSame((await payKeys.kept('pay')).address, address, 'the key kept');
      },
    },
    {
      name: 'the caller cannot change a key by what it handed in or got',
      async run() {
        const { payKeys } = await make();
        const own = SECRET.slice();
        const key = await payKeys.replace('pay', own);
        own.fill(7);
        key.export().fill(9);
        expectSame(key.sign(DIGEST), SIGNATURE, 'its signature');
      },
    },
  ];
}

function signatureCases(make: () => Promise<PayKeysSubject>): AcceptanceCase[] {
  return [
    {
      name: 'signs and recovers as the golden vectors have it (RFC 6979, EIP-2098)',
      async run() {
        const { payKeys } = await make();
        const key = await payKeys.replace('pay', SECRET);
        expectSame(key.sign(DIGEST), SIGNATURE, 'signature');
        expectSame(toHex((await payKeys.recover(DIGEST, SIGNATURE))!), ADDRESS, 'signer');
      },
    },
    {
      name: 'recovers its own signatures over many digests, with either parity',
      async run() {
        const { payKeys } = await make();
        const key = await payKeys.passing();
        const parities = new Set<number>();
        for (let i = 0; i < 16; i++) {
          const digest = await payKeys.keccak(Uint8Array.of(i));
          const signature = key.sign(digest);
          parities.add(signature[32]! >> 7);
          expectSame(await payKeys.recover(digest, signature), key.address, `digest ${i}`);
          const other = await payKeys.recover(await payKeys.keccak(Uint8Array.of(i, i)), signature);
          if (other !== undefined && equal(other, key.address))
            throw new Error('a signature passed for another digest');
        }
        expectSame(parities.size, 2, 'parities seen');
      },
    },
    {
      name: 'what is no signature is that of nobody: lengths, zeros, out of range, high s',
      async run() {
        const { payKeys } = await make();
        const high = SIGNATURE.slice();
        high.set(difference(ORDER, lowS(SIGNATURE)), 32); // n - s: its parity bit is part of it, so it reads as out of the lower half
        const tooLargeR = SIGNATURE.slice();
        tooLargeR.set(ORDER);
        const bad = [
          new Uint8Array(0),
          new Uint8Array(64),
          SIGNATURE.subarray(1),
          tooLargeR,
          withS(SIGNATURE, new Uint8Array(32)),
        ];
        const highest = new Uint8Array(32).fill(0xff);
        highest[0] = 0x7f; // the largest that leaves the parity bit free: above half the order
        for (const signature of [...bad, withS(SIGNATURE, highest)])
          expectSame(await payKeys.recover(DIGEST, signature), undefined, `${signature.length} bytes`);
        const signer = await payKeys.recover(DIGEST, high);
        if (signer !== undefined && toHex(signer) === ADDRESS) throw new Error('a signature has two forms');
        expectSame(await payKeys.recover(DIGEST.subarray(1), SIGNATURE), undefined, 'a short digest');
      },
    },
    {
      name: 'Keccak-256 is that of the chains, not SHA-3',
      async run() {
        const { payKeys } = await make();
        const empty = 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
        expectSame(toHex(await payKeys.keccak(new Uint8Array(0))), empty, 'hash of nothing');
      },
    },
  ];
}

function lowS(signature: Uint8Array): Uint8Array {
  const s = signature.slice(32);
  s[0]! &= 0x7f;
  return s;
}

function withS(signature: Uint8Array, s: Uint8Array): Uint8Array {
  const other = signature.slice();
  other.set(s, 32);
  return other;
}

/** a - b of two numbers of 32 bytes, a the larger. */
function difference(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(32);
  for (let i = 31, borrow = 0; i >= 0; i--) {
    const value = a[i]! - b[i]! - borrow;
    borrow = value < 0 ? 1 : 0;
    out[i] = value & 0xff;
  }
  return out;
}
