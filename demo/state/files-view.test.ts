/** A file by its link: opening, looking, reading, and breaking off. */

import { beforeEach, describe, expect, it } from 'vitest';
import { SeaError } from '../../src/base/errors.ts';
import type { StoredFile } from '../../src/index.ts';
import type { FileSink } from '../file-sink.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { FileView } from './files-view.ts';

const [a, b] = [addressOf(10), addressOf(11)];
const stored: StoredFile = {
  name: 'film.mp4',
  type: 'video/mp4',
  length: 6,
  k: 1,
  n: 2,
  endsAtMs: 1,
  segments: [[a, b]],
};

class MemorySink implements FileSink {
  readonly pieces: Uint8Array[] = [];
  end: 'finished' | 'abandoned' | undefined;
  write = async (piece: Uint8Array): Promise<void> => void this.pieces.push(piece);
  finish = async (): Promise<void> => {
    this.end = 'finished';
  };
  abandon = async (): Promise<void> => {
    this.end = 'abandoned';
  };
}

let sea: FakeSea;
let sink: MemorySink;
let asked: unknown[];

beforeEach(() => {
  sea = new FakeSea();
  sea.storage.inspecting = async () => stored;
  sink = new MemorySink();
  asked = [];
});

async function opened(): Promise<FileView> {
  const view = new FileView('sea-read:x', async (...args) => {
    asked.push(args);
    return sink;
  });
  await view.open(sea.asSea());
  return view;
}

describe('opening', () => {
  it('shows where the pieces are', async () => {
    const { phase } = await opened();
    if (phase.value.state !== 'open') throw new Error('not open');
    expect(phase.value.file).toEqual(stored);
    expect(phase.value.picture.rows().map(({ holders }) => holders)).toEqual([[a.toString()], [b.toString()]]);
  });

  it('that fails can be tried again', async () => {
    sea.storage.inspecting = () => Promise.reject(new SeaError('NOT_FOUND', 'gone'));
    const view = await opened();
    expect(view.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'NOT_FOUND' } });
    sea.storage.inspecting = async () => stored;
    await view.open(sea.asSea());
    expect(view.phase.value.state).toBe('open');
  });
});

describe('looking', () => {
  it('draws what the holders say, as it comes', async () => {
    const view = await opened();
    sea.storage.looking = async ({ onShard }) => {
      onShard!({ segment: 0, shard: 0, holder: a, state: 'held' });
      view.refresh();
      expect(view.work.value).toEqual({ state: 'looking', seen: 1 });
      onShard!({ segment: 0, shard: 1, holder: b, state: 'away' });
      return [];
    };
    await view.look(sea.asSea());
    expect(view.work.value).toEqual({ state: 'looked' });
    const phase = view.phase.value;
    const rows = phase.state === 'open' ? phase.picture.rows() : [];
    expect(rows.map(({ counts }) => [counts.held, counts.away])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('reading', () => {
  const pieces = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(5, 6)];

  it('hands every piece to the place that was chosen', async () => {
    const view = await opened();
    sea.storage.getting = async function* () {
      yield pieces[0]!;
      view.refresh();
      expect(view.work.value).toEqual({ state: 'reading', receivedBytes: 4 });
      yield pieces[1]!;
    };
    await view.download(sea.asSea());
    expect(asked).toEqual([['film.mp4', 'video/mp4', 6]]);
    expect(sink.pieces).toEqual(pieces);
    expect(sink.end).toBe('finished');
    expect(view.work.value).toEqual({ state: 'read' });
  });

  it('gives up what had come when it fails', async () => {
    sea.storage.getting = async function* () {
      yield pieces[0]!;
      throw new SeaError('DAMAGED', 'no');
    };
    const view = await opened();
    await view.download(sea.asSea());
    expect(sink.end).toBe('abandoned');
    expect(view.work.value).toMatchObject({ state: 'failed', complaint: { code: 'DAMAGED' } });
  });

  it('can be cancelled', async () => {
    const view = await opened();
    sea.storage.getting = async function* ({ signal }) {
      yield pieces[0]!;
      view.cancel();
      signal!.throwIfAborted();
    };
    await view.download(sea.asSea());
    expect(sink.end).toBe('abandoned');
    expect(view.work.value).toEqual({ state: 'none' });
  });

  it('does not begin when no place was chosen', async () => {
    const view = new FileView('sea-read:x', async () => undefined);
    await view.open(sea.asSea());
    await view.download(sea.asSea());
    expect(view.work.value).toEqual({ state: 'none' });
  });
});
