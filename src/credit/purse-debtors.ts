/** The purses that this provider has trusted with a line, and what each has left by the ledger. */

import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import { excess } from './amount.ts';
import { Debtor } from './debtor.ts';
import { isSameChain, type Lanes, type PurseName, purseName } from './lanes.ts';
import { PURSE_VIEW_MS, PURSES_MAX, QUOTE_GRACE_MS, QUOTE_VALID_MS } from './limits.ts';
import { lookAtPurse } from './purse-view.ts';

/** Shared by all requesters that show the purse's key. */
export interface PurseDebtor {
  readonly purse: PurseName;
  readonly debtor: Debtor;
  isUsable: boolean;
  /** What the chain has paid by lane: vouchers count from there, also where this device has none. */
  readonly paid: Map<number, bigint>;
  /** The clock's time when the ledger was asked last, and when a quote was last asked for. */
  lookedMs: number;
  openedMs: number;
  /** Settlements from one purse follow each other. */
  turn: Promise<unknown>;
}

export interface PurseDebtorsHost {
  readonly clock: Clock;
  readonly ledger: () => Ledger | undefined;
  readonly lanes: Lanes;
}

export class PurseDebtors {
  readonly #host: PurseDebtorsHost;
  readonly #purses = new Map<string, PurseDebtor>(); // at most PURSES_MAX: each cost its payer a transaction

  constructor(host: PurseDebtorsHost) {
    this.#host = host;
  }

  /** What all of them together have not paid. */
  get taken(): bigint {
    let sum = 0n;
    for (const { debtor } of this.#purses.values()) sum += debtor.taken;
    return sum;
  }

  /** A purse to rely on. Throws PURSE_EMPTY (not open, or ending), CHAIN_FAILED, WRONG_CHAIN, OVERLOADED. */
  async open(purse: PurseName, lane: number): Promise<PurseDebtor> {
    const name = purseName(purse);
    const nowMs = this.#host.clock.now();
    const never = Number.NEGATIVE_INFINITY;
    const known = this.#purses.get(name);
    const it = known ?? {
      purse,
      debtor: new Debtor(),
      isUsable: false,
      paid: new Map(),
      lookedMs: never,
      openedMs: never,
      turn: Promise.resolve(),
    };
    await this.look(it, lane);
    if (!it.isUsable) throw new SeaError('PURSE_EMPTY', 'the purse is not open, or is ending');
    const shared = this.#purses.get(name) ?? it; // another may have been faster
    if (!this.#purses.has(name)) this.#makeRoom(nowMs);
    shared.openedMs = nowMs;
    this.#purses.set(name, shared);
    return shared;
  }

  /** Asks the ledger what is left, unless it was asked a moment ago. Throws CHAIN_FAILED, WRONG_CHAIN. */
  async look(it: PurseDebtor, lane: number): Promise<void> {
    const { clock, ledger: chosen, lanes } = this.#host;
    const { purse, debtor } = it;
    if (clock.now() - it.lookedMs < PURSE_VIEW_MS) return;
    const ledger = chosen();
    if (ledger === undefined || !isSameChain(ledger.chain, purse.chain))
      throw new SeaError('WRONG_CHAIN', 'the purse is of another chain than this device uses now');
    const { isUsable, available, paid } = await lookAtPurse(clock, ledger, purse, lane);
    const held = lanes.get(purse, lane);
    if (held !== undefined && paid > held.paid) await lanes.keep({ ...held, paid });
    debtor.left = excess(available, lanes.unredeemed(purse));
    it.paid.set(lane, paid);
    it.isUsable = isUsable;
    it.lookedMs = clock.now();
  }

  /** A purse that owes nothing and whose terms are over may be forgotten. */
  #makeRoom(nowMs: number): void {
    if (this.#purses.size < PURSES_MAX) return;
    for (const [name, { debtor, openedMs }] of this.#purses) {
      if (debtor.parts > 0 || nowMs - openedMs < QUOTE_VALID_MS + QUOTE_GRACE_MS) continue;
      this.#purses.delete(name);
      return;
    }
    throw new SeaError('OVERLOADED', 'too many purses have a line here');
  }
}
