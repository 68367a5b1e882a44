/** What the pages of `con.spec.ts` can do: be in the sea, have a con, move a counted pattern of bytes through a stream. */

import { type Con, createSea, HashAddress, type IceTransportPolicy, type Sea } from '../../src/index.ts';

const PIECE_BYTES = 262_144;

/** The byte at a position of the pattern. */
function patternAt(position: number): number {
  return (Math.imul(position >>> 2, 0x9e3779b1) >>> ((position & 3) * 8)) & 255;
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

  /** Writes the pattern into a stream of its own; the milliseconds it took until everything was accepted. */
  async writePattern(bytes: number): Promise<number> {
    const began = performance.now();
    const writer = this.con!.stream('pattern').writable.getWriter();
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, bytes - at);
      for (let i = 0; i < length; i++) piece[i] = patternAt(at + i);
      await writer.write(piece.subarray(0, length));
    }
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
