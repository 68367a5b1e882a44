import { describe, it } from 'vitest';
import { shardCoderCases } from '../../ports/acceptance/shard-coder.ts';
import { MemoryShardCoder } from './memory-shard-coder.ts';

describe('MemoryShardCoder', () => {
  for (const { name, run } of shardCoderCases(() => new MemoryShardCoder())) it(name, run);
});
