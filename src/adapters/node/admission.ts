/** Counts the websockets that are open, in all and by address, and decides whether one more is taken. */

import type { Clock } from '../../base/clock.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { ADDRESSES_MAX, type ListenerLimits } from './limits.ts';

export type Verdict =
  | { readonly outcome: 'admitted' /** Gives the place back; call once. */; readonly release: () => void }
  | { readonly outcome: 'full' | 'too many' | 'too often' };

interface Client {
  open: number;
  readonly dials: TokenBucket;
}

export class Admission {
  readonly #clock: Clock;
  readonly #limits: ListenerLimits;
  readonly #clients = new Map<string, Client>();
  #open = 0;

  constructor(clock: Clock, limits: ListenerLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Websockets that hold a place. */
  get open(): number {
    return this.#open;
  }

  /** `key` is the client's addressKey(). */
  admit(key: string): Verdict {
    const client = this.#clientOf(key);
    if (!client.dials.take()) return { outcome: 'too often' };
    if (this.#open >= this.#limits.connectionsMax) return { outcome: 'full' };
    if (client.open >= this.#limits.connectionsPerAddressMax) return { outcome: 'too many' };
    this.#open += 1;
    client.open += 1;
    return {
      outcome: 'admitted',
      release: () => {
        this.#open -= 1;
        client.open -= 1;
      },
    };
  }

  #clientOf(key: string): Client {
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    if (this.#clients.size >= ADDRESSES_MAX) this.#forgetOne();
    const client = { open: 0, dials: new TokenBucket(this.#clock, this.#limits.dials) };
    this.#clients.set(key, client);
    return client;
  }

  /** The one known longest that holds no place. There is one: places are fewer than ADDRESSES_MAX. */
  #forgetOne(): void {
    for (const [key, client] of this.#clients) {
      if (client.open > 0) continue;
      this.#clients.delete(key);
      return;
    }
  }
}
