/** Quotes signed by a provider that lies: what its own signature does not make true. */

import { describe, expect, it } from 'vitest';
import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { NobleCrypto } from '../adapters/memory/noble-crypto.ts';
import { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor } from '../address/signed.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { bindingDigest, checkQuote, NO_PRICES, type Quote, signQuote } from './quote.ts';

const random = new SeededRandom('quotes');
const crypto = new NobleCrypto(random);
const keys = new NoblePayKeys(new MemorySmallStore(), random);
const requester = HashAddress.hash(Uint8Array.of(1));
const terms: Omit<Quote, 'payee'> = {
  chain: { id: 1n, contract: new Uint8Array(20) },
  prices: { ...NO_PRICES, part: 5n },
  egressKiBMax: 256,
  line: 20n,
  verdictMs: 60_000,
  issuedMs: 1,
  validMs: 600_000,
  held: null,
};

async function provider() {
  const key = await crypto.passingKey();
  const payKey = await keys.passing();
  const address = addressOfKey(key.publicKey);
  const bond = {
    nodeKey: key.publicKey,
    payee: payKey.address,
    keySignature: await signFor('pay-key', key, payKey.address),
    binding: payKey.sign(await bindingDigest(keys, address)),
  };
  return { key, payKey, address, bond };
}

const bad = expect.objectContaining({ code: 'BAD_QUOTE' });

describe('a quote', () => {
  it('holds for whom it was signed by whose keys stand for each other', async () => {
    const { key, bond, address } = await provider();
    const quote = await signQuote(key, bond, terms, requester);
    await checkQuote(crypto, keys, quote, address, requester);
    await expect(checkQuote(crypto, keys, quote, address, address)).rejects.toEqual(bad);
    await expect(checkQuote(crypto, keys, quote, requester, requester)).rejects.toEqual(bad);
  });

  it('cannot name another node`s pay key, nor be of a node that the pay key did not sign', async () => {
    const [one, other] = [await provider(), await provider()];
    const check = async (bond: typeof one.bond): Promise<void> =>
      checkQuote(crypto, keys, await signQuote(one.key, bond, terms, requester), one.address, requester);
    const { payee, binding, keySignature } = other.bond;
    const ofOther = await signFor('pay-key', one.key, payee);
    await expect(check({ ...one.bond, payee })).rejects.toEqual(bad);
    await expect(check({ ...one.bond, payee, keySignature: ofOther, binding })).rejects.toEqual(bad);
    await expect(check({ ...one.bond, keySignature })).rejects.toEqual(bad);
    await expect(check({ ...one.bond, keySignature: await signFor('quote', one.key, payee) })).rejects.toEqual(bad);
    await expect(check({ ...one.bond, binding: new Uint8Array(64) })).rejects.toEqual(bad);
  });

  it('cannot ask what is not metered, money of no chain, or for longer than is believed', async () => {
    const { key, bond, address } = await provider();
    const changes: Partial<Quote>[] = [
      { prices: { ...terms.prices, fuel: 1n } },
      { prices: { ...terms.prices, memoryTime: 1n } },
      { prices: { ...terms.prices, storageTime: 1n } },
      { prices: { ...terms.prices, write: 1n } },
      { chain: null },
      { line: 4n },
      { egressKiBMax: 257 },
      { validMs: 86_400_001 },
    ];
    for (const change of changes) {
      const quote = await signQuote(key, bond, { ...terms, ...change }, requester);
      await expect(checkQuote(crypto, keys, quote, address, requester)).rejects.toEqual(bad);
    }
    const free = await signQuote(key, bond, { ...terms, chain: null, prices: NO_PRICES, line: 0n }, requester);
    await checkQuote(crypto, keys, free, address, requester);
  });
});
