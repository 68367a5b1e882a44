/** Against ethers. SeaPurse's own messages are held by the golden vectors (contracts/vectors.test.ts). */

import { TypedDataEncoder } from 'ethers';
import { describe, expect, it } from 'vitest';
import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { toHex } from '../base/bytes.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { digestOf } from './typed-data.ts';

const keys = new NoblePayKeys(new MemorySmallStore(), new SeededRandom('typed data'));
const word = new Uint8Array(32).fill(0x5e);

describe('Peersea`s own messages', () => {
  it.each([
    ['Binding', 'node'],
    ['Receipts', 'root'],
  ] as const)('%s is hashed as EIP-712 has it, under the name of Peersea', async (type, name) => {
    const ours = await digestOf(keys, 'Peersea', type, [word]);
    const wanted = TypedDataEncoder.hash(
      { name: 'Peersea', version: '1' },
      { [type]: [{ name, type: 'bytes32' }] },
      { [name]: word },
    );
    expect(`0x${toHex(ours)}`).toBe(wanted);
  });

  it('a binding is no receipt, and neither is a voucher`s deployment', async () => {
    const chain = { id: 1n, contract: new Uint8Array(20) };
    const digests = await Promise.all([
      digestOf(keys, 'Peersea', 'Binding', [word]),
      digestOf(keys, 'Peersea', 'Receipts', [word]),
      digestOf(keys, chain, 'Binding', [word]),
      digestOf(keys, { ...chain, id: 2n }, 'Binding', [word]),
    ]);
    expect(new Set(digests.map(toHex)).size).toBe(4);
  });
});
