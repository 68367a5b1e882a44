/** Where a file goes that is read: the browser's downloads, or a place on the disk for a large one. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFileSink, STREAMED_FROM_BYTES } from './file-sink.ts';

const saved: { readonly content: Blob; readonly name: string }[] = [];
vi.mock('./save-file.ts', () => ({
  saveFile: (content: Blob, name: string) => void saved.push({ content, name }),
}));

const [first, second] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];

beforeEach(() => {
  saved.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

/** Puts the function in place that asks for a place. */
function withPicker(picker: (options: { readonly suggestedName: string }) => Promise<unknown>): void {
  vi.stubGlobal('showSaveFilePicker', picker);
}

async function bytesSaved(): Promise<number[]> {
  return [...new Uint8Array(await saved[0]!.content.arrayBuffer())];
}

describe('a file', () => {
  it('that is small goes to the downloads, and nobody is asked', async () => {
    withPicker(() => Promise.reject(new Error('asked')));
    const sink = await openFileSink('a.png', 'image/png', STREAMED_FROM_BYTES - 1);
    await sink!.write(first);
    await sink!.write(second);
    expect(saved).toEqual([]);
    await sink!.finish();
    expect(saved.map(({ name, content }) => [name, content.type])).toEqual([['a.png', 'image/png']]);
    expect(await bytesSaved()).toEqual([1, 2, 3, 4, 5]);
  });

  it('that is large is written piece by piece to the place that is named', async () => {
    const done: unknown[] = [];
    const stream = {
      write: async (bytes: Uint8Array) => void done.push([...bytes]),
      close: async () => void done.push('closed'),
      abort: async () => void done.push('aborted'),
    };
    withPicker(async ({ suggestedName }) => {
      done.push(suggestedName);
      return { createWritable: async () => stream };
    });
    const sink = await openFileSink('film.mp4', '', STREAMED_FROM_BYTES);
    await sink!.write(first);
    await sink!.write(second);
    await sink!.finish();
    await sink!.abandon();
    expect(done).toEqual(['film.mp4', [1, 2, 3], [4, 5], 'closed', 'aborted']);
    expect(saved).toEqual([]);
  });

  it('goes nowhere when no place is named', async () => {
    withPicker(() => Promise.reject(new DOMException('closed', 'AbortError')));
    expect(await openFileSink('film.mp4', '', STREAMED_FROM_BYTES)).toBeUndefined();
  });

  it('that is large goes to the downloads where no place can be asked for', async () => {
    withPicker(() => Promise.reject(new DOMException('not here', 'SecurityError')));
    for (const _ of [1, 2]) {
      const sink = await openFileSink('film.mp4', '', STREAMED_FROM_BYTES);
      await sink!.write(first);
      await sink!.finish();
      vi.unstubAllGlobals(); // the second time the browser has no such function
    }
    expect(saved).toHaveLength(2);
    expect(await bytesSaved()).toEqual([1, 2, 3]);
  });

  it('that is given up is not saved', async () => {
    const sink = await openFileSink('a', '', 3);
    await sink!.write(first);
    await sink!.abandon();
    expect(saved).toEqual([]);
  });
});
