/** Folders that are made, and those that cannot be. */

import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder, stored } from './data-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-folder-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is made with those above it, for the user alone; by several at once, and again', async () => {
  const path = join(folder, 'a', 'b', 'c');
  await Promise.all([1, 2, 3, 4].map(() => makeFolder(path)));
  await makeFolder(path);
  expect((await stat(path)).isDirectory()).toBe(true);
  if (process.platform !== 'win32') expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
});

it('is refused where a file is in the way', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const path of [join(folder, 'file'), join(folder, 'file', 'a')])
    await expect(stored(makeFolder(path))).rejects.toMatchObject({
      code: 'NO_STORAGE',
      message: `NO_STORAGE: ${path} is a file where a folder is needed`,
    });
});

// There a folder neither is nor can be: Node's own recursive mkdir asks for ever.
it.runIf(process.platform === 'linux')('is refused where the file system takes none', async () => {
  for (const path of ['/proc/peersea', '/proc/peersea/a/b'])
    await expect(stored(makeFolder(path))).rejects.toMatchObject({
      code: 'NO_STORAGE',
      message: 'NO_STORAGE: /proc/peersea is not there and cannot be made',
    });
});
