import { describe, it } from 'vitest';
import { receiptStoreCases } from '../../ports/acceptance/receipt-store.ts';
import { MemoryReceiptStore } from './memory-receipt-store.ts';

describe('MemoryReceiptStore', () => {
  const make = async (keptMin: number) => {
    const store = new MemoryReceiptStore(keptMin);
    return { store, reopened: async () => store };
  };
  for (const { name, run } of receiptStoreCases(make)) it(name, run);
});
