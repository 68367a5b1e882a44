/** The visitor's files as a whole: one after the other into the sea, onto the list, and off it. */

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { Files } from './files.ts';

let sea: FakeSea;
let isOnline: boolean;
let isInFront: boolean;
let items: Map<string, string>;

beforeEach(() => {
  sea = new FakeSea();
  sea.storage.offering = () => [addressOf(5), addressOf(6), addressOf(7)];
  isOnline = true;
  isInFront = true;
  items = new Map();
});

function visit(): Files {
  const files = new Files({
    storage: {
      getItem: key => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: key => void items.delete(key),
    },
    wallMs: () => 1_000,
    online: () => (isOnline ? sea.asSea() : undefined),
    isInFront: () => isInFront,
  });
  files.follow(sea.asSea());
  return files;
}

const file = (name: string, bytes = 3): File => new File([new Uint8Array(bytes)], name, { type: 'text/plain' });
const names = ({ list }: Files): string[] => list.files.value.map(({ name }) => name);

describe('storing', () => {
  it('takes one file after the other, and keeps their links', async () => {
    let running = 0;
    let most = 0;
    sea.storage.putting = async stored => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
      const { name } = stored as File;
      return { read: `sea-read:${name}`, delete: `sea-delete:${name}` };
    };
    const files = visit();
    files.add([file('a'), file('b')]);
    expect(files.isBusy).toBe(true);
    await vi.waitFor(() => expect(names(files)).toEqual(['b', 'a']));
    expect(most).toBe(1);
    expect(files.isBusy).toBe(false);
    expect(files.uploads.value).toEqual([]);
    expect(files.selected.value?.link).toBe('sea-read:b');
    expect(visit().list.files.value[1]).toEqual({
      name: 'a',
      type: 'text/plain',
      bytes: 3,
      k: 1,
      n: 3,
      storedAtMs: 1_000,
      endsAtMs: 2_592_001_000,
      read: 'sea-read:a',
      delete: 'sea-delete:a',
    });
  });

  it('cuts a file for the devices that have room for it, however few', async () => {
    const all = Array.from({ length: 10 }, (_, at) => addressOf(20 + at));
    sea.storage.offering = bytes => (bytes > 400 ? all.slice(0, 1) : bytes > 100 ? all.slice(0, 3) : all);
    const files = visit();
    for (const bytes of [400, 401, 1_201]) files.add([file(`${bytes}`, bytes)]);
    await vi.waitFor(() => expect(names(files)).toHaveLength(3));
    // 400 bytes in 4 are 100 each; 401 in 4 are more, and three devices would each take them whole, so one does
    expect(sea.storage.puts).toEqual([
      { k: 4, n: 10 },
      { k: 1, n: 1 },
      { k: 1, n: 1 },
    ]);
  });

  it('goes on with the next when one fails, and tries again', async () => {
    sea.storage.putting = () => Promise.reject(new SeaError('TOO_FEW_HOLDERS', 'gone'));
    const files = visit();
    files.add([file('a')]);
    await vi.waitFor(() => expect(files.uploads.value[0]?.phase.value.state).toBe('failed'));
    sea.storage.putting = async () => ({ read: 'r', delete: 'd' });
    files.add([file('b')]);
    await vi.waitFor(() => expect(names(files)).toEqual(['b']));
    files.again(files.uploads.value[0]!);
    await vi.waitFor(() => expect(names(files)).toEqual(['a', 'b']));
  });

  it('waits while the page is offline', async () => {
    isOnline = false;
    const files = visit();
    files.add([file('a')]);
    expect(files.uploads.value[0]?.phase.value.state).toBe('waiting');
    isOnline = true;
    files.goOn();
    await vi.waitFor(() => expect(names(files)).toEqual(['a']));
  });
});

describe('deleting', () => {
  async function stored(): Promise<Files> {
    const files = visit();
    files.add([file('a')]);
    await vi.waitFor(() => expect(names(files)).toEqual(['a']));
    return files;
  }

  it('goes by the delete link, and says how far it came', async () => {
    const files = await stored();
    sea.storage.deleting = async () => ({ deleted: 4, missed: 2 });
    await files.remove(files.list.files.value[0]!);
    expect(sea.storage.deleted).toEqual(['d']);
    expect(names(files)).toEqual([]);
    expect(files.notice.value).toBe(
      'a is deleted: of its 3 pieces and 3 copies of the list of pieces, 4 are gone. 2 could not be reached and go when their lease ends.',
    );
    expect(files.selected.value).toBeUndefined();
  });

  it('says what is gone when all of it is', async () => {
    const files = await stored();
    sea.storage.deleting = async () => ({ deleted: 6, missed: 0 });
    await files.remove(files.list.files.value[0]!);
    expect(files.notice.value).toBe('a is deleted: its 3 pieces and 3 copies of the list of pieces are gone.');
  });

  it('takes off the list what nobody holds any more, and keeps what could not be reached', async () => {
    const files = await stored();
    sea.storage.deleting = () => Promise.reject(new SeaError('TOO_FEW_HOLDERS', 'away'));
    await files.remove(files.list.files.value[0]!);
    expect(files.removal.value).toMatchObject({ read: 'r', complaint: { code: 'TOO_FEW_HOLDERS' } });
    expect(names(files)).toEqual(['a']);
    sea.storage.deleting = () => Promise.reject(new SeaError('NOT_FOUND', 'gone'));
    await files.remove(files.list.files.value[0]!);
    expect(names(files)).toEqual([]);
  });
});

describe('a link in the address', () => {
  it('is opened once the page is online, and closed with the link', () => {
    isOnline = false;
    const files = visit();
    files.share('sea-read:x');
    expect(files.shared.value?.phase.value.state).toBe('closed');
    isOnline = true;
    files.goOn();
    expect(files.shared.value?.phase.value.state).toBe('opening');
    files.share('');
    expect(files.shared.value).toBeUndefined();
  });

  it('stays while its file is being read, until it is closed', async () => {
    sea.storage.inspecting = async () => ({
      name: 'x',
      type: null,
      length: 1,
      k: 1,
      n: 1,
      endsAtMs: 1,
      segments: [[addressOf(5)]],
    });
    sea.storage.getting = async function* ({ signal }) {
      await new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
      yield new Uint8Array(1);
    };
    const files = visit();
    files.share('sea-read:x');
    const view = files.shared.value!;
    await vi.waitFor(() => expect(view.phase.value.state).toBe('open'));
    void view.download(sea.asSea());
    await vi.waitFor(() => expect(view.work.value.state).toBe('reading'));
    files.share('');
    expect(files.shared.value).toBe(view);
    files.closeShared();
    expect(files.shared.value).toBeUndefined();
    expect(view.work.value.state).toBe('none');
  });
});

describe('devices with room', () => {
  const settle = () => new Promise(resolve => setTimeout(resolve));

  it('are asked for while the files are in front: at once, and after links changed', async () => {
    const asked: number[] = [];
    sea.storage.offering = bytes => {
      asked.push(bytes);
      return [addressOf(5)];
    };
    isInFront = false;
    const files = visit();
    files.refresh();
    expect(asked).toEqual([]);
    isInFront = true;
    files.refresh();
    await settle();
    expect(files.devices.count.value).toBe(1);
    for (let beat = 0; beat < 8; beat++) files.refresh();
    expect(asked).toHaveLength(1);
    sea.emit('links', undefined);
    files.refresh();
    expect(asked).toHaveLength(2);
    for (let beat = 0; beat < 59; beat++) files.refresh();
    expect(asked).toHaveLength(2);
    files.refresh();
    expect(asked).toHaveLength(3);
  });
});
