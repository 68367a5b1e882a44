import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NoblePayKeys } from '../adapters/evm/noble-pay-keys.ts';
import { MemoryReceiptStore } from '../adapters/memory/memory-receipt-store.ts';
import { MemorySmallStore } from '../adapters/memory/memory-small-store.ts';
import { toHex } from '../base/bytes.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { silentLog } from '../ports/log.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { type ReceiptPart, receiptBytes, receiptsDigest, receiptsRoot } from './receipt.ts';
import { ReceiptBook } from './receipt-book.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const parties = { requester: bytes(32, 0xaa), provider: bytes(32, 0xbb), payee: bytes(20, 0xcc) };
const part: ReceiptPart = {
  paid: true,
  subtask: bytes(16, 1),
  bundle: bytes(32, 2),
  inputHash: bytes(32, 3),
  outputHash: bytes(32, 4),
  price: 0x0102n,
};
const sha = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const leaf = (receipt: Uint8Array): Buffer => sha(Uint8Array.of(0), receipt);
const node = (left: Uint8Array, right: Uint8Array): Buffer => sha(Uint8Array.of(1), left, right);
const root = (count: number, top: Uint8Array): Buffer => sha(Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, count), top);

describe('a receipt', () => {
  it('has every field at its place', () => {
    const wanted = [
      '010101',
      '01'.repeat(16),
      '02'.repeat(32),
      '03'.repeat(32),
      '04'.repeat(32),
      '00'.repeat(8),
      `${'00'.repeat(10)}0102`,
      'aa'.repeat(32),
      'bb'.repeat(32),
      'cc'.repeat(20),
    ];
    expect(toHex(receiptBytes(part, parties))).toBe(wanted.join(''));
    expect(receiptBytes(part, parties).length).toBe(219);
    expect(receiptBytes({ ...part, paid: false }, parties)[1]).toBe(0);
  });
});

describe('the root of receipts', () => {
  const [a, b, c, d, e] = [1, 2, 3, 4, 5].map(value => bytes(219, value)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];

  it('is the Merkle root with prefixes, the count, and an odd node promoted', () => {
    expect(receiptsRoot([a])).toEqual(new Uint8Array(root(1, leaf(a))));
    expect(receiptsRoot([a, b])).toEqual(new Uint8Array(root(2, node(leaf(a), leaf(b)))));
    expect(receiptsRoot([a, b, c])).toEqual(new Uint8Array(root(3, node(node(leaf(a), leaf(b)), leaf(c)))));
    const four = node(node(leaf(a), leaf(b)), node(leaf(c), leaf(d)));
    expect(receiptsRoot([a, b, c, d, e])).toEqual(new Uint8Array(root(5, node(four, leaf(e)))));
  });

  it('tells order and number apart', () => {
    const roots = [[a, b], [b, a], [a], [a, a], [a, b, b]].map(list => toHex(receiptsRoot(list)));
    expect(new Set(roots).size).toBe(5);
  });
});

describe('kept receipts', () => {
  const keys = new NoblePayKeys(new MemorySmallStore(), new SeededRandom('receipts'));

  async function keep(store: MemoryReceiptStore, count: number) {
    const payKey = await keys.passing();
    const book = new ReceiptBook(store, new ManualClock(), silentLog);
    const parts = Array.from({ length: count }, (_, i) => ({ ...part, subtask: bytes(16, i), paid: i % 2 === 0 }));
    const signed = { ...parties, payee: payKey.address };
    const signature = payKey.sign(await receiptsDigest(keys, parts, signed));
    book.keep('given', { parties: signed, parts, signature });
    return { book, payKey };
  }

  it('come back newest first, and no more than asked for', async () => {
    const store = new MemoryReceiptStore();
    const { book, payKey } = await keep(store, 3);
    const views = await book.newest('given', 2);
    expect(views.map(({ subtask }) => subtask.slice(0, 2))).toEqual(['02', '01']);
    expect(views[0]).toMatchObject({
      class: 'paid',
      input: '03'.repeat(32),
      output: '04'.repeat(32),
      price: 0x0102n,
      requester: 'aa'.repeat(32),
      provider: 'bb'.repeat(32),
      payee: `0x${toHex(payKey.address)}`,
    });
    expect(views[1]!.class).toBe('gift');
    expect(await book.newest('taken', 10)).toEqual([]);
  });

  it('of the largest batch fit into an entry; what cannot be read is left out', async () => {
    const store = new MemoryReceiptStore();
    const { book } = await keep(store, 64);
    await store.add('given', { bytes: bytes(10, 1), count: 1 });
    expect((await book.newest('given', 1_000)).length).toBe(64);
  });
});
