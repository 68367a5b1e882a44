import { describe, expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { settle } from '../compute/testing/test-network.ts';
import { fileStream } from './file-stream.ts';
import { gather, TestSea, testBytes } from './testing/test-sea.ts';

/** A stream of one byte after another, and what was asked of it. */
function counted(count: number, outer?: AbortSignal) {
  const seen = { asked: 0, ended: 0, signal: undefined as AbortSignal | undefined };
  const stream = fileStream(outer, async function* (signal) {
    seen.signal = signal;
    try {
      for (let i = 0; i < count; i++) {
        signal.throwIfAborted();
        seen.asked++;
        yield Uint8Array.of(i);
      }
    } finally {
      seen.ended++;
    }
  });
  return { seen, stream };
}

describe('a file on its way', () => {
  it('is a stream', async () => {
    const { stream } = counted(3);
    expect(stream).toBeInstanceOf(ReadableStream);
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(Uint8Array.of(0, 1, 2));
  });

  it('is an async iterable, also where streams are none', async () => {
    expect(Object.hasOwn(counted(1).stream, Symbol.asyncIterator)).toBe(true);
    expect(await gather(counted(3).stream)).toEqual(Uint8Array.of(0, 1, 2));
  });

  it('is fetched as it is read: nothing before, nothing after it is left', async () => {
    const { seen, stream } = counted(9);
    await Promise.resolve();
    expect(seen.asked).toBe(0);
    for await (const _ of stream) if (seen.asked === 2) break;
    expect([seen.asked, seen.ended, seen.signal?.aborted]).toEqual([2, 1, true]);
  });

  it('stops what is under way when it is cancelled', async () => {
    let aborted: unknown;
    const stream = fileStream(undefined, async function* (signal) {
      await new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted = signal.reason;
          reject(signal.reason);
        });
      });
      yield Uint8Array.of(1);
    });
    const reader = stream.getReader();
    const reading = reader.read();
    await settle();
    await reader.cancel();
    expect([await reading, aborted]).toEqual([
      { done: true, value: undefined },
      expect.objectContaining({ code: 'ABORTED' }),
    ]);
  });

  it('fails as its source does, and when the caller gives up', async () => {
    const failed = fileStream(undefined, async function* () {
      yield Uint8Array.of(1);
      throw new SeaError('DAMAGED', 'changed');
    });
    await expect(gather(failed)).rejects.toMatchObject({ code: 'DAMAGED' });
    const controller = new AbortController();
    const { seen, stream } = counted(9, controller.signal);
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    await expect(reader.read()).rejects.toMatchObject({ code: 'ABORTED' });
    expect(seen.asked).toBe(1);
  });

  it('comes from the sea with its progress', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(1);
    const { read } = await owner.storage.put(testBytes(1_000), { k: 1, n: 1 });
    const told: number[] = [];
    const stream = owner.storage.get(read, { onProgress: ({ receivedBytes }) => told.push(receivedBytes) });
    expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(testBytes(1_000));
    expect(told).toEqual([1_000]);
  });
});
