import { describe, expect, it } from 'vitest';
import { NobleCrypto } from '../adapters/memory/noble-crypto.ts';
import { HashAddress } from '../address/hash-address.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { checkRight, showRight } from './right.ts';

const crypto = new NobleCrypto(new SeededRandom('rights'));
const shard = new Uint8Array(32).fill(1);
const challenge = new Uint8Array(24).fill(2);
const [holder, other] = [1, 2].map(i => HashAddress.hash(Uint8Array.of(i))) as [HashAddress, HashAddress];

describe('a right that was shown', () => {
  it('fits what it was shown for, and nothing else', async () => {
    const shown = await showRight('fetch', await crypto.passingKey(), shard, holder, challenge);
    await checkRight(crypto, 'fetch', shard, holder, shown);
    const noRight = { code: 'NO_RIGHT' };
    await expect(checkRight(crypto, 'delete', shard, holder, shown)).rejects.toMatchObject(noRight);
    await expect(checkRight(crypto, 'fetch', shard, other, shown)).rejects.toMatchObject(noRight);
    await expect(
      checkRight(
        crypto,
        'fetch',
        shard.map(byte => byte + 1),
        holder,
        shown,
      ),
    ).rejects.toMatchObject(noRight);
    const later = { ...shown, challenge: challenge.map(byte => byte + 1) };
    await expect(checkRight(crypto, 'fetch', shard, holder, later)).rejects.toMatchObject(noRight);
    const { publicKey } = await crypto.passingKey();
    await expect(checkRight(crypto, 'fetch', shard, holder, { ...shown, publicKey })).rejects.toMatchObject(noRight);
  });
});
