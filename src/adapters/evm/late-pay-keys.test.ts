/** Pay keys that come later pass the suite of their port, and are asked for again after a failure. */

import { describe, expect, it } from 'vitest';
import { payKeysCases } from '../../ports/acceptance/pay-keys.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { MemorySmallStore } from '../memory/memory-small-store.ts';
import { latePayKeys } from './late-pay-keys.ts';
import { NoblePayKeys } from './noble-pay-keys.ts';

const random = new SeededRandom('late pay keys');

describe('latePayKeys', () => {
  const make = async () => {
    const store = new MemorySmallStore();
    const reopened = async () => latePayKeys(async () => new NoblePayKeys(store, random));
    return { payKeys: await reopened(), reopened };
  };
  for (const { name, run } of payKeysCases(make)) it(name, run);

  it('are fetched with the first use, once, and again when that failed', async () => {
    let asked = 0;
    const payKeys = latePayKeys(async () => {
      if (++asked === 1) throw new TypeError('Failed to fetch dynamically imported module');
      return new NoblePayKeys(new MemorySmallStore(), random);
    });
    expect(asked).toBe(0);
    await expect(payKeys.kept('pay')).rejects.toMatchObject({ code: 'HOST_FAILURE' });
    const key = await payKeys.kept('pay');
    const digest = new Uint8Array(32).fill(1);
    expect([await payKeys.recover(digest, key.sign(digest)), asked]).toEqual([key.address, 2]);
  });
});
