/** The purses that this provider has trusted with a line, and what each has left by the ledger. */

import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import { excess, formatPayAddress, least } from './amount.ts';
import { Debtor } from './debtor.ts';
import { isSameChain, type Lanes, type PurseName, purseName, unpaidOf } from './lanes.ts';
import { PURSE_VIEW_MS, PURSE_VIEW_REFUSED_MS, PURSES_MAX, QUOTE_GRACE_MS, QUOTE_VALID_MS } from './limits.ts';
import { lookAtPurse } from './purse-view.ts';

/** What the ledger said of a lane last. */
export interface LaneLook {
  /** Vouchers count from there, also where this device has none. */
  readonly paid: bigint;
  readonly reserved: bigint;
  /** By the clock. */
  readonly atMs: number;
}

/** Shared by all requesters that show the purse's key. */
export interface PurseDebtor {
  readonly purse: PurseName;
  readonly debtor: Debtor;
  isUsable: boolean;
  /** By lane: at most 256, each asked for by a quote. */
  readonly looks: Map<number, LaneLook>;
  /** The clock's time when a quote was last asked for. */
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

  /** Of what is held unredeemed, what is reserved for here as far as it is known. */
  get secured(): bigint {
    let sum = 0n;
    for (const { purse, looks } of this.#purses.values())
      for (const [lane, { reserved }] of looks) {
        const held = this.#host.lanes.get(purse, lane);
        if (held !== undefined) sum += least(reserved, unpaidOf(held));
      }
    return sum;
  }

  /** Some purse would get more credit if its vouchers were redeemed. */
  get isHeldUp(): boolean {
    for (const { debtor } of this.#purses.values()) if (debtor.isHeldUp) return true;
    return false;
  }

  /** Who pays from purses of which no more is taken until something is redeemed. */
  get stoppedPayers(): string[] {
    const stopped = [...this.#purses.values()].filter(({ debtor }) => debtor.isStopped);
    return [...new Set(stopped.map(({ purse }) => formatPayAddress(purse.payer)))];
  }

  /** Something was redeemed: what was known of the purse is no longer so. Failing, it is asked again with the next quote. */
  async redeemed(purse: PurseName, lane: number): Promise<void> {
    const it = this.#purses.get(purseName(purse));
    if (it === undefined) return;
    for (const [of, look] of it.looks) it.looks.set(of, { ...look, atMs: Number.NEGATIVE_INFINITY });
    await this.look(it, lane).catch(() => {});
  }

  /** A purse to rely on. Throws PURSE_EMPTY (not open, or ending), CHAIN_FAILED, WRONG_CHAIN, OVERLOADED. */
  async open(purse: PurseName, lane: number): Promise<PurseDebtor> {
    const name = purseName(purse);
    const nowMs = this.#host.clock.now();
    const known = this.#purses.get(name);
    const it = known ?? {
      purse,
      debtor: new Debtor(),
      isUsable: false,
      looks: new Map(),
      openedMs: Number.NEGATIVE_INFINITY,
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

  /** Asks the ledger what is left, unless it was asked of this lane `viewMs` ago or later. Throws CHAIN_FAILED, WRONG_CHAIN. */
  async look(it: PurseDebtor, lane: number, viewMs: number = PURSE_VIEW_MS): Promise<void> {
    const { clock, ledger: chosen, lanes } = this.#host;
    const { purse, debtor } = it;
    const last = it.looks.get(lane);
    if (last !== undefined && clock.now() - last.atMs < viewMs) return;
    const ledger = chosen();
    if (ledger === undefined || !isSameChain(ledger.chain, purse.chain))
      throw new SeaError('WRONG_CHAIN', 'the purse is of another chain than this device uses now');
    const { isUsable, free, reserved, paid } = await lookAtPurse(clock, ledger, purse, lane);
    const held = lanes.get(purse, lane);
    if (held !== undefined && paid > held.paid) await lanes.keep({ ...held, paid });
    debtor.left = excess(free + reserved, lanes.due(purse));
    debtor.free = free;
    debtor.unsecured = excess(lanes.unredeemed(purse), reserved);
    it.looks.set(lane, { paid, reserved, atMs: clock.now() });
    it.isUsable = isUsable;
  }

  /**
   * The same for every lane that something is held in: it keeps work from being begun, and anybody may have redeemed, by the
   * chain alone. Throws CHAIN_FAILED, WRONG_CHAIN.
   */
  async lookAgain(it: PurseDebtor, lane: number): Promise<void> {
    const held = this.#host.lanes.of(it.purse).filter(({ voucher }) => voucher.lane !== lane);
    for (const other of held) if (unpaidOf(other) > 0n) await this.look(it, other.voucher.lane, PURSE_VIEW_REFUSED_MS);
    await this.look(it, lane, PURSE_VIEW_REFUSED_MS);
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
