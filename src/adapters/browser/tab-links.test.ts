import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SeaError } from '../../base/errors.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { type Channel, FRAME_BYTES_MAX } from '../../ports/link-factory.ts';
import {
  BUFFERED_BYTES_MAX,
  LOW_WATER_BYTES,
  TAB_ANSWER_RATE,
  TAB_BEAT_MS,
  TAB_CHANNELS_MAX,
  TAB_DIAL_TIMEOUT_MS,
  TAB_OFFER_TIMEOUT_MS,
  TAB_SILENT_BEATS_MAX,
} from './limits.ts';
import { type PageEvents, TabLinks } from './tab-links.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const never = new AbortController().signal;

/** A page that goes away when told. */
class FakePage implements PageEvents {
  readonly listeners = new Set<() => void>();
  addEventListener(_type: 'pagehide', listener: () => void): void {
    this.listeners.add(listener);
  }
  removeEventListener(_type: 'pagehide', listener: () => void): void {
    this.listeners.delete(listener);
  }
  hide(): void {
    for (const listener of [...this.listeners]) listener();
  }
}

let name: string;
let clock: ManualClock;
const stops: (() => void)[] = [];

beforeEach(() => {
  name = `test ${randomUUID()}`;
  clock = new ManualClock();
});

afterEach(() => {
  for (const stop of stops.splice(0).reverse()) stop();
});

function tab(page?: PageEvents, ownClock: ManualClock = clock): TabLinks {
  return new TabLinks({ name, clock: ownClock, random, page });
}

async function listening(page?: PageEvents, ownClock: ManualClock = clock): Promise<Channel[]> {
  const channels: Channel[] = [];
  stops.push(await tab(page, ownClock).listen(channel => channels.push(channel)));
  return channels;
}

async function dialled(page?: PageEvents): Promise<Channel> {
  const channel = await tab(page).dial(never);
  stops.push(() => channel.close());
  return channel;
}

interface Seen {
  readonly frames: Uint8Array[];
  readonly closes: SeaError[];
  writable: number;
}

function watch(channel: Channel): Seen {
  const seen: Seen = { frames: [], closes: [], writable: 0 };
  channel.open({
    onFrame: frame => seen.frames.push(frame),
    onWritable: () => seen.writable++,
    onClose: reason => seen.closes.push(reason),
  });
  return seen;
}

const settled = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 1 });

test('two tabs meet and exchange frames in order, both ways, in memory of their own', async () => {
  const accepted = await listening();
  const near = await dialled();
  const seenNear = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  const seenFar = watch(accepted[0]!);
  const whole = new Uint8Array(100_000).fill(9);
  for (let i = 0; i < 50; i++) near.send(whole.subarray(i, i + 100 + i));
  accepted[0]!.send(new Uint8Array([1, 2, 3]));
  await settled(() => expect(seenFar.frames.length).toBe(50));
  await settled(() => expect(seenNear.frames.length).toBe(1));
  expect(seenFar.frames.map(frame => frame.length)).toEqual(Array.from({ length: 50 }, (_, i) => 100 + i));
  expect(seenFar.frames[7]!.buffer.byteLength).toBe(107);
  expect([...seenNear.frames[0]!]).toEqual([1, 2, 3]);
  expect([near.transport, near.binding.length]).toEqual(['tab', 0]);
  await settled(() => expect(near.bufferedBytes).toBe(0));
});

test('of several tabs that answer one gets the channel, the others forget it', async () => {
  const tabs = [await listening(), await listening(), await listening()];
  const near = await dialled();
  await settled(() => expect(tabs.flat().length).toBe(1));
  clock.pass(TAB_OFFER_TIMEOUT_MS);
  const seen = watch(near);
  tabs.flat()[0]!.send(new Uint8Array([5]));
  await settled(() => expect(seen.frames.length).toBe(1));
  expect(tabs.flat().length).toBe(1);
});

test('nobody there: DIAL_FAILED when the time is over', async () => {
  const attempt = tab().dial(never);
  clock.pass(TAB_DIAL_TIMEOUT_MS);
  await expect(attempt).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});

test('a tab does not answer itself', async () => {
  const links = tab();
  const channels: Channel[] = [];
  stops.push(await links.listen(channel => channels.push(channel)));
  const attempt = links.dial(never);
  await new Promise(resolve => setTimeout(resolve, 50));
  clock.pass(TAB_DIAL_TIMEOUT_MS);
  await expect(attempt).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  expect(channels).toEqual([]);
});

test('given up: ABORTED, before and during', async () => {
  const controller = new AbortController();
  const attempt = tab().dial(controller.signal);
  controller.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(tab().dial(controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
});

test('a tab that has stopped listening answers nobody', async () => {
  await listening();
  stops.pop()!();
  const attempt = tab().dial(never);
  await new Promise(resolve => setTimeout(resolve, 50));
  clock.pass(TAB_DIAL_TIMEOUT_MS);
  await expect(attempt).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});

test('close() is heard by both, once, after the frames before it', async () => {
  const accepted = await listening();
  const near = await dialled();
  const seenNear = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  const seenFar = watch(accepted[0]!);
  near.send(new Uint8Array([1]));
  near.close();
  near.close();
  await settled(() => expect(seenFar.closes.length).toBe(1));
  accepted[0]!.close();
  expect(seenFar.frames.length).toBe(1);
  expect(seenFar.closes.map(reason => reason.code)).toEqual(['LINK_CLOSED']);
  expect(seenNear.closes.map(reason => reason.code)).toEqual(['LINK_CLOSED']);
});

test('a page that goes away says so', async () => {
  const page = new FakePage();
  const accepted = await listening();
  const near = await dialled(page);
  watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  const seenFar = watch(accepted[0]!);
  expect(page.listeners.size).toBe(1);
  page.hide();
  await settled(() => expect(seenFar.closes.length).toBe(1));
  expect(page.listeners.size).toBe(0);
});

test('an oversized frame is refused and both hear why', async () => {
  const accepted = await listening();
  const near = await dialled();
  const seenNear = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  const seenFar = watch(accepted[0]!);
  near.send(new Uint8Array(FRAME_BYTES_MAX + 1));
  await settled(() => expect(seenNear.closes.length).toBe(1));
  expect(seenNear.closes[0]!.message).toBe('LINK_CLOSED: the other tab closed it: TOO_LARGE');
  expect(seenFar.closes[0]!.code).toBe('TOO_LARGE');
  expect(seenFar.frames).toEqual([]);
});

test('a tab that answers pings is kept; one that stopped is given up after the silent beats', async () => {
  const farClock = new ManualClock();
  const accepted = await listening(undefined, farClock);
  const near = await dialled();
  const seen = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  const far = accepted[0]!;
  for (let beat = 0; beat < 3 * TAB_SILENT_BEATS_MAX; beat++) {
    clock.pass(TAB_BEAT_MS);
    far.send(new Uint8Array([beat])); // a word after the ping, so that the test knows when the pong has come
    await settled(() => expect(seen.frames.length).toBe(beat + 1));
  }
  expect(seen.closes).toEqual([]);
  clock.pass(TAB_BEAT_MS * TAB_SILENT_BEATS_MAX); // nothing can be heard within one turn of the event loop
  expect(seen.closes).toEqual([]);
  clock.pass(TAB_BEAT_MS);
  expect(seen.closes.map(reason => reason.code)).toEqual(['LINK_CLOSED']);
});

test('bufferedBytes counts what the other tab has not taken; writable comes at low water', async () => {
  const accepted = await listening();
  const near = await dialled();
  const seen = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  watch(accepted[0]!);
  for (let bytes = 0; bytes <= LOW_WATER_BYTES; bytes += FRAME_BYTES_MAX) near.send(new Uint8Array(FRAME_BYTES_MAX));
  expect(near.bufferedBytes).toBe(LOW_WATER_BYTES + FRAME_BYTES_MAX);
  await settled(() => expect(near.bufferedBytes).toBe(0));
  expect(seen.writable).toBe(1);
});

test('a tab that takes nothing is dropped before memory is', async () => {
  const accepted = await listening();
  const near = await dialled();
  const seen = watch(near);
  await settled(() => expect(accepted.length).toBe(1));
  for (let bytes = 0; bytes <= BUFFERED_BYTES_MAX; bytes += FRAME_BYTES_MAX) near.send(new Uint8Array(FRAME_BYTES_MAX));
  expect(seen.closes.map(reason => reason.code)).toEqual(['OVERLOADED']);
});

test('a tab serves a bounded number of others, and a closed one makes room', async () => {
  const accepted = await listening();
  const channels: Channel[] = [];
  for (let i = 0; i < TAB_CHANNELS_MAX; i++) channels.push(await dialled());
  const tooMany = tab().dial(never);
  await new Promise(resolve => setTimeout(resolve, 50));
  clock.pass(TAB_DIAL_TIMEOUT_MS);
  await expect(tooMany).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  const seen = watch(accepted[0]!);
  channels[0]!.close();
  await settled(() => expect(seen.closes.length).toBe(1));
  await expect(dialled()).resolves.toMatchObject({ transport: 'tab' });
});

test('a tab answers a bounded number of times in a while', async () => {
  const accepted = await listening();
  for (let i = 0; i < TAB_ANSWER_RATE.burst; i++) {
    const channel = await dialled();
    await settled(() => expect(accepted.length).toBe(i + 1));
    const seen = watch(accepted[i]!);
    channel.close();
    await settled(() => expect(seen.closes.length).toBe(1));
  }
  const oneMore = tab().dial(never);
  await new Promise(resolve => setTimeout(resolve, 50));
  clock.pass(TAB_DIAL_TIMEOUT_MS);
  await expect(oneMore).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  await expect(dialled()).resolves.toMatchObject({ transport: 'tab' }); // time has passed
});
