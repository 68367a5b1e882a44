import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiptStoreCases } from '../../ports/acceptance/receipt-store.ts';
import { FileReceiptStore } from './file-receipt-store.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('FileReceiptStore', () => {
  const make = async (keptMin: number) => {
    const path = join(folder, 'receipts');
    return { store: new FileReceiptStore(path, keptMin), reopened: async () => new FileReceiptStore(path, keptMin) };
  };
  for (const { name, run } of receiptStoreCases(make)) it(name, run);

  it.each([
    ['a length and no more', Uint8Array.of(0, 0, 0, 9)],
    ['half an entry', Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 1, 7, 7)],
    ['garbage', new Uint8Array(40).fill(0xff)],
  ])('goes on after a process that died in mid-write: %s', async (_, torn) => {
    const entry = (value: number) => ({ bytes: Uint8Array.of(value), count: 1 });
    await new FileReceiptStore(folder).add('given', entry(1));
    await appendFile(join(folder, 'given-new'), torn);
    const after = new FileReceiptStore(folder);
    expect(await after.newest('given', 10)).toEqual([entry(1)]);
    await after.add('given', entry(2));
    expect(await new FileReceiptStore(folder).newest('given', 10)).toEqual([entry(2), entry(1)]);
  });
});
