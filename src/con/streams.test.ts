/** Streams between production nodes on virtual time: bytes in order, flow control, and every way to end. */

import { describe, expect, it } from 'vitest';
import { concat } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import type { Con } from './con.ts';
import { CHUNK_BYTES, STREAM_WINDOW_BYTES, STREAMS_MAX, UNREAD_WINDOW_BYTES } from './limits.ts';
import type { ConStream } from './streams.ts';
import { type ConWorld, conWorld, openCon } from './testing/con-world.ts';

const LIMIT_MS = 120_000;

/** A stream from a to b, at both ends. */
async function openStream({ world }: ConWorld, con: Con, other: Con, name = 'file'): Promise<[ConStream, ConStream]> {
  const arrived = new Promise<ConStream>(resolve => other.on('stream', resolve));
  const near = con.stream(name);
  return [near, await world.until(arrived, LIMIT_MS)];
}

async function readAll(stream: ConStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = stream.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...chunks);
    chunks.push(value!);
  }
}

async function writeAll(stream: ConStream, bytes: Uint8Array, pieceBytes: number): Promise<void> {
  const writer = stream.writable.getWriter();
  for (let at = 0; at < bytes.length; at += pieceBytes) await writer.write(bytes.subarray(at, at + pieceBytes));
  await writer.close();
}

describe('a stream', () => {
  it.each([
    ['direct', true],
    ['relayed', false],
  ])('%s: carries bytes both ways at once, in order, past its window', async (_, negotiable) => {
    const sea = await conWorld('both', negotiable);
    const [con, other] = await openCon(sea);
    const random = new SeededRandom('bytes');
    const [there, back] = [random.bytes(negotiable ? 3_000_001 : 600_001), random.bytes(70_000)];
    const names: string[] = [];
    other.on('stream', (_stream, name) => names.push(name));
    const [near, far] = await openStream(sea, con, other, 'a name');
    const work = Promise.all([writeAll(near, there, 100_000), writeAll(far, back, 1_000), readAll(far), readAll(near)]);
    const [, , gotThere, gotBack] = await sea.world.until(work, LIMIT_MS);
    expect(Buffer.compare(gotThere, there)).toBe(0);
    expect(Buffer.compare(gotBack, back)).toBe(0);
    expect(names).toEqual(['a name']);
    await sea.world.end();
  });

  it('stops the writer while nobody reads, and goes on when somebody does', async () => {
    const sea = await conWorld('window');
    const [con, other] = await openCon(sea);
    const [near, far] = await openStream(sea, con, other);
    const writer = near.writable.getWriter();
    let written = 0;
    const writing = (async () => {
      for (let i = 0; i < 40; i++) {
        await writer.write(new Uint8Array(65_536).fill(i));
        written++;
      }
      await writer.close();
    })();
    await sea.world.run(20_000);
    expect(written).toBe(UNREAD_WINDOW_BYTES / 65_536);
    const reader = far.readable.getReader();
    await sea.world.until(reader.read(), LIMIT_MS);
    reader.releaseLock();
    await sea.world.run(20_000);
    expect(written).toBe(STREAM_WINDOW_BYTES / 65_536);
    const [, all] = await sea.world.until(Promise.all([writing, readAll(far)]), LIMIT_MS);
    expect([all.length, all.at(-1)]).toEqual([40 * 65_536 - CHUNK_BYTES, 39]);
    await sea.world.end();
  });

  it('goes on after an outage with every byte once', async () => {
    const sea = await conWorld('outage');
    const [con, other] = await openCon(sea);
    const [near, far] = await openStream(sea, con, other);
    const bytes = new SeededRandom('outage').bytes(2_000_000);
    const work = Promise.all([writeAll(near, bytes, 50_000), readAll(far)]);
    await sea.world.run(30);
    sea.world.network.reachable = () => false;
    await sea.world.run(30_000);
    sea.world.network.reachable = () => true;
    const [, got] = await sea.world.until(work, LIMIT_MS);
    expect(Buffer.compare(got, bytes)).toBe(0);
    await sea.world.end();
  });

  it('ends for the reader when the writer breaks off, and for the writer when the reader does', async () => {
    const sea = await conWorld('breaks');
    const [con, other] = await openCon(sea);
    const [near, far] = await openStream(sea, con, other);
    await sea.world.until(near.writable.abort(new SeaError('TOO_LARGE', 'by the test')), LIMIT_MS);
    await expect(sea.world.until(readAll(far), LIMIT_MS)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await sea.world.until(near.readable.cancel(), LIMIT_MS);
    await sea.world.run(1_000);
    await expect(writeAll(far, new Uint8Array(10), 10)).rejects.toMatchObject({ code: 'ABORTED' });
    const [second, secondFar] = await openStream(sea, con, other);
    const all = sea.world.until(readAll(secondFar), LIMIT_MS);
    await sea.world.until(writeAll(second, Uint8Array.of(1, 2), 1), LIMIT_MS);
    expect(await all).toEqual(Uint8Array.of(1, 2));
    await sea.world.end();
  });

  it('takes bytes only', async () => {
    const sea = await conWorld('bytes only');
    const [con, other] = await openCon(sea);
    const [near, far] = await openStream(sea, con, other);
    const writer = near.writable.getWriter();
    await expect(writer.write('text' as unknown as Uint8Array)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(sea.world.until(readAll(far), LIMIT_MS)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await sea.world.end();
  });

  it('fails with the con', async () => {
    const sea = await conWorld('with the con');
    const [con, other] = await openCon(sea);
    const [near, far] = await openStream(sea, con, other);
    const reading = [readAll(near), readAll(far)].map(read => expect(read).rejects.toMatchObject({ code: 'CLOSED' }));
    con.disconnect();
    await sea.world.run(1_000);
    await Promise.all(reading);
    expect(() => con.stream()).toThrow(expect.objectContaining({ code: 'CLOSED' }));
    await sea.world.end();
  });

  it('is one of a bounded number, counted until both directions have ended', async () => {
    const sea = await conWorld('many');
    const [con, other] = await openCon(sea);
    const streams: ConStream[] = [];
    other.on('stream', stream => void streams.push(stream));
    const own = Array.from({ length: STREAMS_MAX }, () => con.stream());
    expect(() => con.stream()).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    await sea.world.run(1_000);
    expect(streams.length).toBe(STREAMS_MAX);
    await sea.world.until(
      Promise.all([own[0]!, streams[0]!].map(({ writable }) => writable.getWriter().close())),
      1_000,
    );
    await sea.world.until(Promise.all([readAll(own[0]!), readAll(streams[0]!)]), 5_000);
    con.stream();
    await sea.world.run(1_000);
    expect(streams.length).toBe(STREAMS_MAX + 1);
    await sea.world.end();
  });
});
