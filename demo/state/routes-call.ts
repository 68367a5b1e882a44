/** Calling an address by hand: any node, or any point of the ring, where whoever is nearest answers. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CallRoute, Sea } from '../../src/index.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';

const SCOPE = 'sea:nearest';

/** How the newest call stands. */
export type CallPhase =
  | { readonly state: 'idle' }
  | { readonly state: 'calling'; readonly asked: string }
  | {
      readonly state: 'answered';
      readonly asked: string;
      /** Who answered. */
      readonly target: string;
      readonly hops: readonly string[];
      /** The whole call, there and back, ms. */
      readonly tookMs: number;
    }
  | { readonly state: 'failed'; readonly complaint: Complaint };

export class AddressCall {
  readonly text: Signal<string> = signal('');
  readonly #now: () => number;
  readonly #phase: Signal<CallPhase> = signal<CallPhase>({ state: 'idle' });
  #sea: Sea | undefined;
  #turn = 0;

  /** `now`: a steady clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  get phase(): ReadonlySignal<CallPhase> {
    return this.#phase;
  }

  follow(sea: Sea): void {
    this.#sea = sea;
  }

  /** Puts a random point of the ring into the field. */
  random(): void {
    this.text.value = Array.from(crypto.getRandomValues(new Uint8Array(32)), byte =>
      byte.toString(16).padStart(2, '0'),
    ).join('');
  }

  /** Calls what the field says. The newest call wins; what goes wrong becomes the phase. */
  async call(): Promise<void> {
    const turn = ++this.#turn;
    const settle = (phase: CallPhase): void => {
      if (turn === this.#turn) this.#phase.value = phase;
    };
    let stop = (): void => {};
    try {
      const sea = this.#sea;
      const asked = addressIn(this.text.value);
      if (sea === undefined) throw new PageError('BAD_ADDRESS', 'This page has not joined the sea yet.');
      if (asked === sea.localId().toString()) throw new PageError('BAD_ADDRESS', 'That is this device itself.');
      settle({ state: 'calling', asked });
      let route: CallRoute | undefined;
      stop = sea.on('route', taken => {
        if (taken.scope === SCOPE && taken.asked.toString() === asked) route = taken;
      });
      const beganMs = this.#now();
      await sea.callWith({ nearest: true }, asked, SCOPE, sea.localId());
      const { target = asked, hops = [] } = route ?? {};
      settle({ state: 'answered', asked, target: target.toString(), hops, tookMs: this.#now() - beganMs });
    } catch (error) {
      settle({ state: 'failed', complaint: complaintOf(error) });
    } finally {
      stop();
    }
  }
}

/** The 64 hex digits in what was typed or pasted. Throws PageError BAD_ADDRESS. */
export function addressIn(text: string): string {
  const address = text.replaceAll(/\s/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(address))
    throw new PageError('BAD_ADDRESS', 'An address has 64 digits from 0 to 9 and a to f.');
  return address;
}
