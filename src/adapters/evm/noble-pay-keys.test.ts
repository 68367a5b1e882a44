/** The pay keys pass the suite of their port; key files are those of wallets. */

import { encryptKeystoreJsonSync, Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { payKeysCases } from '../../ports/acceptance/pay-keys.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { MemorySmallStore } from '../memory/memory-small-store.ts';
import { NoblePayKeys } from './noble-pay-keys.ts';

const random = new SeededRandom('pay keys');
const bad = expect.objectContaining({ code: 'BAD_ARGUMENT' });

describe('NoblePayKeys', () => {
  const make = async () => {
    const store = new MemorySmallStore();
    return { payKeys: new NoblePayKeys(store, random), reopened: async () => new NoblePayKeys(store, random) };
  };
  for (const { name, run } of payKeysCases(make)) it(name, run);

  it('two processes that make a key at once end with one key', async () => {
    const store = new MemorySmallStore();
    const [here, there] = [new NoblePayKeys(store, random), new NoblePayKeys(store, random)];
    await Promise.all([here.kept('pay'), there.kept('pay')]);
    const kept = await new NoblePayKeys(store, random).kept('pay');
    expect(toHex(kept.export())).toBe(toHex((await store.get('pay:pay'))!));
  });

  it('says so when what is kept is no key', async () => {
    const store = new MemorySmallStore();
    await store.set('pay:pay', new Uint8Array(32));
    await expect(new NoblePayKeys(store, random).kept('pay')).rejects.toMatchObject({ code: 'NO_STORAGE' });
  });
});

describe('key files', () => {
  const payKeys = new NoblePayKeys(new MemorySmallStore(), random);

  it('are read by wallets, and read back with the same passphrase only', async () => {
    const key = await payKeys.passing();
    const file = await payKeys.seal(key, 'pass ﬁne'); // a ligature: normalised as wallets do
    expect((await Wallet.fromEncryptedJson(file, 'pass fine')).privateKey).toBe(`0x${toHex(key.export())}`);
    expect(await payKeys.unseal(file, 'pass fine')).toEqual(key.export());
    await expect(payKeys.unseal(file, 'another')).rejects.toEqual(bad);
  }, 30_000);

  it('of wallets are read', async () => {
    const { address, privateKey } = new Wallet(`0x${'5e'.repeat(32)}`);
    const file = encryptKeystoreJsonSync({ address, privateKey }, 'salty', { scrypt: { N: 1024 } });
    expect(toHex(await payKeys.unseal(file, 'salty'))).toBe('5e'.repeat(32));
  }, 30_000);

  it('of another kind, or damaged, are refused', async () => {
    const { address, privateKey } = new Wallet(`0x${'5e'.repeat(32)}`);
    const file = encryptKeystoreJsonSync({ address, privateKey }, 'salty', { scrypt: { N: 1024 } });
    const sealed = JSON.parse(file);
    const damaged = [
      '',
      'null',
      '{}',
      '[]',
      JSON.stringify({ ...sealed, version: 1 }),
      file.replace('aes-128-ctr', 'aes-128-cbc'),
      file.replace('scrypt', 'pbkdf2'),
      file.replace('1024', '1025'),
      file.replace('1024', '1099511627776'),
      ' '.repeat(5_000) + file,
    ];
    for (const text of damaged) await expect(payKeys.unseal(text, 'salty')).rejects.toEqual(bad);
  }, 30_000);
});
