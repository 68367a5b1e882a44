/**
 * The network between simulated nodes: every host has a place on a square, delay grows with distance; loss costs a
 * retransmission (channels are reliable); pairs can be cut off from one another, hosts can fall silent or die.
 */

import { utf8Encode } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import type { Channel, LinkFactory, Listener } from '../ports/link-factory.ts';
import type { SeededRandom } from './seeded-random.ts';
import { SimChannel } from './sim-channel.ts';
import { SimHost } from './sim-host.ts';
import { SimNegotiation } from './sim-negotiation.ts';
import type { Trace } from './trace.ts';
import type { Reachability, Wires } from './wires.ts';

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

export class SimNetwork implements Wires {
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

  get negotiationMs(): number {
    return this.options.negotiationMs;
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
