/** One end of a channel in a page, driven by the test: by the WebRTC adapter, or bare for comparison. */

import { webRtcNegotiator } from '../../src/adapters/webrtc/negotiation.ts';
import type { SeaError } from '../../src/base/errors.ts';
import type { Channel, Negotiation, Signal } from '../../src/ports/link-factory.ts';

/** A signal as JSON has it. */
export type PlainSignal = Record<string, unknown>;

/** What both kinds of end can do. Frames are numbered in their first four bytes. */
export interface End {
  begin(role: 'offer' | 'answer'): void;
  accept(signal: PlainSignal): void;
  /** Resolves with the binding in hex once the channel is open. */
  opened(): Promise<string>;
  /** Sends that many frames of 64 KiB and waits until the other end says it has them all; seconds taken. */
  sendAll(frames: number): Promise<number>;
}

export interface AdapterEnd extends End {
  closes(): string[];
  close(): void;
  /** Opens attempts until one fails, closes them all; the failure's text and the number made. */
  exhaust(max: number): Promise<{ made: number; failure: string }>;
}

declare global {
  var tell: (kind: 'adapter' | 'bare', signal: PlainSignal) => void;
  var adapter: AdapterEnd;
  var bare: End;
}

const FRAME_BYTES = 65_536;
const HIGH_WATER_BYTES = 1_048_576;
const { negotiates, negotiate } = webRtcNegotiator({ iceServers: [] });

/** Numbers frames, checks the numbers that arrive, answers the last with one byte. */
class Transfer {
  readonly frame = new Uint8Array(FRAME_BYTES).fill(7);
  sent = 0;
  received = 0;
  broken = '';
  writable: () => void = () => {};
  acknowledged: () => void = () => {};

  next(total: number): Uint8Array {
    new DataView(this.frame.buffer).setUint32(0, (this.sent++ << 16) | total);
    return this.frame;
  }

  take(frame: Uint8Array): boolean {
    if (frame.length === 1) {
      this.acknowledged();
      return false;
    }
    const head = new DataView(frame.buffer, frame.byteOffset).getUint32(0);
    const fit = frame.length === FRAME_BYTES && head >>> 16 === this.received && frame[FRAME_BYTES - 1] === 7;
    if (!fit) this.broken = `frame ${this.received} came as ${head >>> 16} with ${frame.length} bytes`;
    this.received++;
    const last = this.received === (head & 0xffff);
    if (last) this.received = 0;
    return last;
  }

  /** `send` until `total` are gone, waiting while `buffered` is high; then for the other end's word. */
  async run(total: number, send: (frame: Uint8Array) => void, buffered: () => number): Promise<number> {
    const done = new Promise<void>(resolve => {
      this.acknowledged = resolve;
    });
    this.sent = 0;
    const start = performance.now();
    while (this.sent < total) {
      send(this.next(total));
      if (buffered() > HIGH_WATER_BYTES) {
        await new Promise<void>(resolve => {
          this.writable = resolve;
        });
      }
    }
    await done;
    return (performance.now() - start) / 1_000;
  }
}

function adapterEnd(): AdapterEnd {
  const transfer = new Transfer();
  const closes: SeaError[] = [];
  let attempt: Negotiation;
  let channel: Channel;
  return {
    begin(role) {
      if (!negotiates) throw new Error('this page has no WebRTC');
      attempt = negotiate(role, signal => tell('adapter', toPlain(signal)));
    },
    accept: signal => attempt.accept(fromPlain(signal)),
    async opened() {
      channel = await attempt.channel;
      channel.open({
        onFrame: frame => {
          if (transfer.take(frame)) channel.send(new Uint8Array(1));
        },
        onWritable: () => transfer.writable(),
        onClose: reason => closes.push(reason),
      });
      return Array.from(channel.binding, byte => byte.toString(16).padStart(2, '0')).join('');
    },
    async sendAll(frames) {
      const seconds = await transfer.run(
        frames,
        frame => channel.send(frame),
        () => channel.bufferedBytes,
      );
      if (transfer.broken !== '') throw new Error(transfer.broken);
      return seconds;
    },
    closes: () => [transfer.broken, ...closes.map(reason => reason.code)].filter(text => text !== ''),
    close: () => channel.close(),
    exhaust,
  };
}

async function exhaust(max: number): Promise<{ made: number; failure: string }> {
  const attempts: Negotiation[] = [];
  let failure = '';
  while (attempts.length < max && failure === '') {
    const attempt = negotiate('answer', () => {});
    attempts.push(attempt);
    attempt.channel.catch((error: SeaError) => {
      failure = error.message;
    });
    await new Promise(resolve => setTimeout(resolve));
  }
  const made = attempts.length;
  for (const attempt of attempts) attempt.close();
  return { made, failure };
}

/** The platform's own connection with the same channel and the same flow control: what ours is compared with. */
function bareEnd(): End {
  const transfer = new Transfer();
  const connection = new RTCPeerConnection({ iceServers: [] });
  const raw = connection.createDataChannel('x', { negotiated: true, id: 0 });
  raw.binaryType = 'arraybuffer';
  raw.bufferedAmountLowThreshold = 262_144;
  const opened = new Promise<string>(resolve => {
    raw.onopen = () => resolve('');
  });
  raw.onmessage = event => {
    if (transfer.take(new Uint8Array(event.data as ArrayBuffer))) raw.send(new Uint8Array(1));
  };
  raw.onbufferedamountlow = () => transfer.writable();
  connection.onicecandidate = ({ candidate }) => {
    if (candidate !== null) tell('bare', { candidate: candidate.toJSON() });
  };
  const describe = async (): Promise<void> => {
    await connection.setLocalDescription();
    tell('bare', { description: connection.localDescription?.toJSON() });
  };
  return {
    begin: role => void (role === 'offer' && describe()),
    accept({ description, candidate }) {
      if (candidate !== undefined) void connection.addIceCandidate(candidate);
      if (description === undefined) return;
      const { type } = description as RTCSessionDescriptionInit;
      void connection
        .setRemoteDescription(description as RTCSessionDescriptionInit)
        .then(() => (type === 'offer' ? describe() : undefined));
    },
    opened: () => opened,
    sendAll: frames =>
      transfer.run(
        frames,
        frame => raw.send(frame as Uint8Array<ArrayBuffer>),
        () => raw.bufferedAmount,
      ),
  };
}

function toPlain(signal: Signal): PlainSignal {
  return signal.kind === 'description' ? { ...signal, fingerprint: [...signal.fingerprint] } : { ...signal };
}

function fromPlain(signal: PlainSignal): Signal {
  const { fingerprint } = signal;
  const whole = Array.isArray(fingerprint) ? { ...signal, fingerprint: Uint8Array.from(fingerprint) } : signal;
  return whole as unknown as Signal;
}

globalThis.adapter = adapterEnd();
globalThis.bare = bareEnd();
