/** What every implementation of key agreement must do, where the platform has it. */

import { concat, equal, utf8Encode } from '../../base/bytes.ts';
import { type Crypto, type KeyAgreement, NONCE_BYTES, SEAL_BYTES, type SealingPair } from '../crypto.ts';
import { type AcceptanceCase, expectCode, expectSame } from './case.ts';

const SALT = utf8Encode('a salt');
const INFO = utf8Encode('what it is for');
const PLAIN = utf8Encode('a message of some length');

/** `make` gives the crypto of a device. */
export function agreementCases(make: () => Promise<Crypto>): AcceptanceCase[] {
  return [...keyCases(make), ...sealCases(make)];
}

function nonce(count: number): Uint8Array {
  const bytes = new Uint8Array(NONCE_BYTES);
  bytes[NONCE_BYTES - 1] = count;
  return bytes;
}

async function partners(
  crypto: Crypto,
  salts = [SALT, SALT],
  infos = [INFO, INFO],
): Promise<[SealingPair, SealingPair]> {
  const [a, b] = [await crypto.agreement(), await crypto.agreement()];
  return [await a.derive(b.publicKey, salts[0]!, infos[0]!), await b.derive(a.publicKey, salts[1]!, infos[1]!)];
}

function keyCases(make: () => Promise<Crypto>): AcceptanceCase[] {
  const refused = (name: string, key: (own: KeyAgreement) => Uint8Array): AcceptanceCase => ({
    name: `refuses ${name}`,
    async run() {
      const own = await (await make()).agreement();
      await expectCode(own.derive(key(own), SALT, INFO), 'BAD_SIGNATURE', name);
    },
  });
  return [
    {
      name: 'agreements are fresh: 32 bytes, never the same',
      async run() {
        const crypto = await make();
        const [a, b] = [await crypto.agreement(), await crypto.agreement()];
        expectSame([a.publicKey.length, b.publicKey.length], [32, 32], 'lengths');
        expectSame(equal(a.publicKey, b.publicKey), false, 'two public keys are alike');
      },
    },
    refused('a key of 31 bytes', () => new Uint8Array(31).fill(9)),
    refused('a key of 33 bytes', () => new Uint8Array(33).fill(9)),
    refused('the key zero, of small order', () => new Uint8Array(32)),
    refused('the key one, of small order', () => Uint8Array.of(1, ...new Uint8Array(31))),
    refused("one's own key, reflected", own => own.publicKey),
  ];
}

function sealCases(make: () => Promise<Crypto>): AcceptanceCase[] {
  return [
    {
      name: 'what one partner seals the other opens, both ways, an empty message too',
      async run() {
        const [a, b] = await partners(await make());
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const) {
          for (const [count, plain] of [PLAIN, new Uint8Array(0), new Uint8Array(65_000).fill(3)].entries()) {
            const sealed = await from.seal(nonce(count), plain);
            expectSame(sealed.length, plain.length + SEAL_BYTES, 'length of the sealed message');
            expectSame(await to.open(nonce(count), sealed), plain, 'the opened message');
          }
        }
      },
    },
    {
      name: 'a sealed message is opened from a view into larger memory',
      async run() {
        const [a, b] = await partners(await make());
        const sealed = await a.seal(nonce(1), PLAIN);
        const large = concat(new Uint8Array(7), sealed, new Uint8Array(9));
        expectSame(await b.open(nonce(1), large.subarray(7, 7 + sealed.length)), PLAIN, 'the opened message');
      },
    },
    {
      name: 'every changed byte, a missing one, another nonce and an empty message are refused',
      async run() {
        const [a, b] = await partners(await make());
        const sealed = await a.seal(nonce(1), PLAIN);
        for (let i = 0; i < sealed.length; i++) {
          const changed = sealed.slice();
          changed[i]! ^= 0x20;
          await expectCode(b.open(nonce(1), changed), 'BAD_SIGNATURE', `byte ${i} changed`);
        }
        await expectCode(b.open(nonce(1), sealed.subarray(1)), 'BAD_SIGNATURE', 'a byte short');
        await expectCode(b.open(nonce(2), sealed), 'BAD_SIGNATURE', 'another nonce');
        await expectCode(b.open(nonce(1), new Uint8Array(0)), 'BAD_SIGNATURE', 'nothing at all');
      },
    },
    {
      name: "a message reflected to its sender, and a third party's, are refused",
      async run() {
        const crypto = await make();
        const [a, b] = await partners(crypto);
        const [stranger] = await partners(crypto);
        await expectCode(a.open(nonce(1), await a.seal(nonce(1), PLAIN)), 'BAD_SIGNATURE', 'reflected');
        await expectCode(b.open(nonce(1), await stranger.seal(nonce(1), PLAIN)), 'BAD_SIGNATURE', 'by a stranger');
      },
    },
    {
      name: 'salt and info are part of the secret',
      async run() {
        const crypto = await make();
        const other = utf8Encode('another');
        for (const [a, b] of [
          await partners(crypto, [SALT, other]),
          await partners(crypto, [SALT, SALT], [INFO, other]),
        ]) {
          await expectCode(b.open(nonce(1), await a.seal(nonce(1), PLAIN)), 'BAD_SIGNATURE', 'different secrets');
        }
      },
    },
  ];
}
