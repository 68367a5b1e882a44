/** A chain in memory: purses that are opened, topped up, unlocked and redeemed from by hand. */

import { SeaError } from '../../base/errors.ts';
import type { Chain, LaneView, Ledger, PurseView } from '../../ports/ledger.ts';
import type { PayAddress } from '../../ports/pay-keys.ts';
import { formatPayAddress } from '../amount.ts';

export const testChain: Chain = { id: 31337n, contract: new Uint8Array(20).fill(0xc0) };

const nothing: PurseView = { state: 'none', free: 0n, unlockAt: 0, expiry: 0 };

export class TestLedger implements Ledger {
  readonly chain: Chain;
  readonly #purses = new Map<string, PurseView>();
  readonly #paid = new Map<string, bigint>();
  /** The chain does not answer. */
  isDown = false;
  /** Questions so far. */
  asked = 0;

  constructor(chain: Chain = testChain) {
    this.chain = chain;
  }

  set(payer: string, key: string, purse: Partial<PurseView>): void {
    const name = `${payer}/${key}`;
    this.#purses.set(name, { ...nothing, state: 'open', ...this.#purses.get(name), ...purse });
  }

  /** Pays a voucher as the contract does: at most what is free. */
  redeem(voucher: { payer: string; key: string; payee: string; lane: number; cumulative: bigint }): bigint {
    const { payer, key, payee, lane, cumulative } = voucher;
    const name = `${payer}/${key}/${payee}/${lane}`;
    const { free } = this.#purses.get(`${payer}/${key}`) ?? nothing;
    const due = cumulative - (this.#paid.get(name) ?? 0n);
    const paid = due < free ? due : free;
    this.#paid.set(name, (this.#paid.get(name) ?? 0n) + paid);
    this.set(payer, key, { free: free - paid });
    return paid;
  }

  async purse(payer: PayAddress, key: PayAddress): Promise<PurseView> {
    this.#answer();
    return this.#purses.get(`${formatPayAddress(payer)}/${formatPayAddress(key)}`) ?? nothing;
  }

  async lane(payer: PayAddress, key: PayAddress, payee: PayAddress, lane: number): Promise<LaneView> {
    this.#answer();
    const name = `${[payer, key, payee].map(formatPayAddress).join('/')}/${lane}`;
    return { paid: this.#paid.get(name) ?? 0n, reserved: 0n, until: 0 };
  }

  #answer(): void {
    this.asked++;
    if (this.isDown) throw new SeaError('CHAIN_FAILED', 'the test says so');
  }
}
