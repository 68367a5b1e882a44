/** A chain in memory: purses that are opened, topped up, unlocked and redeemed from by hand. */

import { SeaError } from '../../base/errors.ts';
import type { Chain, LaneView, Ledger, PurseView } from '../../ports/ledger.ts';
import type { PayAddress } from '../../ports/pay-keys.ts';
import { excess, formatPayAddress, least } from '../amount.ts';

export const testChain: Chain = { id: 31337n, contract: new Uint8Array(20).fill(0xc0) };

interface LaneName {
  readonly payer: string;
  readonly key: string;
  readonly payee: string;
  readonly lane: number;
}

const nothing: PurseView = { state: 'none', free: 0n, unlockAt: 0, expiry: 0 };

export class TestLedger implements Ledger {
  readonly chain: Chain;
  readonly #purses = new Map<string, PurseView>();
  readonly #paid = new Map<string, bigint>();
  readonly #reserved = new Map<string, bigint>();
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

  /** Sets so much of what is free aside for a lane, or what there is. */
  reserve(lane: LaneName, amount: bigint): void {
    const { free } = this.#purses.get(`${lane.payer}/${lane.key}`) ?? nothing;
    const sum = least(amount, free);
    this.#reserved.set(laneName(lane), (this.#reserved.get(laneName(lane)) ?? 0n) + sum);
    this.set(lane.payer, lane.key, { free: free - sum });
  }

  /** Pays a voucher as the contract does: what is reserved for it, then at most what is free. */
  redeem(voucher: LaneName & { cumulative: bigint }): bigint {
    const { payer, key, cumulative } = voucher;
    const name = laneName(voucher);
    const { free } = this.#purses.get(`${payer}/${key}`) ?? nothing;
    const before = this.#paid.get(name) ?? 0n;
    const due = excess(cumulative, before);
    const reserved = least(this.#reserved.get(name) ?? 0n, due);
    const drawn = least(due - reserved, free);
    this.#paid.set(name, before + reserved + drawn);
    this.#reserved.set(name, (this.#reserved.get(name) ?? 0n) - reserved);
    this.set(payer, key, { free: free - drawn });
    return reserved + drawn;
  }

  async purse(payer: PayAddress, key: PayAddress): Promise<PurseView> {
    this.#answer();
    return this.#purses.get(`${formatPayAddress(payer)}/${formatPayAddress(key)}`) ?? nothing;
  }

  async lane(payer: PayAddress, key: PayAddress, payee: PayAddress, lane: number): Promise<LaneView> {
    this.#answer();
    const [of, by, to] = [payer, key, payee].map(formatPayAddress);
    const name = laneName({ payer: of!, key: by!, payee: to!, lane });
    return { paid: this.#paid.get(name) ?? 0n, reserved: this.#reserved.get(name) ?? 0n, until: 0 };
  }

  #answer(): void {
    this.asked++;
    if (this.isDown) throw new SeaError('CHAIN_FAILED', 'the test says so');
  }
}

function laneName({ payer, key, payee, lane }: LaneName): string {
  return `${payer}/${key}/${payee}/${lane}`;
}
