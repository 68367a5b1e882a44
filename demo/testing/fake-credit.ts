/** The credit of a sea for tests of the page's state: it does what the test says, and remembers what was asked of it. */

import type {
  Ask,
  ClaimTerms,
  CreditStatus,
  HeldVoucher,
  PurseUse,
  ReceiptQuery,
  ReceiptView,
  SignedClaim,
} from '../../src/credit/credit.ts';
import { accountOf } from './fake-wallet.ts';

export class FakeCredit {
  figures: CreditStatus = {
    earned: 0n,
    unredeemed: 0n,
    spent: 0n,
    atRisk: 0n,
    owedByMe: 0n,
    given: { paid: 0, gifts: 0 },
    taken: { paid: 0, gifts: 0 },
  };
  price: Ask = { part: 0n, egress: 0n, free: true };
  purseInUse: PurseUse | undefined;
  held: HeldVoucher[] = [];
  /** What the chain has paid, by payer. */
  readonly paid: Map<string, bigint> = new Map();
  readonly kept: { given: ReceiptView[]; taken: ReceiptView[] } = { given: [], taken: [] };
  readonly claims: ClaimTerms[] = [];
  address: string = accountOf(0xee);
  keysMade = 0;
  redeemedAsked = 0;
  /** Thrown by what the test wants to fail. */
  failure: unknown;

  async ask({
    part,
    egress = 0n,
    free = part === 0n,
  }: {
    part: bigint;
    egress?: bigint;
    free?: boolean;
  }): Promise<void> {
    this.#mayFail();
    this.price = { part, egress, free };
  }

  async asked(): Promise<Ask> {
    return this.price;
  }

  async newSessionKey(): Promise<string> {
    this.keysMade += 1;
    return accountOf(0xa0 + this.keysMade);
  }

  async usePurse(purse: PurseUse | undefined): Promise<void> {
    this.#mayFail();
    this.purseInUse = purse;
  }

  async purse(): Promise<PurseUse | undefined> {
    return this.purseInUse;
  }

  async payAddress(): Promise<string> {
    return this.address;
  }

  async vouchers(): Promise<HeldVoucher[]> {
    return this.held;
  }

  async redeemed({ payer }: HeldVoucher): Promise<bigint> {
    this.redeemedAsked += 1;
    return this.paid.get(payer) ?? 0n;
  }

  async signClaim(terms: ClaimTerms): Promise<SignedClaim> {
    this.claims.push(terms);
    const { voucher, to, maxFee, deadline } = terms;
    const { payer, key, lane } = voucher;
    return { payer, key, lane, to, maxFee, deadline, onlyWhileUnlocking: false, signature: new Uint8Array(64) };
  }

  async exportPayKey(passphrase: string): Promise<string> {
    this.#mayFail();
    return JSON.stringify({ address: this.address, passphrase });
  }

  async importPayKey(file: string): Promise<void> {
    this.#mayFail();
    this.address = (JSON.parse(file) as { address: string }).address;
  }

  status(): CreditStatus {
    return this.figures;
  }

  async receipts({ kind, limit = 100 }: ReceiptQuery): Promise<ReceiptView[]> {
    this.#mayFail();
    return this.kept[kind].slice(0, limit);
  }

  #mayFail(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

/** The `nth` receipt of a day, newest first. */
export function receiptOf(
  nth: number,
  { keptMs = 0, price = 0n }: { keptMs?: number; price?: bigint } = {},
): ReceiptView {
  const hash = String(nth).padStart(64, '0');
  return {
    keptMs,
    class: price > 0n ? 'paid' : 'gift',
    subtask: hash.slice(0, 32),
    bundle: 'bafkreib',
    input: hash,
    output: hash,
    price,
    requester: '22'.repeat(32),
    provider: '11'.repeat(32),
    payee: accountOf(0xee),
  };
}

/** A voucher of a payer who has opened a purse. */
export function voucherOf(payer: number, cumulative: bigint): HeldVoucher {
  return {
    chainId: 31_337n,
    contract: accountOf(0xcc),
    payer: accountOf(payer),
    key: accountOf(payer + 1),
    payee: accountOf(0xee),
    lane: 0,
    cumulative,
    signature: new Uint8Array(64),
    packed: new Uint8Array(97).fill(payer),
  };
}
