/** Asks the ledger whether work may rely on a purse, and for how much. */

import { withTimeout } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Ledger, PurseView } from '../ports/ledger.ts';
import type { PurseName } from './lanes.ts';
import { LEDGER_TIMEOUT_MS } from './limits.ts';

/** A purse that ends sooner gets no more credit, s: time to redeem. */
const EXPIRY_MARGIN_S = 600;

export interface Funds {
  /** Open, and not about to end. */
  readonly isUsable: boolean;
  /** What the purse can pay to anybody, and beyond that in this lane alone. */
  readonly free: bigint;
  readonly reserved: bigint;
  /** What it has paid in this lane. */
  readonly paid: bigint;
}

/** Throws CHAIN_FAILED. */
export async function lookAtPurse(clock: Clock, ledger: Ledger, purse: PurseName, lane: number): Promise<Funds> {
  const { payer, key, payee } = purse;
  const asked = Promise.all([ledger.purse(payer, key), ledger.lane(payer, key, payee, lane)]);
  const [view, { paid, reserved }] = await inTime(clock, asked);
  return { isUsable: isUsable(view, clock.wallMs() / 1000), free: view.free, reserved, paid };
}

/** What the ledger answers in time. Throws CHAIN_FAILED. */
export async function inTime<T>(clock: Clock, asked: Promise<T>): Promise<T> {
  try {
    return await withTimeout(clock, asked, LEDGER_TIMEOUT_MS, 'the chain');
  } catch (cause) {
    throw new SeaError('CHAIN_FAILED', 'the purse could not be looked at', { cause });
  }
}

function isUsable({ state, unlockAt, expiry }: PurseView, nowS: number): boolean {
  return state === 'open' && unlockAt === 0 && (expiry === 0 || expiry >= nowS + EXPIRY_MARGIN_S);
}
