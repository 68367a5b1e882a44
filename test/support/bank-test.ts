/**
 * Playwright's `test` for a sea that pays: a chain of its own, a bootstrap node that names it, nobody who computes but the
 * visitors; and what visitors do in the Wallet section.
 */

import { type BrowserContext, expect, type Locator } from '@playwright/test';
import type { DevChain } from './dev-chain.ts';
import { type ArriveOptions, test as base } from './page-test.ts';
import { type TestWallet, testWallet } from './test-wallet.ts';
import type { Visit } from './visit.ts';

declare global {
  interface Window {
    readonly testWallet: TestWallet;
  }
}

export interface Bank {
  readonly chain: DevChain;
  /** What makes a command use that chain. */
  readonly onChain: readonly string[];
  /** The bootstrap node's websocket. */
  readonly ws: string;
  /** The page. */
  readonly home: string;
  /** The page, its Wallet section in front. */
  readonly url: string;
}

/** What the visitors' wallet is called. */
export const WALLET = 'Harbour wallet';
/** A thousandth of the chain's coin, in its smallest unit. */
export const finney = 10n ** 15n;

export const test = base.extend<{ bank: Bank }>({
  bank: async ({ start }, use) => {
    const chain = await start.chain();
    const onChain = ['--chain', JSON.stringify(chain.info)];
    const { url, ws } = (await start.server(...onChain)).ready as { url: string; ws: string };
    await use({ chain, onChain, ws, home: url, url: new URL('#wallet', url).href });
  },
});

/** Comes with a wallet installed; `first`: which of the chain's accounts it begins with. */
export function withWallet(
  { chain, url }: Bank,
  first: number,
  options: Partial<Parameters<typeof testWallet>[0]> = {},
): ArriveOptions {
  const wallet = { rpc: chain.info.rpc, name: WALLET, first, ...options };
  return { url, prepare: (context: BrowserContext) => context.addInitScript(testWallet, wallet) };
}

export async function connect(visit: Visit): Promise<void> {
  await visit.button(`Connect ${WALLET}`).click();
  await expect(account(visit)).toHaveAttribute('data-state', 'ready');
}

/** The connected account: its attributes say which, and whether it can act. */
export const account = ({ page }: Visit): Locator => page.getByTestId('wallet-account');
/** How far the last transaction is. */
export const deed = ({ page }: Visit): Locator => page.getByTestId('deed');

/** Waits until a figure of the page, in the smallest unit, is what it should be. */
export async function expectAmount({ page }: Visit, figure: string, amount: bigint): Promise<void> {
  await expect(page.getByTestId(figure)).toHaveAttribute('data-amount', String(amount));
}

export async function openPurse(visit: Visit, amount: string, priceMax: string): Promise<void> {
  const form = visit.page.getByRole('form', { name: 'Open a purse' });
  await form.getByLabel('Amount').fill(amount);
  await form.getByLabel('At most for one part').fill(priceMax);
  await form.getByRole('button', { name: 'Open the purse' }).click();
}

export async function ask(visit: Visit, price: string): Promise<void> {
  await visit.unfold('Price');
  const form = visit.page.getByRole('form', { name: 'Price asked' });
  await form.getByLabel('Ask per part').fill(price);
  await form.getByRole('button', { name: 'Ask' }).click();
  await expect(visit.page.getByTestId('price-asked')).toContainText('Paid in vouchers');
}
