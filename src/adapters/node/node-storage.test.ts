/** What the files of keys and stores look like, and what becomes of a folder that refuses or a process that died. */

import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileNameOf } from './data-folder.ts';
import { FileBlockStore } from './file-block-store.ts';
import { FileLock } from './file-lock.ts';
import { FileSmallStore } from './file-small-store.ts';
import { NodeClock } from './node-clock.ts';
import { NodeCrypto } from './node-crypto.ts';

const clock = new NodeClock();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peersea-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('NodeCrypto', () => {
  it('keeps a key in one PKCS#8 PEM file that only its user can read', async () => {
    await new NodeCrypto(join(folder, 'keys')).keptKey('node');
    expect(await readdir(join(folder, 'keys'))).toEqual(['key-node.pem']);
    const path = join(folder, 'keys', 'key-node.pem');
    expect(await readFile(path, 'utf8')).toMatch(
      /^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/=]{64}\n-----END PRIVATE KEY-----\n$/,
    );
    if (process.platform !== 'win32') expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
  });

  it('reads a key that was made elsewhere: the seed of RFC 8032 test 1', async () => {
    const body = Buffer.from(
      '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    await writeFile(
      join(folder, 'key-node.pem'),
      `-----BEGIN PRIVATE KEY-----\n${body.toString('base64')}\n-----END PRIVATE KEY-----\n`,
    );
    const key = await new NodeCrypto(folder).keptKey('node');
    expect(Buffer.from(key.publicKey).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });

  it.each(['', 'no key at all', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', '\u0000\ufffd'])(
    'a file that is no key is NO_STORAGE, and is left as it is: %j',
    async text => {
      await writeFile(join(folder, 'key-node.pem'), text);
      await expect(new NodeCrypto(folder).keptKey('node')).rejects.toMatchObject({ code: 'NO_STORAGE' });
      expect(await readFile(join(folder, 'key-node.pem'), 'utf8')).toBe(text);
    },
  );
});

describe('a data folder that is a file', () => {
  it('is NO_STORAGE for all, with the path in the text', async () => {
    const path = join(folder, 'data');
    await writeFile(path, 'in the way');
    const inside = join(path, 'more');
    for (const work of [
      () => new NodeCrypto(path).keptKey('node'),
      () => new FileSmallStore(path).set('a', Uint8Array.of(1)),
      () => new FileBlockStore(path, clock).put('ab'.repeat(32), Uint8Array.of(1)),
      () => new FileLock(path, clock).acquire('node'),
      () => new FileSmallStore(inside).set('a', Uint8Array.of(1)),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'NO_STORAGE', message: expect.stringContaining(path) });
    }
    expect(await readFile(path, 'utf8')).toBe('in the way');
  });
});

describe('FileSmallStore', () => {
  it('leaves no unfinished file behind, not even when a write is refused', async () => {
    const store = new FileSmallStore(folder);
    await Promise.all([1, 2, 3].map(i => store.set('peers', Uint8Array.of(i))));
    await mkdir(join(folder, 'value-taken', 'x'), { recursive: true }); // a folder cannot be replaced by a file
    await expect(store.set('taken', Uint8Array.of(1))).rejects.toMatchObject({ code: 'NO_STORAGE' });
    expect((await readdir(folder)).sort()).toEqual(['value-peers', 'value-taken']);
  });
});

describe('FileBlockStore', () => {
  it('clears away what a process that died was writing, and minds no other files', async () => {
    const hash = 'ab'.repeat(32);
    await writeFile(join(folder, `${hash}.1234.part`), 'half');
    await writeFile(join(folder, 'README'), 'mine');
    await mkdir(join(folder, 'cd'.repeat(32)));
    const store = new FileBlockStore(folder, clock);
    expect([await store.has(hash), await store.has('cd'.repeat(32))]).toEqual([false, false]);
    await store.put(hash, Uint8Array.of(1));
    expect((await readdir(folder)).sort()).toEqual(['README', hash, 'cd'.repeat(32)].sort());
  });

  it('finds on its first use how full it is, and keeps to its bound from then on', async () => {
    const names = ['0a', '0b', '0c', '0d'].map(digits => digits.repeat(32));
    for (const [i, name] of names.slice(0, 3).entries()) {
      await new FileBlockStore(folder, { ...fixed(1000 * i), after: () => () => {} }, 300).put(
        name,
        new Uint8Array(100),
      );
    }
    const store = new FileBlockStore(folder, { ...fixed(9000), after: () => () => {} }, 300);
    await store.put(names[3]!, new Uint8Array(150));
    expect((await readdir(folder)).sort()).toEqual(names.slice(2));
  });

  it('a put that fails does not stop those after it', async () => {
    const names = ['0a', '0b'].map(digits => digits.repeat(32));
    await mkdir(join(folder, names[0]!, 'x'), { recursive: true });
    const store = new FileBlockStore(folder, clock);
    const outcomes = await Promise.allSettled([
      store.put(names[0]!, Uint8Array.of(1)),
      store.put(names[1]!, Uint8Array.of(2)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect([await store.has(names[0]!), await store.get(names[1]!)]).toEqual([false, Uint8Array.of(2)]);
  });
});

describe('fileNameOf', () => {
  it('keeps plain names, escapes the rest, and never ignores case', () => {
    expect(fileNameOf('value', 'peers-2')).toBe('value-peers-2');
    expect(fileNameOf('value', 'A/..\\_ä')).toBe('value-_41_2f_2e_2e_5c_5f_c3_a4');
  });
});

function fixed(ms: number): { now(): number; wallMs(): number } {
  return { now: () => ms, wallMs: () => 1_750_000_000_000 + ms };
}
