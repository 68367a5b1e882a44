/**
 * One end of the link bench, in a tab. Two tabs share a room of the relay: 'dialler' measures, 'answerer' echoes, counts
 * and acknowledges. Every measurement exists twice, over a link and over a raw channel, with the same traffic.
 */

import { HashAddress } from '../../src/address/hash-address.ts';
import type { Link } from '../../src/link/link.ts';
import type { Path } from '../../src/routing/path.ts';
import { answerDial, type BenchNode, makeNode } from './bench-node.ts';
import { openRaw, type RawConnection, sendAll } from './raw-channel.ts';
import { SignalBus } from './signal-bus.ts';

/** A line that tells the dialler that the answerer's end is open. */
const READY_LINE = 0xffff_ffff;
/** Lines from here on are raw. */
const RAW_LINES = 0x8000_0000;

const ECHO_SCOPE = 'bench:echo';
const PING_BYTES = 100;
/** The upper layers' window: unacknowledged bytes on a path, and bytes after which the receiver acknowledges. */
const WINDOW_BYTES = 8_388_608;
const ACKNOWLEDGE_BYTES = 1_048_576;

let bus: SignalBus;
let node: BenchNode;
let remote: HashAddress;
let raw: RawConnection;
let rawLine = RAW_LINES;
/** See `expect`. */
let awaitedBytes = 0;

const page = {
  async start(url: string): Promise<string> {
    bus = await SignalBus.connect(url);
    node = await makeNode(bus);
    return node.address.toString();
  },

  /** Lets the other page dial, by link and raw; echoes and counts what comes. */
  answer(): void {
    node.rpc.handle(ECHO_SCOPE, async ({ body }) => body);
    bus.onLine = (line, body) => void (line >= RAW_LINES ? answerRaw(line, body) : answerLink(line, body));
  },

  /** What the answerer does with messages on paths and the raw channel: echo them (-1; 0 leaves paths to calls) or wait for so many bytes. */
  expect(bytes: number): void {
    awaitedBytes = bytes;
    node.onPath = bytes === 0 ? path => node.rpc.accept(path) : sink;
  },

  meet(address: string): void {
    remote = HashAddress.from(address);
  },

  /** Milliseconds from the wish to an open connection at both ends. */
  async open(arm: 'link' | 'raw'): Promise<number> {
    const began = performance.now();
    const bothOpen = new Promise<void>(resolve => {
      const forget = bus.listen(READY_LINE, () => {
        forget();
        resolve();
      });
    });
    if (arm === 'link') await node.links.connect(remote);
    else raw = await openRaw(bus, ++rawLine, 'offer');
    await bothOpen;
    return performance.now() - began;
  },

  /** Ends a connection and lets it be collected. */
  async close(arm: 'link' | 'raw'): Promise<void> {
    if (arm === 'raw') return raw.close();
    linkToRemote().close('CLOSED', 'measured');
  },

  /** MB/s of messages of that size, from the first sent to word of the last received. */
  async bulk(arm: 'link' | 'raw', messageBytes: number, count: number): Promise<number> {
    const message = new Uint8Array(messageBytes).fill(7);
    const began = performance.now();
    if (arm === 'raw') {
      const over = new Promise<void>(resolve => {
        raw.channel.onmessage = () => resolve();
      });
      await sendAll(raw.channel, message, count);
      await over;
    } else {
      await sendOnPath(message, count);
    }
    return (messageBytes * count) / 1_000 / (performance.now() - began);
  },

  /** Mean milliseconds of so many round trips of 100 bytes, one after the other. */
  async roundTrips(arm: 'call' | 'path' | 'raw', count: number): Promise<number> {
    const body = { value: null, payload: new Uint8Array(PING_BYTES).fill(7) };
    const trip = arm === 'call' ? () => node.rpc.call(remote, ECHO_SCOPE, body) : await tripper(arm, body.payload);
    const began = performance.now();
    for (let i = 0; i < count; i++) await trip();
    return (performance.now() - began) / count;
  },
};

function linkToRemote(): Link {
  return node.links.table.get(remote)!;
}

async function answerLink(line: number, body: Uint8Array): Promise<void> {
  await answerDial(node, bus, line, body);
  bus.send(READY_LINE, new Uint8Array(0));
}

async function answerRaw(line: number, first: Uint8Array): Promise<void> {
  raw?.close();
  const opening = openRaw(bus, line, 'answer');
  bus.replay(line, first);
  raw = await opening;
  let received = 0;
  raw.channel.onmessage = ({ data }) => {
    if (awaitedBytes <= 0) return raw.channel.send(data as ArrayBuffer);
    received += (data as ArrayBuffer).byteLength;
    if (received < awaitedBytes) return;
    received = 0;
    raw.channel.send(new Uint8Array(1));
  };
  bus.send(READY_LINE, new Uint8Array(0));
}

/** Counts a path's messages; acknowledges now and then, and the last. Without awaited bytes it echoes. */
function sink(path: Path): { onMessage(message: Uint8Array): void; onEnd(): void } {
  let received = 0;
  let acknowledged = 0;
  return {
    onMessage(message) {
      if (awaitedBytes < 0) return path.send(message);
      received += message.length;
      if (received - acknowledged < ACKNOWLEDGE_BYTES && received < awaitedBytes) return;
      acknowledged = received;
      path.send(new Uint8Array(new Float64Array([received]).buffer));
    },
    onEnd() {},
  };
}

async function sendOnPath(message: Uint8Array, count: number): Promise<void> {
  let sent = 1;
  let acknowledged = 0;
  let wake = (): void => {};
  const path = node.router.open(remote, {}, message, {
    onMessage(word) {
      acknowledged = new Float64Array(word.slice().buffer)[0]!;
      wake();
    },
    onEnd(error) {
      if (error !== undefined) throw error;
    },
  });
  const moved = (): Promise<void> =>
    new Promise(resolve => {
      wake = resolve;
    });
  while (acknowledged < message.length * count) {
    while (sent < count && sent * message.length - acknowledged < WINDOW_BYTES) {
      path.send(message);
      sent++;
    }
    await moved();
  }
  path.end();
}

/** A function that sends the ping and waits for its echo, on a raw channel or a path that stands. */
async function tripper(arm: 'path' | 'raw', ping: Uint8Array<ArrayBuffer>): Promise<() => Promise<void>> {
  let back = (): void => {};
  const echoed = (): Promise<void> =>
    new Promise(resolve => {
      back = resolve;
    });
  if (arm === 'raw') {
    raw.channel.onmessage = () => back();
    return () => {
      raw.channel.send(ping);
      return echoed();
    };
  }
  const stands = echoed();
  const path = node.router.open(remote, {}, ping, { onMessage: () => back(), onEnd() {} });
  await stands;
  return () => {
    path.send(ping);
    return echoed();
  };
}

export type LinkPage = typeof page;
Object.assign(globalThis, { tab: page });
