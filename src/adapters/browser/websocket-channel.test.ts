import { beforeEach, expect, test } from 'vitest';
import { SeaError } from '../../base/errors.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { FRAME_BYTES_MAX } from '../../ports/link-factory.ts';
import { BUFFERED_BYTES_MAX, DRAIN_POLL_MS, LOW_WATER_BYTES } from './limits.ts';
import { type SocketLike, WebSocketChannel, type WebSocketChannelOptions } from './websocket-channel.ts';

/** A socket whose network is the test. It keeps a page's rule for close codes. */
class FakeSocket implements SocketLike {
  binaryType = 'arraybuffer';
  bufferedAmount = 0;
  readonly sent: Uint8Array[] = [];
  readonly closedWith: (number | undefined)[] = [];
  readonly #listeners = new Map<string, ((event: never) => void)[]>();

  send(data: Uint8Array): void {
    this.sent.push(data);
    this.bufferedAmount += data.length;
  }

  close(code?: number): void {
    if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) throw new Error('InvalidAccessError');
    this.closedWith.push(code);
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  emit(type: string, event: object): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

let socket: FakeSocket;
let clock: ManualClock;
let events: string[];

beforeEach(() => {
  socket = new FakeSocket();
  clock = new ManualClock();
  events = [];
});

function channelWith(options: Partial<WebSocketChannelOptions> = {}): WebSocketChannel {
  return new WebSocketChannel(socket, { binding: new Uint8Array([7]), drainClock: clock, ...options });
}

async function opened(options: Partial<WebSocketChannelOptions> = {}): Promise<WebSocketChannel> {
  const channel = channelWith(options);
  channel.open({
    onFrame: frame => events.push(`frame ${frame.length}`),
    onWritable: () => events.push('writable'),
    onClose: reason => events.push(`close ${reason.code}`),
  });
  await Promise.resolve();
  return channel;
}

const message = (length: number): object => ({ data: new ArrayBuffer(length) });

test('delivers binary messages as frames', async () => {
  await opened();
  socket.emit('message', message(1));
  socket.emit('message', message(FRAME_BYTES_MAX));
  expect(events).toEqual(['frame 1', `frame ${FRAME_BYTES_MAX}`]);
});

test('keeps frames until it is opened', async () => {
  const channel = channelWith();
  socket.emit('message', message(3));
  socket.emit('close', { code: 1000 });
  channel.open({
    onFrame: f => events.push(`frame ${f.length}`),
    onWritable: () => {},
    onClose: r => events.push(`close ${r.code}`),
  });
  await Promise.resolve();
  expect(events).toEqual(['frame 3', 'close LINK_CLOSED']);
});

test.each([
  ['text', { data: 'hello' }, 'BAD_MESSAGE', 4001],
  ['nothing', message(0), 'BAD_MESSAGE', 4001],
  ['a frame over the limit', message(FRAME_BYTES_MAX + 1), 'TOO_LARGE', 4002],
])('%s closes it, once, and tells the other end', async (_what, event, code, closeCode) => {
  await opened();
  socket.emit('message', event);
  socket.emit('message', message(1));
  socket.emit('close', { code: closeCode });
  expect(events).toEqual([`close ${code}`]);
  expect(socket.closedWith).toEqual([closeCode]);
});

test('a frame that is not admitted closes it', async () => {
  await opened({ admit: bytes => (bytes > 10 ? new SeaError('OVERLOADED', 'too much') : undefined) });
  socket.emit('message', message(10));
  socket.emit('message', message(11));
  expect(events).toEqual(['frame 10', 'close OVERLOADED']);
  expect(socket.closedWith).toEqual([4013]);
});

test.each([
  [1000, 'LINK_CLOSED: the websocket closed with code 1000'],
  [1006, 'LINK_CLOSED: the websocket closed with code 1006'],
  [1009, 'LINK_CLOSED: the other end closed it: TOO_LARGE'],
  [4013, 'LINK_CLOSED: the other end closed it: OVERLOADED'],
  [4999, 'LINK_CLOSED: the websocket closed with code 4999'],
])('the other end closing with %i is told once, with its reason as text', async (closeCode, text) => {
  const reasons: string[] = [];
  const channel = channelWith();
  channel.open({ onFrame: () => {}, onWritable: () => {}, onClose: reason => reasons.push(reason.message) });
  await Promise.resolve();
  socket.emit('close', { code: closeCode });
  socket.emit('close', { code: closeCode });
  expect(reasons).toEqual([text]);
});

test('a failed socket closes it with the explanation', async () => {
  await opened({ explain: () => new SeaError('TOO_LARGE', 'the cap') });
  socket.emit('error', { error: new Error('cap') });
  socket.emit('close', { code: 1006 });
  expect(events).toEqual(['close TOO_LARGE']);
});

test('close() says so once and sends nothing more', async () => {
  const channel = await opened();
  channel.close();
  channel.close();
  channel.send(new Uint8Array(5));
  socket.emit('message', message(1));
  socket.emit('close', { code: 1000 });
  expect(events).toEqual(['close LINK_CLOSED']);
  expect(socket.closedWith).toEqual([1000]);
  expect(socket.sent).toEqual([]);
  expect(channel.bufferedBytes).toBe(0);
});

test('writable comes once when the buffer has fallen to low water, found by asking', async () => {
  const channel = await opened();
  for (let sent = 0; sent <= LOW_WATER_BYTES; sent += FRAME_BYTES_MAX) channel.send(new Uint8Array(FRAME_BYTES_MAX));
  clock.pass(10 * DRAIN_POLL_MS);
  expect(events).toEqual([]);
  socket.bufferedAmount = LOW_WATER_BYTES;
  clock.pass(DRAIN_POLL_MS);
  clock.pass(10 * DRAIN_POLL_MS);
  expect(events).toEqual(['writable']);
  expect(clock.waiting).toBe(0);
});

test('below low water nothing is asked', async () => {
  const channel = await opened();
  channel.send(new Uint8Array(FRAME_BYTES_MAX));
  expect(channel.bufferedBytes).toBe(FRAME_BYTES_MAX);
  expect(clock.waiting).toBe(0);
});

test('a handler that fills the buffer again is asked for by one poll only', async () => {
  const channel = channelWith();
  const fill = (): void => {
    for (let i = 0; i < 5; i++) channel.send(new Uint8Array(FRAME_BYTES_MAX));
  };
  channel.open({ onFrame: () => {}, onWritable: fill, onClose: () => {} });
  await Promise.resolve();
  fill();
  for (let round = 0; round < 3; round++) {
    expect(clock.waiting).toBe(1);
    socket.bufferedAmount = 0;
    clock.pass(DRAIN_POLL_MS);
  }
});

test('a peer that never reads is dropped before memory is', async () => {
  const channel = await opened();
  for (let i = 0; i < 2 * (BUFFERED_BYTES_MAX / FRAME_BYTES_MAX); i++) channel.send(new Uint8Array(FRAME_BYTES_MAX));
  expect(events).toEqual(['close OVERLOADED']);
  expect(socket.sent.length).toBe(BUFFERED_BYTES_MAX / FRAME_BYTES_MAX);
});
