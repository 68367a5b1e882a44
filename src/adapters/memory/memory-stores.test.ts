/** The memory adapters pass the acceptance suites of their ports. */

import { describe, expect, it } from 'vitest';
import { agreementCases } from '../../ports/acceptance/agreement.ts';
import { blockStoreCases } from '../../ports/acceptance/block-store.ts';
import type { AcceptanceCase } from '../../ports/acceptance/case.ts';
import { cryptoCases } from '../../ports/acceptance/crypto.ts';
import { deviceLockCases } from '../../ports/acceptance/device-lock.ts';
import { smallStoreCases } from '../../ports/acceptance/small-store.ts';
import { MemoryBlockStore } from './memory-block-store.ts';
import { MemoryDeviceLock } from './memory-device-lock.ts';
import { MemorySmallStore } from './memory-small-store.ts';
import { NobleCrypto, seedKey } from './noble-crypto.ts';

function suite(name: string, cases: readonly AcceptanceCase[]): void {
  describe(name, () => {
    for (const { name: claim, run } of cases) it(claim, run);
  });
}

let counter = 0;
const countingRandom = {
  bytes: (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).map((_, i) => (counter++ * 31 + i) & 0xff),
};

suite(
  'NobleCrypto',
  cryptoCases(async () => {
    const kept = new Map();
    return {
      crypto: new NobleCrypto(countingRandom, kept),
      reopened: async () => new NobleCrypto(countingRandom, kept),
    };
  }),
);

suite(
  'PlainAgreement',
  agreementCases(async () => new NobleCrypto(countingRandom)),
);

suite(
  'MemorySmallStore',
  smallStoreCases(async () => {
    const store = new MemorySmallStore();
    return { store, reopened: async () => store };
  }),
);

suite(
  'MemoryBlockStore',
  blockStoreCases(async ({ bytesMax }) => {
    const store = new MemoryBlockStore(bytesMax);
    return { store, reopened: async () => store };
  }),
);

suite(
  'MemoryDeviceLock',
  deviceLockCases(async () => {
    const held = new Set<string>();
    return { here: new MemoryDeviceLock(held), there: new MemoryDeviceLock(held) };
  }),
);

describe('NobleCrypto beyond the port', () => {
  it('makes the RFC 8032 signature of test 2 from its seed', async () => {
    const key = seedKey(
      Uint8Array.from(Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex')),
    );
    expect(Buffer.from(key.publicKey).toString('hex')).toBe(
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    );
    expect(Buffer.from(await key.sign(Uint8Array.of(0x72))).toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
  });

  it('settles within one turn of the microtask queue, so that a simulated run can be replayed', async () => {
    const order: string[] = [];
    const crypto = new NobleCrypto(countingRandom);
    const key = await crypto.passingKey();
    const signing = key.sign(Uint8Array.of(1)).then(() => order.push('signed'));
    const turn = Promise.resolve().then(() => order.push('next turn'));
    await Promise.all([signing, turn]);
    expect(order).toEqual(['signed', 'next turn']);
  });
});
