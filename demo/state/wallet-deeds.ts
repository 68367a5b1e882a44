/**
 * What a wallet is asked to do, one thing at a time: waiting for its owner, on its way, in a block; declined, which is no
 * error; given up waiting for; failed.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { TransactionOptions } from '../../src/adapters/evm/transaction.ts';
import { type Complaint, complaintOf } from '../errors.ts';

/** Which sheet of the section began it: there it is told how far it is. */
export type DeedPlace = 'vouchers' | 'purse';

/** What is done, as a noun: “opening the purse”. */
export interface Named {
  readonly at: DeedPlace;
  readonly what: string;
}

export type Deed =
  | { readonly state: 'none' }
  /** The wallet shows it to its owner. */
  | (Named & { readonly state: 'asking' })
  | (Named & { readonly state: 'sent'; readonly hash: string })
  | (Named & { readonly state: 'done'; readonly hash: string | undefined; readonly words: string })
  | (Named & { readonly state: 'declined' })
  /** The page no longer waits; a wallet that is still being asked may send it after all. */
  | (Named & { readonly state: 'left'; readonly hash: string | undefined })
  | (Named & { readonly state: 'failed'; readonly complaint: Complaint });

/** Does it, and says in words what came of it. */
export type Act = (options: Required<TransactionOptions> & { readonly signal: AbortSignal }) => Promise<string>;

export class Deeds {
  readonly #current: Signal<Deed> = signal<Deed>({ state: 'none' });
  #waiting: AbortController | undefined;

  get current(): ReadonlySignal<Deed> {
    return this.#current;
  }

  get isBusy(): boolean {
    const { state } = this.#current.value;
    return state === 'asking' || state === 'sent';
  }

  /** True once it is in a block. Does nothing while another thing is under way. Never rejects. */
  async run(named: Named, act: Act): Promise<boolean> {
    if (this.isBusy) return false;
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#current.value = { ...named, state: 'asking' };
    let hash: string | undefined;
    const onSent = (sent: string): void => {
      hash = sent;
      if (!waiting.signal.aborted) this.#current.value = { ...named, state: 'sent', hash: sent };
    };
    try {
      const done = act({ signal: waiting.signal, onSent });
      done.catch(() => {}); // after the page has stopped waiting nobody is left to hear of it
      const words = await Promise.race([done, whenLeft(waiting.signal)]);
      this.#current.value = { ...named, state: 'done', hash, words };
      return true;
    } catch (error) {
      this.#current.value = endOf(named, hash, error, waiting.signal.aborted);
      return false;
    }
  }

  /** Stops waiting. What was sent stays sent. */
  leave(): void {
    this.#waiting?.abort();
  }

  /** Takes what is over off the page. */
  dismiss(): void {
    if (!this.isBusy) this.#current.value = { state: 'none' };
  }
}

function endOf(named: Named, hash: string | undefined, error: unknown, left: boolean): Deed {
  if (left) return { ...named, state: 'left', hash };
  const complaint = complaintOf(error);
  return complaint.code === 'WALLET_DECLINED'
    ? { ...named, state: 'declined' }
    : { ...named, state: 'failed', complaint };
}

function whenLeft(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
