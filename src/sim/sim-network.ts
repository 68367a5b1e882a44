/**
 * The network between simulated nodes: every host has a place on a square, delay grows with distance; loss costs a
 * retransmission (channels are reliable); pairs can be cut off from one another, hosts can fall silent or die.
 */

import { concat, utf8Encode } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import type { Channel, LinkFactory, Listener, Negotiation, Signal } from '../ports/link-factory.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimChannel } from './sim-channel.ts';
import type { Trace } from './trace.ts';

/** Read it as a sentence: delay from … to … ms each way, frames lost with … and sent again after … ms. */
export interface NetworkOptions {
  readonly delayMsMin: number;
  /** Delay between opposite corners. */
  readonly delayMsMax: number;
  /** Chance that a frame is lost on its way and has to be sent again. */
  readonly loss: number;
  readonly retransmitMs: number;
  /** Time that ICE and DTLS take beyond the signals, ms. */
  readonly negotiationMs: number;
  /** When a killed host's channels are noticed, ms (Chromium: 7 to 17 s). */
  readonly deathNoticedMs: number;
}

export const defaultNetwork: NetworkOptions = {
  delayMsMin: 2,
  delayMsMax: 120,
  loss: 0.005,
  retransmitMs: 200,
  negotiationMs: 40,
  deathNoticedMs: 12_000,
};

/** Whether two hosts may exchange frames now. */
export type Reachability = (a: SimHost, b: SimHost) => boolean;

/** One machine. */
export class SimHost {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** running; silent: keeps its connections and answers nothing (a frozen tab); dead: killed. */
  state: 'running' | 'silent' | 'dead' = 'running';
  readonly channels: Set<SimChannel> = new Set();

  constructor(index: number, x: number, y: number) {
    this.index = index;
    this.x = x;
    this.y = y;
  }
}

export class SimNetwork {
  readonly options: NetworkOptions;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Partitions: replaced by scenarios. */
  reachable: Reachability = () => true;
  /** Pairs that can never negotiate a direct channel (NATs): replaced by scenarios. */
  negotiable: Reachability = () => true;
  readonly #random: SeededRandom;
  readonly #hosts: SimHost[] = [];
  readonly #listeners = new Map<string, { host: SimHost; onChannel: (channel: Channel) => void }>();
  readonly #attempts = new Map<string, SimNegotiation>();

  constructor(clock: Clock, random: SeededRandom, trace: Trace, options: NetworkOptions = defaultNetwork) {
    this.clock = clock;
    this.trace = trace;
    this.options = options;
    this.#random = random;
  }

  addHost(): SimHost {
    const host = new SimHost(this.#hosts.length, this.#random.fraction(), this.#random.fraction());
    this.#hosts.push(host);
    return host;
  }

  /** How the host makes links. */
  factory(host: SimHost): LinkFactory {
    return {
      negotiates: true,
      dial: async (url, signal) => this.#dial(host, url, signal),
      negotiate: (role, onSignal) => new SimNegotiation(this, this.#attempts, host, role, onSignal, this.#token()),
    };
  }

  /** Listens on `url` at the host, such as `ws://bootstrap`. */
  listener(host: SimHost, url: string): Listener {
    return {
      listen: async onChannel => {
        this.#listeners.set(url, { host, onChannel });
        return () => this.#listeners.delete(url);
      },
    };
  }

  /** The host is gone without a word: its channels end on the other side some seconds later. */
  kill(host: SimHost): void {
    host.state = 'dead';
    for (const channel of [...host.channels]) channel.die(this.options.deathNoticedMs);
  }

  /** One way, drawn anew for each frame: distance, and now and then a retransmission. */
  delayMs(a: SimHost, b: SimHost): number {
    const { delayMsMin, delayMsMax, loss, retransmitMs } = this.options;
    const distance = Math.sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)) / Math.SQRT2;
    const base = delayMsMin + distance * (delayMsMax - delayMsMin);
    return this.#random.fraction() < loss ? base + retransmitMs : base;
  }

  #token(): string {
    return `t${this.#random.uint32().toString(16)}${this.#random.uint32().toString(16)}`;
  }

  async #dial(host: SimHost, url: string, signal: AbortSignal): Promise<Channel> {
    const entry = this.#listeners.get(url);
    const opened = deferred<Channel>();
    const travelMs = entry === undefined ? this.options.delayMsMax : 3 * this.delayMs(host, entry.host);
    this.clock.after(travelMs, () => {
      if (signal.aborted) return opened.reject(new SeaError('ABORTED', 'the dial was given up'));
      if (
        entry === undefined ||
        entry.host.state !== 'running' ||
        !this.reachable(host, entry.host) ||
        this.#listeners.get(url) !== entry
      ) {
        return opened.reject(new SeaError('DIAL_FAILED', `nobody answers at ${url}`));
      }
      const [near, far] = SimChannel.pair(this, host, entry.host, 'websocket', utf8Encode(url));
      entry.onChannel(far);
      opened.resolve(near);
    });
    return opened.promise;
  }
}

/** Pairs two attempts by the tokens in their descriptions; the answering side makes the channel. */
class SimNegotiation implements Negotiation {
  readonly channel: Promise<Channel>;
  readonly host: SimHost;
  readonly #network: SimNetwork;
  readonly #attempts: Map<string, SimNegotiation>;
  readonly #token: string;
  readonly #role: 'offer' | 'answer';
  readonly #onSignal: (signal: Signal) => void;
  readonly #outcome = deferred<Channel>();

  constructor(
    network: SimNetwork,
    attempts: Map<string, SimNegotiation>,
    host: SimHost,
    role: 'offer' | 'answer',
    onSignal: (signal: Signal) => void,
    token: string,
  ) {
    this.#network = network;
    this.#attempts = attempts;
    this.host = host;
    this.#role = role;
    this.#onSignal = onSignal;
    this.#token = token;
    this.channel = this.#outcome.promise;
    attempts.set(token, this);
    if (role === 'offer') network.clock.after(1, () => this.#describe());
  }

  accept(signal: Signal): void {
    if (signal.kind !== 'description') return;
    const other = this.#attempts.get(signal.ufrag);
    if (other === undefined) return;
    if (this.#role === 'answer') {
      this.#describe();
      return;
    }
    this.#network.clock.after(this.#network.options.negotiationMs, () => this.#join(other));
  }

  close(): void {
    this.#attempts.delete(this.#token);
    this.#outcome.reject(new SeaError('ABORTED', 'the negotiation was given up'));
  }

  #describe(): void {
    this.#onSignal({
      kind: 'description',
      role: this.#role,
      ufrag: this.#token,
      password: this.#token.padEnd(22, '0'),
      fingerprint: new Uint8Array(32),
    });
  }

  #join(other: SimNegotiation): void {
    const network = this.#network;
    const possible = network.negotiable(this.host, other.host) && network.reachable(this.host, other.host);
    if (
      !possible ||
      this.host.state !== 'running' ||
      other.host.state !== 'running' ||
      !this.#attempts.has(other.#token)
    ) {
      network.clock.after(15_000, () =>
        this.#outcome.reject(new SeaError('DIAL_FAILED', 'the hosts cannot reach each other')),
      );
      return;
    }
    const binding = concat(utf8Encode(this.#token), utf8Encode(other.#token));
    const [near, far] = SimChannel.pair(network, this.host, other.host, 'webrtc', binding);
    this.#attempts.delete(this.#token);
    this.#attempts.delete(other.#token);
    other.#outcome.resolve(far);
    this.#outcome.resolve(near);
  }
}
