import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { shardStoreCases } from '../../ports/acceptance/shard-store.ts';
import { FileShardStore } from './file-shard-store.ts';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'peersea-shards-'));
  folders.push(folder);
  return join(folder, 'shards');
}

describe('FileShardStore', () => {
  const cases = shardStoreCases(async () => {
    const folder = await freshFolder();
    return { store: new FileShardStore(folder), reopened: async () => new FileShardStore(folder) };
  });
  for (const { name, run } of cases) it(name, run);

  it('clears away what a process that died left half written, and touches no other file', async () => {
    const folder = await freshFolder();
    const store = new FileShardStore(folder);
    await store.put('ab'.repeat(32), Uint8Array.of(1), Uint8Array.of(2));
    await writeFile(join(folder, 'cd'.repeat(32)), 'bytes without a record');
    await writeFile(join(folder, `${'ef'.repeat(32)}.record`), 'a record without bytes');
    await writeFile(join(folder, `${'01'.repeat(32)}.x.part`), 'unfinished');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    expect((await new FileShardStore(folder).list()).map(({ id }) => id)).toEqual(['ab'.repeat(32)]);
    expect((await readdir(folder)).sort()).toEqual(['ab'.repeat(32), `${'ab'.repeat(32)}.record`, 'notes.txt']);
  });
});
