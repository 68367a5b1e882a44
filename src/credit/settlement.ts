/** Sets parts against a voucher and signs their receipts: all of it or nothing. */

import { equal, toHex } from '../base/bytes.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { PayKeys } from '../ports/pay-keys.ts';
import { excess, greatest } from './amount.ts';
import type { Identity } from './identity.ts';
import { creditedOf, type Lane, type Lanes } from './lanes.ts';
import type { Accepted, SettleAnswer, SettleRequest } from './messages.ts';
import type { PurseDebtor, PurseDebtors } from './purse-debtors.ts';
import { type ReceiptPart, receiptsDigest } from './receipt.ts';
import type { ReceiptBook } from './receipt-book.ts';
import { mayCost, type TillPart, type TillRecord } from './till-record.ts';
import type { PartCount } from './views.ts';
import type { SignedVoucher } from './voucher.ts';

export interface SettlementHost {
  readonly payKeys: PayKeys;
  readonly identity: Identity;
  readonly lanes: Lanes;
  readonly receipts: ReceiptBook;
  readonly onChange: () => void;
}

export class Settlement {
  readonly #host: SettlementHost;
  readonly #purses: PurseDebtors;
  #paid = 0;
  #gifts = 0;

  constructor(host: SettlementHost, purses: PurseDebtors) {
    this.#host = host;
    this.#purses = purses;
  }

  get given(): PartCount {
    return { paid: this.#paid, gifts: this.#gifts };
  }

  /** `payer`: whose voucher it is. Throws BAD_VOUCHER, PURSE_EMPTY, CHAIN_FAILED, NO_STORAGE, OVERLOADED. */
  async settle(record: TillRecord, request: SettleRequest, payer: PurseDebtor | undefined): Promise<SettleAnswer> {
    const { voucher, accepted, ended } = request;
    checkDistinct(accepted);
    if (voucher !== null && accepted.length === 0) throw new SeaError('BAD_VOUCHER', 'a voucher for nothing');
    const attempts = accepted.map(({ subtask }) => record.parts(subtask));
    const unknown = attempts.flatMap((parts, place) => (parts.length === 0 ? [place] : []));
    const matches = accepted.flatMap((it, place) =>
      unknown.includes(place) ? [] : [matchOf(it, attempts[place]!, payer)],
    );
    const known = await Promise.all(matches);
    const receipts = known.map(({ receipt }) => receipt);
    const sum = receipts.reduce((total, { price }) => total + price, 0n);
    if (voucher !== null && payer !== undefined) await this.#take(voucher, payer, sum, unknown.length > 0);
    else if (sum > 0n) throw new SeaError('BAD_VOUCHER', `${sum} is owed and nothing paid`);
    for (const { part } of known) record.remove(part);
    const signature = receipts.length === 0 ? null : await this.#sign(record, receipts);
    this.#host.onChange();
    return { signature, unknown, computed: await computedOf(record, ended) };
  }

  /** Keeps the voucher, if it says what it must. */
  async #take(voucher: SignedVoucher, payer: PurseDebtor, sum: bigint, someUnknown: boolean): Promise<void> {
    const { purse, debtor } = payer;
    const { lanes } = this.#host;
    await this.#purses.look(payer, voucher.lane).catch(believeLast);
    // It may have been filled meanwhile, or somebody has redeemed.
    if (this.#riseOf(voucher, payer).due > debtor.left)
      await this.#purses.lookAgain(payer, voucher.lane).catch(believeLast);
    const { held, paid, credited, due } = this.#riseOf(voucher, payer);
    const rise = voucher.cumulative - credited;
    // Parts from before this node's last start are paid for as well, though it does not know them any more.
    if (rise < sum || (rise > sum && !someUnknown))
      throw new SeaError('BAD_VOUCHER', `a sum of ${voucher.cumulative} where ${credited + sum} is due`);
    const heldSum = held?.voucher.cumulative ?? 0n;
    const better = held !== undefined && heldSum > voucher.cumulative ? held.voucher : voucher;
    const raised = excess(better.cumulative, greatest(heldSum, paid));
    const isCovered = due <= debtor.left;
    const lane = { ...purse, voucher: better, credited: isCovered ? voucher.cumulative : credited, paid };
    // Before anything is answered. One that is not covered may be worth something, but not if it pays for nothing known.
    if (isCovered || sum > 0n) {
      await lanes.keep(lane);
      debtor.spend(isCovered ? due : 0n, raised);
    }
    if (!isCovered) throw new SeaError('PURSE_EMPTY', `the purse has ${debtor.left} left, the voucher is for ${due}`);
  }

  /** What a voucher counts from, and what of it the purse must have left. */
  #riseOf(
    { lane, cumulative }: SignedVoucher,
    { purse, looks }: PurseDebtor,
  ): { readonly held: Lane | undefined; readonly paid: bigint; readonly credited: bigint; readonly due: bigint } {
    const held = this.#host.lanes.get(purse, lane);
    const paid = looks.get(lane)?.paid ?? 0n;
    const credited = creditedOf(held, paid);
    return { held, paid, credited, due: excess(cumulative, greatest(credited, paid)) };
  }

  async #sign(record: TillRecord, parts: readonly ReceiptPart[]): Promise<Uint8Array> {
    const { identity, payKeys, receipts } = this.#host;
    const { payKey, self } = identity;
    const parties = { requester: record.requester.bytes, provider: self.bytes, payee: payKey.address };
    const signature = payKey.sign(await receiptsDigest(payKeys, parts, parties));
    receipts.keep('given', { parties, parts, signature });
    for (const { paid } of parts) {
      if (paid) this.#paid++;
      else this.#gifts++;
    }
    return signature;
  }
}

/** What the ledger said last is what the line was given for. */
function believeLast(error: unknown): void {
  if (!isSeaError(error, 'CHAIN_FAILED')) throw error;
}

function checkDistinct(accepted: readonly Accepted[]): void {
  if (new Set(accepted.map(({ subtask }) => toHex(subtask))).size < accepted.length)
    throw new SeaError('BAD_VOUCHER', 'a part is named twice');
}

interface Match {
  readonly part: TillPart;
  readonly receipt: ReceiptPart;
}

/** The attempt that came to what the requester says, at a price that was agreed. Throws BAD_VOUCHER when there is none. */
async function matchOf(
  { subtask, outputHash, price }: Accepted,
  attempts: readonly TillPart[],
  payer: PurseDebtor | undefined,
): Promise<Match> {
  for (const part of attempts) {
    if (part.output === undefined || !mayCost(part, price, payer?.debtor)) continue;
    const [inputHash, computedHash] = await Promise.all([part.inputHash, part.output.hash]);
    if (!equal(computedHash, outputHash)) continue;
    const bundle = part.bundle.digest;
    return { part, receipt: { paid: price > 0n, subtask, bundle, inputHash, outputHash, price } };
  }
  throw new SeaError('BAD_VOUCHER', 'a part that was not computed here with this output at this price');
}

/** What was computed of parts that the requester has given up: it stays on the books, and may be paid after all. */
async function computedOf(record: TillRecord, ended: readonly Uint8Array[]): Promise<SettleAnswer['computed']> {
  const computed: { place: number; outputHash: Uint8Array }[] = [];
  for (const [place, subtask] of ended.entries()) {
    const part = record.parts(subtask).find(({ output }) => output !== undefined);
    if (part?.output === undefined) continue;
    part.dueMs = Number.POSITIVE_INFINITY; // this is the verdict
    computed.push({ place, outputHash: await part.output.hash });
  }
  return computed;
}
