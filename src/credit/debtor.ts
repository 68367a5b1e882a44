/**
 * What one purse (or one requester without) owes this provider, against the line up to which it is trusted. Pure: sums and
 * no more. What was computed and is not paid stays against the line, so no more than a line is lost in
 * LOSS_KEPT_MS.
 */

import { excess, greatest, least } from './amount.ts';
import { UNREDEEMED_LINES, UNREDEEMED_SHARE } from './limits.ts';

export class Debtor {
  /** What the owner risks. */
  line = 0n;
  /** Most that one part costs. */
  priceMax = 0n;
  /** What the purse has left beyond what it has paid for, as the ledger last had it. */
  left = 0n;
  /** What the ledger said that any payee can take. */
  free = 0n;
  /** In vouchers held that are neither redeemed nor reserved for: whoever comes first to the chain is paid. */
  unsecured = 0n;
  #taken = 0n;
  #parts = 0;

  /** Under way at the most they can cost, and computed at what they did. */
  get taken(): bigint {
    return this.#taken;
  }

  /** Parts on the books. */
  get parts(): number {
    return this.#parts;
  }

  /** What more may be held unsecured. */
  get trust(): bigint {
    return excess(greatest(UNREDEEMED_LINES * this.line, this.free / UNREDEEMED_SHARE), this.unsecured);
  }

  /** The line as it can be had now. */
  get credit(): bigint {
    return least(least(this.line, this.left), this.trust);
  }

  get room(): bigint {
    return this.credit - this.#taken;
  }

  /** Redeeming would give it more credit. */
  get isHeldUp(): boolean {
    return this.trust < least(this.line, this.left);
  }

  /** It could pay for a part, and none is taken before something is redeemed. */
  get isStopped(): boolean {
    return this.trust < this.priceMax && this.priceMax <= this.left;
  }

  /** Takes a place for a part; false when it does not fit. */
  take(priceMax: bigint): boolean {
    if (priceMax > 0n && priceMax > this.room) return false;
    this.#taken += priceMax;
    this.#parts++;
    return true;
  }

  /** What a part takes is now `price`. */
  change(before: bigint, price: bigint): void {
    this.#taken += price - before;
  }

  /** A part is off the books. */
  give(price: bigint): void {
    this.#taken -= price;
    this.#parts--;
  }

  /** Parts for so much were paid: it is no longer left in the purse. `held`: by vouchers for so much more than before. */
  spend(sum: bigint, held: bigint = sum): void {
    this.left -= sum;
    this.unsecured += held;
  }
}
