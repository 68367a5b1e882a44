/**
 * What the pages of `con.spec.ts` and `con-outage.spec.ts` can do: be in the sea, have a con, move a counted pattern of
 * bytes through a stream, and lose and find what ICE can do.
 */

import { type Con, createSea, HashAddress, type IceTransportPolicy, type Sea } from '../../src/index.ts';

const PIECE_BYTES = 262_144;

/** The byte at a position of the pattern. */
function patternAt(position: number): number {
  return (Math.imul(position >>> 2, 0x9e3779b1) >>> ((position & 3) * 8)) & 255;
}

function patternFrom(position: number, length: number): Uint8Array {
  const piece = new Uint8Array(length);
  for (let i = 0; i < length; i++) piece[i] = patternAt(position + i);
  return piece;
}

/** What the page may do by ICE from now on, whatever its sea was told; undefined: as that says. */
let policy: IceTransportPolicy | undefined;
const connections = new Set<RTCPeerConnection>();

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration: RTCConfiguration = {}) {
    super(policy === undefined ? configuration : { ...configuration, iceTransportPolicy: policy });
    connections.add(this);
    this.addEventListener('connectionstatechange', () => this.connectionState === 'closed' && connections.delete(this));
  }
};

export interface RouteReport {
  readonly kind: 'direct' | 'relayed' | 'none';
  readonly ms: number;
}

export interface ReadReport {
  readonly bytes: number;
  /** Every byte was the pattern's. */
  readonly right: boolean;
  readonly ms: number;
}

const pageApi = {
  sea: undefined as Sea | undefined,
  con: undefined as Con | undefined,
  /** What the con told, in order. */
  events: [] as string[],
  values: [] as unknown[],
  /** Every way the con has had, and when it said so, ms. */
  routes: [] as RouteReport[],
  read: undefined as Promise<ReadReport> | undefined,

  async join(bootstrap: string, iceTransportPolicy: IceTransportPolicy): Promise<string> {
    this.sea = await createSea({ identity: 'passing', iceServers: [], iceTransportPolicy });
    this.sea.on('connection', con => {
      this.watch(con);
      con.on('ask', value => void con.send('answer', ['heard', value ?? null]));
    });
    await this.sea.goOnline([bootstrap]);
    return this.sea.localId().toString();
  },

  transports(): string[] {
    return this.sea!.links().map(({ transport }) => transport);
  },

  watch(con: Con): void {
    this.con = con;
    this.events = [];
    this.values = [];
    this.routes = [{ kind: con.route().kind, ms: Date.now() }];
    con.on('route', ({ kind }) => this.routes.push({ kind, ms: Date.now() }));
    con.on('connect', () => this.events.push('connect'));
    con.on('disconnect', reason => this.events.push(reason === undefined ? 'disconnect' : reason.code));
    con.on('n', value => void this.values.push(value));
    con.on('answer', value => void this.values.push(value));
    con.on('stream', ({ readable }) => {
      this.read = readPattern(readable);
    });
  },

  connect(remote: string): { connected: boolean; remote: string } {
    const con = this.sea!.connect(HashAddress.from(remote));
    this.watch(con);
    return { connected: con.connected(), remote: con.remoteId().toString() };
  },

  route(): string {
    const route = this.con!.route();
    if (route.kind === 'none') return 'none';
    return route.kind === 'direct' ? `direct ${route.transport}` : `relayed ${route.by}`;
  },

  /** Sends so many numbers; resolves when there is room after the last. */
  async sendNumbers(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.con!.send('n', i);
  },

  sender: undefined as { readonly timer: ReturnType<typeof setInterval>; count: number } | undefined,

  /** Sends 0, 1, 2 … until told to stop, one every so many ms. */
  keepSending(everyMs: number): void {
    const sender = { count: 0, timer: setInterval(() => void this.con!.send('n', sender.count++), everyMs) };
    this.sender = sender;
  },

  /** How many were sent. */
  stopSending(): number {
    clearInterval(this.sender!.timer);
    return this.sender!.count;
  },

  streamer: undefined as { readonly written: Promise<number>; on: boolean } | undefined,

  /** Writes the pattern into a stream of its own until told to stop, so many bytes every so many ms. */
  keepStreaming(bytes: number, everyMs: number): void {
    const writer = this.con!.stream('endless').writable.getWriter();
    const streamer = { on: true, written: Promise.resolve(0) };
    streamer.written = (async () => {
      let at = 0;
      for (; streamer.on; at += bytes) {
        await writer.write(patternFrom(at, bytes));
        await new Promise(resolve => setTimeout(resolve, everyMs));
      }
      await writer.close();
      return at;
    })();
    this.streamer = streamer;
  },

  /** Resolves with the bytes that were written, once all are accepted. */
  stopStreaming(): Promise<number> {
    this.streamer!.on = false;
    return this.streamer!.written;
  },

  /** What ICE may use from now on. */
  setPolicy(next: IceTransportPolicy): void {
    policy = next;
  },

  /** Ends every direct link this page has, as a network does that lets nothing of the kind through any more. */
  cutDirect(): void {
    policy = 'relay';
    for (const connection of connections) connection.close();
  },

  /** Writes the pattern into a stream of its own; the milliseconds it took until everything was accepted. */
  async writePattern(bytes: number): Promise<number> {
    const began = performance.now();
    const writer = this.con!.stream('pattern').writable.getWriter();
    for (let at = 0; at < bytes; at += PIECE_BYTES)
      await writer.write(patternFrom(at, Math.min(PIECE_BYTES, bytes - at)));
    await writer.close();
    return performance.now() - began;
  },
};

async function readPattern(readable: ReadableStream<Uint8Array>): Promise<ReadReport> {
  const began = performance.now();
  const reader = readable.getReader();
  let bytes = 0;
  let right = true;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes, right, ms: performance.now() - began };
    for (let i = 0; i < value.length; i++) if (value[i] !== patternAt(bytes + i)) right = false;
    bytes += value.length;
  }
}

export type PageApi = typeof pageApi;
Object.assign(globalThis, { page: pageApi });
