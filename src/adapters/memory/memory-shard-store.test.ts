import { describe, it } from 'vitest';
import { shardStoreCases } from '../../ports/acceptance/shard-store.ts';
import { MemoryShardStore } from './memory-shard-store.ts';

describe('MemoryShardStore', () => {
  const cases = shardStoreCases(async () => {
    const store = new MemoryShardStore();
    return { store, reopened: async () => store };
  });
  for (const { name, run } of cases) it(name, run);
});
