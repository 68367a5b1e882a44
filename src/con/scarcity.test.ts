/** Cons where memory is scarce: what a crowd can make a node keep, and how those fare who were there or come later. */

import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../sim/virtual-clock.ts';
import {
  CONS_TAKEN_MAX,
  EARLY_BYTES_MAX,
  REFUSALS_MAX,
  STREAM_WINDOW_BYTES,
  STREAMS_MAX,
  UNREAD_ALL_BYTES_MAX,
  UNREAD_CON_BYTES,
  UNREAD_WINDOW_BYTES,
} from './limits.ts';
import type { ConStream } from './streams.ts';
import { join, type LoneCon, loneCon, receive } from './testing/joined-cons.ts';
import { UnreadShares } from './unread-shares.ts';

const IDENTITIES = 128;
const FIRST_CHUNK = new Uint8Array(61_440);
const SECOND_CHUNK = new Uint8Array(UNREAD_WINDOW_BYTES - FIRST_CHUNK.length);

let clock: VirtualClock;
let shares: UnreadShares;
let arrived: LoneCon[];

beforeEach(() => {
  clock = new VirtualClock();
  shares = new UnreadShares();
  arrived = [];
});

/** A remote that sends all it may: streams full to their window, and values nobody listens for. */
function flood(remote: LoneCon): void {
  for (let stream = 1; stream < 2 * STREAMS_MAX + 20; stream += 2) {
    receive(remote, { kind: 'open', stream, name: '' });
    for (const payload of [FIRST_CHUNK, SECOND_CHUNK]) receive(remote, { kind: 'chunk', stream, payload });
  }
  for (let i = 0; i <= EARLY_BYTES_MAX / FIRST_CHUNK.length; i++) say(remote);
}

function say(remote: LoneCon): void {
  receive(remote, { kind: 'message', scope: 'n', packed: [0, null], payload: FIRST_CHUNK });
}

/** The crowd, with as many cons as a node takes. */
function attack(): void {
  for (let i = 0; i < CONS_TAKEN_MAX; i++) {
    const remote = loneCon(clock, shares, i % IDENTITIES, 'acceptor');
    arrived.push(remote);
    flood(remote);
  }
}

/** What the con has kept, counted as an application gets it. */
async function keptBytes({ con }: LoneCon): Promise<number> {
  let bytes = 0;
  const streams: ConStream[] = [];
  con.on('n', value => {
    bytes += (value as Uint8Array).length;
  });
  con.on('stream', stream => void streams.push(stream));
  for (const { readable } of streams) {
    const reader = readable.getReader();
    for (let left = UNREAD_WINDOW_BYTES; left > 0; ) {
      const { value } = await reader.read();
      left -= value!.length;
      bytes += value!.length;
    }
  }
  return bytes;
}

async function run(durationMs: number): Promise<void> {
  const untilMs = clock.now() + durationMs;
  await setImmediate();
  while (clock.step(untilMs)) await setImmediate();
}

/** Two joined cons of honest people; the node under test is the second, which has accepted. */
function honest(peer: number): { near: LoneCon; far: LoneCon } {
  const near = loneCon(clock, new UnreadShares(), 9_999, 'opener');
  const far = loneCon(clock, shares, peer, 'acceptor');
  join(clock, near, far);
  return { near, far };
}

/** Sends so many bytes through a new stream, read as they come; returns how long that took. */
async function transfer({ near, far }: { near: LoneCon; far: LoneCon }, bytes: number): Promise<number> {
  const begun = clock.now();
  let read = 0;
  let ended = false;
  const off = far.con.on('stream', async stream => {
    const reader = stream.readable.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) read += next.value!.length;
    ended = true;
  });
  const writer = near.con.stream().writable.getWriter();
  void (async () => {
    for (let at = 0; at < bytes; at += 100_000) await writer.write(new Uint8Array(Math.min(100_000, bytes - at)));
    await writer.close();
  })();
  while (!ended && clock.now() - begun < 10_000) await run(5);
  off();
  expect(read).toBe(bytes);
  return clock.now() - begun;
}

describe('a crowd that sends all it may to a node that reads nothing', () => {
  it('makes it keep no more than the bound, and most of that', async () => {
    attack();
    let kept = 0;
    let promised = 0;
    for (const { session } of arrived) expect(session.ended).toBe(false);
    for (const remote of arrived) {
      promised += remote.share.bytes();
      kept += await keptBytes(remote);
    }
    expect(promised).toBeLessThanOrEqual(UNREAD_ALL_BYTES_MAX);
    expect(kept).toBeLessThanOrEqual(UNREAD_ALL_BYTES_MAX);
    expect(kept).toBeGreaterThan(UNREAD_ALL_BYTES_MAX / 2);
  });

  it('gives everything back when it goes', () => {
    attack();
    for (const { session } of arrived) session.end(undefined);
    expect(shares.taken).toBe(0);
    expect(arrived.every(({ share }) => share.bytes() === 0)).toBe(true);
  });

  it('leaves a newcomer a stream and values, and its con goes on', async () => {
    attack();
    const pair = honest(500);
    const values: unknown[] = [];
    void pair.near.con.send('later', new Uint8Array(50_000));
    await run(100);
    pair.far.con.on('later', value => values.push(value));
    expect(values).toEqual([new Uint8Array(50_000)]);
    await transfer(pair, 3_000_000);
    expect(pair.far.troubles).toEqual([]);
  });

  it('neither breaks nor starves who was there before', async () => {
    const pair = honest(500);
    const alone = await transfer(pair, 6_000_000);
    clock.after(10, attack);
    await transfer(pair, 6_000_000);
    expect(arrived.length).toBe(CONS_TAKEN_MAX);
    const together = await transfer(pair, 6_000_000);
    expect(together).toBeLessThan(40 * alone); // the smallest window is a sixteenth of the largest
    expect([pair.near.troubles, pair.far.troubles]).toEqual([[], []]);
    for (const { session } of arrived) session.end(undefined);
    expect(await transfer(pair, 6_000_000)).toBeLessThan(2 * alone);
  });
});

describe('the window of a stream', () => {
  /** A stream whose writer is the test: it sends what it was given credit for, at once. */
  async function reading(remote: LoneCon): Promise<{ pass(count: number): Promise<number>; window: () => number }> {
    const { outbox } = remote.session;
    const streams: ConStream[] = [];
    let window = UNREAD_WINDOW_BYTES;
    remote.con.on('stream', stream => void streams.push(stream));
    receive(remote, { kind: 'open', stream: 1, name: '' });
    const reader = streams[0]!.readable.getReader();
    const add = outbox.add.bind(outbox);
    outbox.add = frame => {
      if (frame.kind === 'credit') window += frame.bytes;
      return add(frame);
    };
    let sent = 0;
    return {
      window: () => window - sent,
      /** Sends all there is credit for and reads it, so many times; returns what the last round brought. */
      pass: async count => {
        let round = 0;
        for (let i = 0; i < count; i++) {
          for (round = 0; sent < window; ) {
            const payload = FIRST_CHUNK.subarray(0, Math.min(FIRST_CHUNK.length, window - sent));
            receive(remote, { kind: 'chunk', stream: 1, payload });
            sent += payload.length;
            round += payload.length;
          }
          for (let left = round; left > 0; ) left -= (await reader.read()).value!.length;
        }
        return round;
      },
    };
  }

  it('grows when it is read, shrinks as it is read where others have come, and grows again', async () => {
    const remote = loneCon(clock, shares, 1, 'acceptor');
    const stream = await reading(remote);
    expect(await stream.pass(1)).toBe(UNREAD_WINDOW_BYTES);
    expect(remote.share.bytes()).toBe(STREAM_WINDOW_BYTES);
    attack();
    await stream.pass(12);
    expect(remote.share.bytes()).toBeLessThan(STREAM_WINDOW_BYTES / 4);
    expect(remote.share.bytes()).toBeGreaterThanOrEqual(UNREAD_CON_BYTES);
    expect(await stream.pass(50)).toBeGreaterThanOrEqual(UNREAD_WINDOW_BYTES / 2);
    for (const { session } of arrived) session.end(undefined);
    await stream.pass(12);
    expect(remote.share.bytes()).toBe(STREAM_WINDOW_BYTES);
    expect(stream.window()).toBeLessThanOrEqual(STREAM_WINDOW_BYTES);
  });

  it('never closes: a reader that reads always lets the writer go on', async () => {
    const streams = await Promise.all(
      Array.from({ length: 20 }, (_, i) => reading(loneCon(clock, shares, i, 'acceptor'))),
    );
    attack();
    for (let round = 0; round < 60; round++)
      for (const stream of streams) expect(await stream.pass(1)).toBeGreaterThan(0);
  });
});

describe('what a remote can make a con keep besides', () => {
  it('streams that nobody asked for are counted when they are over, too', () => {
    const remote = loneCon(clock, shares, 1, 'acceptor');
    for (let stream = 1; stream <= 2 * STREAMS_MAX + 39; stream += 2) {
      receive(remote, { kind: 'open', stream, name: '' });
      receive(remote, { kind: 'end', stream });
      receive(remote, { kind: 'reset', stream, mine: false, code: 23 });
    }
    expect(remote.share.bytes()).toBe(0);
    const streams: ConStream[] = [];
    remote.con.on('stream', stream => void streams.push(stream));
    expect(streams.length).toBe(STREAMS_MAX);
    expect(remote.session.outbox.lastSeq).toBe(40); // two words for each of the twenty that were refused
  });

  it('a remote that opens on without hearing of refusals ends its con; one that hears does not', () => {
    const [deaf, hearing] = [1, 2].map(peer => loneCon(clock, shares, peer, 'acceptor')) as [LoneCon, LoneCon];
    const open = (remote: LoneCon, count: number): void => {
      for (let i = 0; i < count; i++) receive(remote, { kind: 'open', stream: 2 * i + 1, name: '' });
    };
    expect(() => open(deaf, STREAMS_MAX + REFUSALS_MAX + 1)).toThrow(/^OVERLOADED/);
    let opened = 0;
    for (const half of [1, 2, 3])
      for (; opened < half * REFUSALS_MAX; opened++) {
        receive(hearing, { kind: 'open', stream: 2 * opened + 1, name: '' });
        hearing.session.outbox.acknowledged(hearing.session.outbox.lastSeq - 4);
      }
    expect(hearing.session.outbox.unacknowledged().length).toBeLessThan(10);
  });

  it('chunks of a byte cost as much as large ones: they are joined', async () => {
    const remote = loneCon(clock, shares, 1, 'acceptor');
    const streams: ConStream[] = [];
    remote.con.on('stream', stream => void streams.push(stream));
    receive(remote, { kind: 'open', stream: 1, name: '' });
    const sent = Uint8Array.from({ length: UNREAD_WINDOW_BYTES }, (_, i) => i * 7);
    for (let i = 0; i < sent.length; i++)
      receive(remote, { kind: 'chunk', stream: 1, payload: sent.subarray(i, i + 1) });
    const reader = streams[0]!.readable.getReader();
    const pieces: Uint8Array[] = [];
    for (let left = sent.length; left > 0; left -= pieces.at(-1)!.length) pieces.push((await reader.read()).value!);
    expect(Buffer.compare(Buffer.concat(pieces), sent)).toBe(0);
    expect(pieces.length).toBeLessThan(20);
  });
});
