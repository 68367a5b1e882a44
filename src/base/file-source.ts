/** What a file, or any content, can come from, cut into segments of fresh memory. */

import { type ByteStream, readAll } from './byte-stream.ts';
import { checkGiven } from './given.ts';

/** A `Blob` or `File`, as far as it is used here. */
export interface ByteBlob {
  readonly size: number;
  readonly name?: string;
  readonly type?: string;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export type FileSource = Uint8Array | ByteBlob | ByteStream | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Bytes in all, where the source tells. */
export function lengthOf(source: FileSource): number | undefined {
  if (source instanceof Uint8Array) return source.length;
  return isBlob(source) ? source.size : undefined;
}

/** Throws BAD_ARGUMENT for what bytes cannot come from: a text is none, nor is an ArrayBuffer. */
export function checkSource(source: FileSource): void {
  const isObject = typeof source === 'object' && source !== null;
  const yields = isObject && (isBlob(source) || Symbol.asyncIterator in source || Symbol.iterator in source);
  checkGiven(
    yields || (isObject && 'getReader' in source),
    'bytes come from a Uint8Array, a Blob or File, a stream, or an iterable of Uint8Arrays',
    source,
  );
}

/** Segments of `segmentBytes`, the last one shorter; none for a source without bytes. Throws BAD_ARGUMENT, what the source throws. */
export async function* segmentsOf(
  source: FileSource,
  segmentBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  checkSource(source);
  if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += segmentBytes) yield source.slice(at, at + segmentBytes);
  } else if (isBlob(source)) {
    for (let at = 0; at < source.size; at += segmentBytes)
      yield new Uint8Array(await source.slice(at, Math.min(at + segmentBytes, source.size)).arrayBuffer());
  } else yield* gathered(chunksOf(source), segmentBytes);
}

async function* gathered(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  segmentBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let segment = new Uint8Array(segmentBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    checkGiven(chunk instanceof Uint8Array, 'a file is made of Uint8Arrays', chunk);
    for (let at = 0; at < chunk.length; ) {
      const taken = Math.min(segmentBytes - filled, chunk.length - at);
      segment.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < segmentBytes) continue;
      yield segment;
      segment = new Uint8Array(segmentBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield segment.slice(0, filled);
}

function chunksOf(
  source: ByteStream | AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return Symbol.asyncIterator in source || Symbol.iterator in source ? source : readAll(source);
}

function isBlob(source: FileSource): source is ByteBlob {
  return 'size' in source && 'slice' in source;
}
