import { describe, expect, it } from 'vitest';
import { NobleCrypto, seedKey } from '../adapters/memory/noble-crypto.ts';
import { addressOfKey } from '../address/signed.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { acceptTerms, checkAcceptance, checkTerms, signTerms, type Terms } from './terms.ts';

const crypto = new NobleCrypto(new SeededRandom('terms'));
const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value);
const [owner, node, other] = [seedKey(bytes(1)), seedKey(bytes(2)), seedKey(bytes(3))];
const holder = addressOfKey(node.publicKey);
const terms: Terms = {
  shard: bytes(4),
  length: 5,
  root: bytes(6),
  endsAtMs: 7_000,
  fetchKey: bytes(8),
  deleteKey: owner.publicKey,
  verifyKey: null,
};
/** The same terms with one thing changed, each thing once. */
const changed: readonly Terms[] = [
  { ...terms, shard: bytes(9) },
  { ...terms, length: 6 },
  { ...terms, root: bytes(9) },
  { ...terms, endsAtMs: 7_001 },
  { ...terms, fetchKey: bytes(9) },
  { ...terms, deleteKey: other.publicKey },
  { ...terms, verifyKey: bytes(9) },
];

describe('terms', () => {
  it('signed by the key that deletes are good for one holder, as they are', async () => {
    const signature = await signTerms(owner, holder, terms);
    await checkTerms(crypto, holder, terms, signature);
    const noRight = { code: 'NO_RIGHT' };
    for (const each of changed)
      await expect(checkTerms(crypto, holder, each, signature)).rejects.toMatchObject(noRight);
    const elsewhere = addressOfKey(other.publicKey);
    await expect(checkTerms(crypto, elsewhere, terms, signature)).rejects.toMatchObject(noRight);
    const forged = await signTerms(other, holder, terms);
    await expect(checkTerms(crypto, holder, terms, forged)).rejects.toMatchObject(noRight);
  });

  it('accepted by the holder are its word, and nobody else’s', async () => {
    const acceptance = await acceptTerms(node, terms);
    await checkAcceptance(crypto, holder, terms, acceptance);
    const bad = { code: 'BAD_SIGNATURE' };
    for (const each of changed)
      await expect(checkAcceptance(crypto, holder, each, acceptance)).rejects.toMatchObject(bad);
    const forged = await acceptTerms(other, terms);
    await expect(checkAcceptance(crypto, holder, terms, forged)).rejects.toMatchObject(bad);
    const signature = await other.sign(new Uint8Array(1));
    await expect(checkAcceptance(crypto, holder, terms, { ...acceptance, signature })).rejects.toMatchObject(bad);
    const asOwner = { publicKey: node.publicKey, signature: await signTerms(node, holder, terms) };
    await expect(checkAcceptance(crypto, holder, terms, asOwner)).rejects.toMatchObject(bad);
  });
});
