import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { deferred } from '../../base/deferred.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import { timersClock } from '../../ports/acceptance/timers-clock.ts';
import { type Channel, FRAME_BYTES_MAX } from '../../ports/link-factory.ts';
import { silentLog } from '../../ports/log.ts';
import { dialFromNode } from './websocket-dialer.ts';
import { WebSocketListener, type WebSocketListenerOptions } from './websocket-listener.ts';

const never = new AbortController().signal;
const realTime = timersClock();
const undo: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Listening {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly listener: WebSocketListener;
  readonly accepted: Channel[];
  /** The next channel taken. */
  next(): Promise<Channel>;
}

async function listening(options: Partial<WebSocketListenerOptions> = {}): Promise<Listening> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const listener = new WebSocketListener({ server, clock: realTime, log: silentLog, ...options });
  const accepted: Channel[] = [];
  let waiting = deferred<Channel>();
  const stop = await listener.listen(channel => {
    accepted.push(channel);
    waiting.resolve(channel);
  });
  undo.push(async () => {
    stop();
    listener.closeChannels();
    await new Promise<void>(resolve => server.close(() => resolve()));
  });
  const { port } = server.address() as AddressInfo;
  const next = async (): Promise<Channel> => {
    const channel = await waiting.promise;
    waiting = deferred<Channel>();
    return channel;
  };
  return { url: `ws://127.0.0.1:${port}/sea`, port, server, listener, accepted, next };
}

/** A websocket that keeps no rule of ours. */
async function stranger(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  undo.push(() => socket.terminate());
  socket.on('error', () => {});
  await new Promise<void>(resolve => socket.once('open', resolve));
  return socket;
}

/** The HTTP status with which an upgrade is refused. */
function refusal(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('error', () => {});
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('the upgrade was not refused'));
    });
  });
}

function closeOf(socket: WebSocket): Promise<number> {
  return new Promise(resolve => socket.once('close', resolve));
}

function record(channel: Channel): Recorder {
  const recorder = new Recorder();
  channel.open(recorder);
  return recorder;
}

test('both ends hold the host that was dialled', async () => {
  const sea = await listening();
  const near = await dialFromNode(`ws://LocalHost:${sea.port}/sea`, { clock: realTime }, never);
  const far = await sea.next();
  expect(new TextDecoder().decode(near.binding)).toBe(`localhost:${sea.port}`);
  expect(far.binding).toEqual(near.binding);
  expect([near.transport, far.transport]).toEqual(['websocket', 'websocket']);
  near.close();
});

test('a machine in between that is dialled under its own name cannot bind alike', async () => {
  const sea = await listening({ hosts: ['sea.example.org'] });
  expect(await refusal(sea.url)).toBe(421);
  expect(await refusal(sea.url, { host: 'evil.example' })).toBe(421);
  await stranger(sea.url, { host: 'sea.example.org' });
  expect(new TextDecoder().decode((await sea.next()).binding)).toBe('sea.example.org');
});

test('only the listed origins may connect, and programs without an origin', async () => {
  const sea = await listening({ origins: ['https://sea.example.org'] });
  expect(await refusal(sea.url, { origin: 'https://evil.example' })).toBe(403);
  expect(sea.accepted).toEqual([]);
  await stranger(sea.url, { origin: 'https://sea.example.org' });
  await stranger(sea.url);
  expect(sea.accepted.length).toBe(2);
});

test('another path is refused, and all once it has stopped', async () => {
  const sea = await listening();
  expect(await refusal(sea.url.replace('/sea', '/other'))).toBe(404);
  await undo.pop()!();
  await expect(dialFromNode(sea.url, { clock: realTime }, never)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
});

test('an oversized message ends the channel with TOO_LARGE before it is read', async () => {
  const sea = await listening();
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  socket.send(new Uint8Array(FRAME_BYTES_MAX));
  socket.send(new Uint8Array(FRAME_BYTES_MAX + 1));
  expect(await closeOf(socket)).toBe(1009);
  await seen.until(r => r.closes.length > 0);
  expect(seen.closes.map(reason => reason.code)).toEqual(['TOO_LARGE']);
  expect(seen.frames.length).toBe(1);
});

test('a text message ends the channel with BAD_MESSAGE', async () => {
  const sea = await listening();
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  socket.send('{"hello":1}');
  expect(await closeOf(socket)).toBe(4001);
  expect(seen.closes.map(reason => reason.code)).toEqual(['BAD_MESSAGE']);
});

test('what is no websocket message ends the channel with BAD_MESSAGE', async () => {
  const sea = await listening();
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  (socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(
    new Uint8Array([0xff, 0x80, 1, 2, 3, 4]),
  );
  await seen.until(r => r.closes.length > 0);
  expect(seen.closes.map(reason => reason.code)).toEqual(['BAD_MESSAGE']);
});

test('more frames than a peer may send end the channel; what was allowed has arrived', async () => {
  const sea = await listening({ limits: { frames: { burst: 50, perSecond: 0.001 } } });
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  for (let i = 0; i < 51; i++) socket.send(new Uint8Array([i]));
  expect(await closeOf(socket)).toBe(4013);
  expect(seen.frames.length).toBe(50);
  expect(seen.closes.map(reason => reason.code)).toEqual(['OVERLOADED']);
});

test('pings are answered and count as frames', async () => {
  const sea = await listening({ limits: { frames: { burst: 20, perSecond: 0.001 } } });
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  const answers: string[] = [];
  socket.on('pong', data => answers.push(String(data)));
  for (let i = 0; i < 21; i++) socket.ping(`${i}`);
  expect(await closeOf(socket)).toBe(4013);
  expect(answers).toEqual(Array.from({ length: 20 }, (_, i) => `${i}`));
  expect(seen.closes.map(reason => reason.code)).toEqual(['OVERLOADED']);
});

test('more bytes than a peer may send are slowed down, and all arrive', async () => {
  const clock = new ManualClock();
  const sea = await listening({ clock, limits: { bytes: { burst: 100_000, perSecond: 1_000_000 } } });
  const socket = await stranger(sea.url);
  const seen = record(await sea.next());
  for (let i = 0; i < 60; i++) socket.send(new Uint8Array(50_000));
  await seen.until(r => r.frames.length >= 3); // the third makes the debt
  await new Promise(resolve => setTimeout(resolve, 100));
  const arrived = seen.frames.length;
  expect(arrived).toBeLessThan(30); // what was in the machine's buffers when reading paused
  while (seen.frames.length < 60) {
    clock.pass(1_000);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  expect(seen.closes).toEqual([]);
});

test('a socket that says nothing is closed in time, one that spoke is not', async () => {
  const clock = new ManualClock();
  const sea = await listening({ clock });
  const silent = await stranger(sea.url);
  const seenSilent = record(await sea.next());
  const talking = await stranger(sea.url);
  const seenTalking = record(await sea.next());
  talking.send(new Uint8Array([1]));
  await seenTalking.until(r => r.frames.length === 1);
  clock.pass(10_000);
  expect(await closeOf(silent)).toBe(4022);
  expect(seenSilent.closes.map(reason => reason.code)).toEqual(['TIMEOUT']);
  expect(seenTalking.closes).toEqual([]);
});

test('connections are bounded by address and in all; a closed one makes room', async () => {
  const sea = await listening({ limits: { connectionsPerAddressMax: 2 }, trustProxy: true });
  const first = await stranger(sea.url, { 'x-forwarded-for': '203.0.113.1' });
  await stranger(sea.url, { 'x-forwarded-for': '203.0.113.1' });
  expect(await refusal(sea.url, { 'x-forwarded-for': '203.0.113.1' })).toBe(429);
  await stranger(sea.url, { 'x-forwarded-for': '203.0.113.2' });
  expect(sea.listener.connections).toBe(3);
  first.terminate();
  await expect.poll(() => sea.listener.connections, { timeout: 10_000 }).toBe(2);
  await stranger(sea.url, { 'x-forwarded-for': '203.0.113.1' });
  const small = await listening({ limits: { connectionsMax: 1 } });
  await stranger(small.url);
  expect(await refusal(small.url)).toBe(503);
});

test('dials are bounded in time', async () => {
  const clock = new ManualClock();
  const sea = await listening({ clock, limits: { dials: { burst: 2, perSecond: 1 } } });
  await stranger(sea.url);
  await stranger(sea.url);
  expect(await refusal(sea.url)).toBe(429);
  clock.pass(1_000);
  await stranger(sea.url);
});

test('half an upgrade request leaves nothing behind', async () => {
  const sea = await listening();
  const socket = connect(sea.port, '127.0.0.1');
  await new Promise<void>(resolve => socket.once('connect', () => resolve()));
  socket.write(`GET /sea HTTP/1.1\r\nHost: 127.0.0.1:${sea.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  const answer = await new Promise<string>(resolve => socket.once('data', data => resolve(String(data))));
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  await expect.poll(() => sea.listener.connections, { timeout: 10_000 }).toBe(0);
  expect(sea.accepted).toEqual([]);
  socket.destroy();
});

test('a peer that never reads is dropped', async () => {
  const sea = await listening();
  const socket = await stranger(sea.url);
  const far = await sea.next();
  const seen = record(far);
  await Promise.resolve(); // open() delivers from the next microtask on
  socket.pause();
  for (let i = 0; i < 2_000 && seen.closes.length === 0; i++) far.send(new Uint8Array(FRAME_BYTES_MAX));
  expect(seen.closes.map(reason => reason.code)).toEqual(['OVERLOADED']);
  await expect.poll(() => sea.listener.connections, { timeout: 10_000 }).toBe(0);
});

test('hosts must be hosts', () => {
  const server = createServer();
  expect(() => new WebSocketListener({ server, clock: realTime, log: silentLog, hosts: ['https://x/'] })).toThrow(
    'BAD_ARGUMENT',
  );
});
