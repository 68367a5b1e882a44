/** What the pages of `paid-work.spec.ts` can do: a node that asks to be paid, or pays, with a wallet or without. */

import { LateTaskRunner } from '../../src/adapters/worker/late-task-runner.ts';
import type { ReceiptView } from '../../src/credit/views.ts';
import { type ChainInfo, createSea, isSeaError, makeBundle, type Sea, wallets } from '../../src/index.ts';
import { picture, pictureParts, pictureTarget, placeTile, planPicture } from '../../wasm-tasks/picture/meta.ts';
import { referencePicture } from '../../wasm-tasks/picture/reference.ts';
import type { TestWallet } from '../support/test-wallet.ts';

const options = { scale: 1, radius: 8, tile: 256 };

export interface PaidJob {
  readonly equal: boolean;
  /** Accepted results by the address of their provider. */
  readonly parts: Readonly<Record<string, number>>;
  /** Attempts beside one that was late: they are paid too when they come to the accepted result. */
  readonly twins: number;
  readonly cost: string;
}

/** A receipt as text. */
export interface PaidPart extends Omit<ReceiptView, 'price'> {
  readonly price: string;
}

/** Figures as text: bigints do not cross from a page. */
export interface Figures {
  readonly earned: string;
  readonly unredeemed: string;
  readonly spent: string;
  readonly atRisk: string;
  readonly owedByMe: string;
}

interface JobOptions {
  readonly redundancy?: number;
  readonly priceMax?: string;
  readonly budget?: string;
}

function smooth(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, at) => (at % 4 === 3 ? 255 : (at * 7 + (at >> 9)) & 255));
}

const pageApi = {
  sea: undefined as Sea | undefined,
  chain: undefined as ChainInfo | undefined,
  key: '',

  async join(bootstrap: string, chain: ChainInfo, slots: number): Promise<string> {
    const sea = await createSea({ bootstraps: [bootstrap], chain });
    this.sea = sea;
    this.chain = chain;
    await sea.goOnline();
    sea.contribute({ slots });
    return sea.localId().toString();
  },

  /** Computes other bytes than asked, in the answer and in the books. (Who lies in the answer only: `credit.test.ts`.) */
  lie(): void {
    const { run } = LateTaskRunner.prototype;
    LateTaskRunner.prototype.run = async function (...args): Promise<Uint8Array> {
      return (await run.apply(this, args)).map(byte => byte ^ 1);
    };
  },

  ask: async (part: string): Promise<void> => page.sea!.credit.ask({ part: BigInt(part), free: false }),

  async figures(): Promise<Figures> {
    const { earned, unredeemed, spent, atRisk, owedByMe } = page.sea!.credit.status();
    const text = { earned, unredeemed, spent, atRisk, owedByMe };
    return Object.fromEntries(Object.entries(text).map(([name, value]) => [name, `${value}`])) as unknown as Figures;
  },

  linked: (): number => page.sea!.links().filter(({ transport }) => transport === 'webrtc').length,

  /** Sums of the newest vouchers, one for each lane. */
  vouchers: async (): Promise<string[]> => (await page.sea!.credit.vouchers()).map(({ cumulative }) => `${cumulative}`),

  receipts: async (kind: 'given' | 'taken'): Promise<PaidPart[]> =>
    (await page.sea!.credit.receipts({ kind, limit: 1_000 })).map(receipt => ({
      ...receipt,
      price: `${receipt.price}`,
    })),

  creditLine: async (provider: string): Promise<string> => {
    const { HashAddress } = await import('../../src/index.ts');
    return `${(await page.sea!.credit.quote(HashAddress.from(provider))).line}`;
  },

  async openPurse(amount: string): Promise<void> {
    const { credit } = this.sea!;
    this.key = await credit.newSessionKey();
    const wallet = await connect(this.chain!);
    const { payer } = await wallet.openPurse(this.key, BigInt(amount));
    await credit.usePurse({ payer, key: this.key, priceMax: 1_000_000_000_000_000n });
  },

  /** All vouchers in one call, then everything at the pay key's account to the wallet's. Returns what the batch paid. */
  async redeemAll(): Promise<string> {
    const vouchers = await this.sea!.credit.vouchers();
    const wallet = await connect(this.chain!);
    const { amount, skipped } = await wallet.redeemBatch(
      vouchers[0]!.payee,
      vouchers.map(({ packed }) => packed),
    );
    if (skipped.length > 0) throw new Error(`skipped ${skipped}`);
    return `${amount}`;
  },

  /** The newest voucher of one lane to the wallet's account. Returns what was paid. */
  async claimFirst(): Promise<{ paid: string; before: string; after: string }> {
    const { credit } = this.sea!;
    const [voucher] = await credit.vouchers();
    const wallet = await connect(this.chain!);
    if (wallet.state.state !== 'ready') throw new Error(wallet.state.state);
    const to = wallet.state.account;
    const before = (await wallet.balances()).coin;
    const deadline = Math.floor(Date.now() / 1000) + 600;
    const claim = await credit.signClaim({ voucher: voucher!, to, maxFee: 0n, deadline });
    const { amount, fee } = await wallet.claimFor(voucher!, claim);
    const after = (await wallet.balances()).coin + fee;
    await credit.redeemed(voucher!);
    return { paid: `${amount}`, before: `${before}`, after: `${after}` };
  },

  /** The picture job on other tabs. `onPart`, a function of the page where there is one, hears of each part. */
  async job(
    wasm: number[],
    side: number,
    { redundancy = 1, priceMax, budget }: JobOptions,
  ): Promise<PaidJob | { code: string }> {
    const rgba = smooth(side, side);
    const plan = planPicture(side, side, options);
    const target = pictureTarget(plan);
    const parts: Record<string, number> = {};
    let cost = 0n;
    let twins = 0;
    try {
      const results = this.sea!.map(
        makeBundle(new Uint8Array(wasm), picture),
        pictureParts(rgba, side, side, options),
        {
          ordered: false,
          local: false,
          redundancy,
          ...(priceMax === undefined ? {} : { priceMax: BigInt(priceMax) }),
          ...(budget === undefined ? {} : { budget: BigInt(budget) }),
          onProgress: progress => {
            cost = progress.cost;
            twins = progress.speculative;
          },
        },
      );
      for await (const { index, output, providers } of results) {
        placeTile(target, index, output);
        for (const provider of providers) parts[provider.toString()] = (parts[provider.toString()] ?? 0) + 1;
        (globalThis as { onPart?: (index: number) => void }).onPart?.(index);
      }
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
    const reference = referencePicture(rgba, side, side, options);
    return { equal: target.rgba.every((byte, at) => byte === reference[at]), parts, twins, cost: `${cost}` };
  },
};

function connect(chain: ChainInfo): ReturnType<typeof wallets.connect> {
  return wallets.connect((globalThis as unknown as { testWallet: TestWallet }).testWallet, chain);
}

const page = pageApi;
export type PageApi = typeof pageApi;
Object.assign(globalThis, { page: pageApi });
