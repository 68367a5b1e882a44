/** What a job costs, on the built page against a real chain: said before it starts, counted while it runs, bounded. */

import { expect } from '@playwright/test';
import { type DevChain, startDevChain } from '../support/dev-chain.ts';
import { test as base, startServer } from '../support/page-test.ts';
import { testWallet } from '../support/test-wallet.ts';
import type { Visit } from '../support/visit.ts';

const test = base.extend<{ bank: { readonly chain: DevChain; readonly url: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern what a fixture needs
  bank: async ({}, use) => {
    const chain = await startDevChain();
    const server = await startServer('--chain', JSON.stringify(chain.info));
    await use({ chain, url: server.ready.url! });
    await server.kill();
    chain.stop();
  },
});

function show({ page }: Visit, section: 'Jobs' | 'Wallet'): Promise<void> {
  return page.getByRole('link', { name: section, exact: true }).click();
}

/** The figure of the job under way or done. */
function figure({ page }: Visit, name: string) {
  return page.locator('.progress-figures div').filter({ hasText: name }).locator('dd');
}

test('without a purse a job is free; with one its price is named, counted and bounded', async ({ arrive, bank }) => {
  const provider = await arrive({ url: bank.url });
  await provider.accept();
  const asked = provider.page.getByRole('form', { name: 'Price asked' });
  await asked.getByLabel('Ask per part').fill('0.001');
  await asked.getByRole('button', { name: 'Ask' }).click();
  await expect(asked.getByText('Paid in vouchers.')).toBeVisible();

  const { rpc } = bank.chain.info;
  const visit = await arrive({
    url: bank.url,
    prepare: context => context.addInitScript(testWallet, { rpc, name: 'Harbour wallet', first: 1 }),
  });
  await visit.acceptWithoutLending();
  const { page } = visit;
  await expect(page.getByText('Free: it is computed by devices that give their time.')).toBeVisible();
  await page.getByRole('link', { name: 'Wallet' }).last().click();
  await visit.button('Connect Harbour wallet').click();
  const purse = page.getByRole('form', { name: 'Open a purse' });
  await purse.getByLabel('Amount').fill('0.5');
  await purse.getByLabel('At most for one part').fill('0.002');
  await purse.getByRole('button', { name: 'Open the purse' }).click();
  await expect(page.getByTestId('deed')).toContainText('The purse is open');

  await show(visit, 'Jobs');
  await visit.choose('Mandelbrot');
  const price = page.getByLabel('Pay up to, per part');
  const budget = page.getByLabel('Whole job at most');
  const most = page.getByTestId('job-most');
  await expect(price).toHaveValue('0.002');
  await expect(most).toHaveText(/^At most [\d.]+ tETH: \d+ parts for up to 0.002 tETH\.$/);
  await page.getByRole('radio', { name: 'Two' }).check();
  await expect(most).toContainText('computed by 2 peers each');
  await page.getByRole('radio', { name: 'One' }).check();
  await price.fill('cheap');
  await expect(most).toHaveText(/“cheap” is not an amount of tETH/);
  await visit.start();
  await expect(visit.alert).toContainText('BAD_AMOUNT');
  await price.fill('0,0015');

  await visit.start();
  await visit.expectJob('done');
  const parts = [...(await visit.partsByPeer()).values()].reduce((sum, each) => sum + each);
  await expect(figure(visit, 'Cost')).toHaveText(`${parts / 1000} tETH`);

  await budget.fill('0.003');
  await expect(most).toContainText('At most 0.003 tETH');
  await visit.start();
  await visit.expectJob('failed');
  await expect(visit.alert).toContainText('BUDGET_SPENT');
  await expect(figure(visit, 'Cost')).toHaveText('0.003 tETH');
});
