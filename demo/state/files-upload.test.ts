/** One upload from asking to stored: what is asked of the sea, what is told, and how it ends. */

import { expect, it } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { PutOptions } from '../../src/index.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { Upload, type UploadHost } from './files-upload.ts';

const file = (bytes = 10): File => new File([new Uint8Array(bytes)], 'a.txt');
const links = { read: 'r', delete: 'd' };

function hostOf(sea: FakeSea, devices = 2): UploadHost {
  const safety = { name: 'Balanced', k: 1, n: devices } as const;
  return { sea: sea.asSea(), fit: async () => (devices === 0 ? undefined : safety) };
}

it('asks who has room, then sends, and gives the links', async () => {
  const sea = new FakeSea();
  const upload = new Upload(file(5_000_000));
  const seen: string[] = [];
  sea.storage.putting = async (_file, options: PutOptions) => {
    seen.push(upload.phase.value.state);
    options.onProgress?.({ sealedBytes: 4_194_304, storedBytes: 0, totalBytes: 5_000_000, shards: 1 });
    options.onShard?.({ segment: 0, shard: 1, holder: addressOf(7) });
    upload.refresh();
    expect(upload.figures.value).toEqual({ sealedBytes: 4_194_304, storedBytes: 0, shards: 1 });
    const phase = upload.phase.value;
    const rows = phase.state === 'sending' ? phase.picture.rows() : [];
    expect(rows.map(({ holders, missing }) => [holders, missing])).toEqual([
      [[], 2],
      [[addressOf(7).toString()], 1],
    ]);
    return links;
  };
  const running = upload.run(hostOf(sea));
  seen.unshift(upload.phase.value.state);
  expect(await running).toEqual({ links, code: { name: 'Balanced', k: 1, n: 2 } });
  expect(seen).toEqual(['asking', 'sending']);
  expect(sea.storage.puts).toEqual([{ k: 1, n: 2 }]);
  expect(upload.phase.value).toEqual({ state: 'done' });
});

it('says so when nobody has room', async () => {
  const upload = new Upload(file());
  expect(await upload.run(hostOf(new FakeSea(), 0))).toBeUndefined();
  expect(upload.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'NO_DEVICES' } });
});

it('ends with what the sea says, or with what the browser could not read', async () => {
  const cases = [
    [new SeaError('TOO_FEW_HOLDERS', 'all gone'), 'TOO_FEW_HOLDERS'],
    [new DOMException('gone', 'NotFoundError'), 'FILE_UNREADABLE'],
    [new DOMException('a folder', 'NotReadableError'), 'FILE_UNREADABLE'],
    [new Error('what?'), 'UNEXPECTED'],
  ] as const;
  for (const [error, code] of cases) {
    const sea = new FakeSea();
    sea.storage.putting = () => Promise.reject(error);
    const upload = new Upload(file());
    expect(await upload.run(hostOf(sea))).toBeUndefined();
    expect(upload.phase.value).toMatchObject({ state: 'failed', complaint: { code } });
  }
});

it('is cancelled while it waits, asks or sends', async () => {
  const sea = new FakeSea();
  const waiting = new Upload(file());
  waiting.cancel();
  expect(await waiting.run(hostOf(sea))).toBeUndefined();
  expect(sea.storage.puts).toEqual([]);

  const asking = new Upload(file());
  const asked = asking.run(hostOf(sea));
  asking.cancel();
  expect(await asked).toBeUndefined();
  expect(sea.storage.puts).toEqual([]);

  const sending = new Upload(file());
  sea.storage.putting = (_file, { signal }) =>
    new Promise((_resolve, reject) => {
      signal!.addEventListener('abort', () => reject(new SeaError('ABORTED', 'left')));
      sending.cancel();
    });
  expect(await sending.run(hostOf(sea))).toBeUndefined();
  for (const upload of [waiting, asking, sending]) expect(upload.phase.value).toEqual({ state: 'cancelled' });
});
