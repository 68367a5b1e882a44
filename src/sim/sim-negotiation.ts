/** One attempt at a negotiated channel in the simulated network. */

import { concat, utf8Encode } from '../base/bytes.ts';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import type { Channel, Negotiation, Signal } from '../ports/link-factory.ts';
import { SimChannel } from './sim-channel.ts';
import type { SimHost } from './sim-host.ts';
import type { Wires } from './wires.ts';

/** When ICE gives up between hosts that cannot reach each other, ms. */
const ICE_TIMEOUT_MS = 15_000;

/** Pairs two attempts by the tokens in their descriptions; the answering side makes the channel. */
export class SimNegotiation implements Negotiation {
  readonly channel: Promise<Channel>;
  readonly host: SimHost;
  readonly #wires: Wires;
  readonly #attempts: Map<string, SimNegotiation>;
  readonly #token: string;
  readonly #role: 'offer' | 'answer';
  readonly #onSignal: (signal: Signal) => void;
  readonly #outcome = deferred<Channel>();

  constructor(
    wires: Wires,
    attempts: Map<string, SimNegotiation>,
    host: SimHost,
    role: 'offer' | 'answer',
    onSignal: (signal: Signal) => void,
    token: string,
  ) {
    this.#wires = wires;
    this.#attempts = attempts;
    this.host = host;
    this.#role = role;
    this.#onSignal = onSignal;
    this.#token = token;
    this.channel = this.#outcome.promise;
    attempts.set(token, this);
    if (role === 'offer') wires.clock.after(1, () => this.#describe());
  }

  accept(signal: Signal): void {
    if (signal.kind !== 'description') return;
    const other = this.#attempts.get(signal.ufrag);
    if (other === undefined) return;
    if (this.#role === 'answer') {
      this.#describe();
      return;
    }
    this.#wires.clock.after(this.#wires.negotiationMs, () => this.#join(other));
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
    const wires = this.#wires;
    const possible = wires.negotiable(this.host, other.host) && wires.reachable(this.host, other.host);
    if (
      !possible ||
      this.host.state !== 'running' ||
      other.host.state !== 'running' ||
      !this.#attempts.has(other.#token)
    ) {
      wires.clock.after(ICE_TIMEOUT_MS, () =>
        this.#outcome.reject(new SeaError('DIAL_FAILED', 'the hosts cannot reach each other')),
      );
      return;
    }
    const binding = concat(utf8Encode(this.#token), utf8Encode(other.#token));
    const [near, far] = SimChannel.pair(wires, this.host, other.host, 'webrtc', binding);
    this.#attempts.delete(this.#token);
    this.#attempts.delete(other.#token);
    other.#outcome.resolve(far);
    this.#outcome.resolve(near);
  }
}
