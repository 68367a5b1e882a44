/** Receipts as lines: what is joined, what is not. */

import { expect, it } from 'vitest';
import type { ReceiptView } from '../../src/credit/credit.ts';
import { groupReceipts } from './credit-groups.ts';

const receipt = (part: number, changes: Partial<ReceiptView> = {}): ReceiptView => ({
  keptMs: 1_000_000 - part * 1_000,
  class: 'paid',
  subtask: `part-${part}`,
  bundle: 'task',
  input: '',
  output: '',
  price: 5n,
  requester: 'ada',
  provider: 'bo',
  payee: '',
  ...changes,
});

it('parts of one job for one peer at one price are a line, also when another peer’s come between', () => {
  const lines = groupReceipts([receipt(0), receipt(1, { requester: 'cy' }), receipt(2), receipt(3)], 'given');
  expect(lines).toMatchObject([
    { key: 'part-0 bo', peer: 'ada', parts: 3, price: 15n, fromMs: 997_000, toMs: 1_000_000 },
    { key: 'part-1 bo', peer: 'cy', parts: 1, price: 5n },
  ]);
});

it('another price, class, task or provider is a line of its own', () => {
  const others = [{ price: 6n }, { class: 'gift' as const, price: 0n }, { bundle: 'other' }, { provider: 'dee' }];
  const receipts = [receipt(0), ...others.map((change, at) => receipt(at + 1, change)), receipt(5)];
  expect(groupReceipts(receipts, 'taken').map(({ parts }) => parts)).toEqual([2, 1, 1, 1, 1]);
});

it('what came ten minutes earlier is a line of its own', () => {
  const at = (keptMs: number): ReceiptView => receipt(keptMs, { keptMs });
  expect(groupReceipts([at(700_000), at(100_000), at(99_999)], 'given').map(({ parts }) => parts)).toEqual([2, 1]);
});
