/**
 * What a job costs, on the built page: money against a real chain, said before it starts, counted while it runs, bounded;
 * what those hear who cannot pay; and the attempts and bytes that it took.
 */

import { expect } from '@playwright/test';
import { ask, test } from '../support/bank-test.ts';
import { testWallet } from '../support/test-wallet.ts';
import type { Visit } from '../support/visit.ts';

function show({ page }: Visit, section: 'Jobs' | 'Wallet'): Promise<void> {
  return page.getByRole('link', { name: section, exact: true }).click();
}

/** The figure of the job under way or done. */
function figure({ page }: Visit, name: string) {
  return page.locator('.progress-figures div').filter({ hasText: name }).locator('dd');
}

test('without a purse a job is free; with one its price is named, counted and bounded', async ({ arrive, bank }) => {
  const provider = await arrive({ url: bank.home });
  await provider.accept();
  await ask(provider, '0.001');

  const { rpc } = bank.chain.info;
  const visit = await arrive({
    url: bank.home,
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

test('who cannot pay is computed for as the owner says, at once and at the next visit', async ({ arrive, bank }) => {
  const provider = await arrive({ url: bank.home });
  await provider.accept();
  await ask(provider, '0.001');
  const choice = provider.page.getByRole('checkbox', { name: 'Also compute for those who cannot pay' });
  await expect(choice).toBeChecked();
  await expect(choice).toHaveAccessibleDescription(
    'Their parts are gifts, and wait while paid ones are there. Who has a purse pays, or waits until you have claimed.',
  );
  const requester = await arrive({ url: bank.home });
  await requester.acceptWithoutLending();
  await show(requester, 'Jobs');
  await requester.choose('Mandelbrot');
  await requester.start();
  await requester.expectJob('done');

  await choice.uncheck();
  await expect(choice).toHaveAccessibleDescription('Who cannot pay is told the price, and computed for no more.');
  await requester.start();
  await requester.expectJob('failed');
  await expect(requester.alert).toContainText('PAYMENT_REQUIRED');

  await provider.page.reload();
  await expect(provider.state).toHaveText('Online');
  await provider.unfold('Price');
  await expect(choice).not.toBeChecked();
  await ask(provider, '0.002'); // another price is no other choice
  await expect(choice).not.toBeChecked();
  await choice.check();
  await requester.start();
  await requester.expectJob('done');
});

test('what a job took is told in words: attempts for each part and in all, and what of the program was there', async ({
  arrive,
  start,
}) => {
  const server = await start.server();
  await Promise.all([1, 2].map(() => start.contributor(server.ready.ws!)));
  const visit = await arrive({ url: server.ready.url! });
  await visit.acceptWithoutLending();
  await visit.choose('Mandelbrot');
  await visit.page.getByRole('radio', { name: 'Two' }).check();
  const took = visit.page.getByRole('list', { name: 'What it took' }).getByRole('listitem');
  const program = [/ for each of 2 peers, none of which was there before\.$/, /, there already: nothing was sent\.$/];
  for (const words of program) {
    await visit.start();
    await visit.expectJob('done');
    const attempts = await visit.page
      .locator('.progress-figures div', { hasText: 'Attempts' })
      .locator('dd')
      .textContent();
    const more = Number(attempts) - 2 * 48;
    await expect(took.first()).toHaveText(
      more === 0
        ? '48 parts, each computed twice: nothing had to be computed again.'
        : new RegExp(`^48 parts, each computed twice, and ${more} attempts? more\\. .+`),
    );
    await expect(took.last()).toHaveText(words);
  }
});
