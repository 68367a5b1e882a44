import { describe, expect, it } from 'vitest';
import { type FileSource, lengthOf, segmentsOf } from './file-source.ts';

async function segments(source: FileSource, segmentBytes = 4): Promise<number[][]> {
  const all: number[][] = [];
  for await (const segment of segmentsOf(source, segmentBytes)) all.push([...segment]);
  return all;
}

const bytes = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8);
const expected = [[0, 1, 2, 3], [4, 5, 6, 7], [8]];

describe('segmentsOf', () => {
  it('cuts bytes, blobs, streams and iterables alike, whatever their chunks', async () => {
    expect(await segments(bytes)).toEqual(expected);
    expect(await segments(new Blob([bytes]))).toEqual(expected);
    expect(await segments(new Blob([bytes]).stream())).toEqual(expected);
    expect(await segments([bytes.subarray(0, 1), new Uint8Array(0), bytes.subarray(1)])).toEqual(expected);
    expect(await segments(bytes.subarray(0, 8))).toEqual(expected.slice(0, 2));
    for (const nothing of [new Uint8Array(0), new Blob([]), []]) expect(await segments(nothing)).toEqual([]);
  });

  it('gives fresh memory', async () => {
    const source = bytes.slice();
    for await (const segment of segmentsOf(source, 4)) segment.fill(9);
    for await (const segment of segmentsOf([source], 4)) segment.fill(9);
    expect(source).toEqual(bytes);
  });

  it('cancels a stream that is left early', async () => {
    let reason: unknown = 'not cancelled';
    const stream = new ReadableStream<Uint8Array>({
      pull: controller => controller.enqueue(bytes),
      cancel: told => {
        reason = told;
      },
    });
    for await (const _ of segmentsOf(stream, 4)) break;
    expect(reason).toBeUndefined();
  });

  it('refuses what is no source of bytes: BAD_ARGUMENT', async () => {
    for (const source of [{}, ['text'], [1]])
      await expect(segments(source as unknown as FileSource)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

it('lengthOf knows bytes and blobs', () => {
  expect([lengthOf(bytes), lengthOf(new Blob([bytes])), lengthOf([bytes])]).toEqual([9, 9, undefined]);
});
