/**
 * Paid work beside given work, on the built page against a real chain: who pays is never a taker of gifts. Where an earner
 * holds as much of a purse as it trusts others do, its parts stop until it has claimed, those who give go on, and after
 * the claim payment does, with no page reloaded.
 */

import { expect } from '@playwright/test';
import { ask, type Bank, connect, deed, openPurse, test, withWallet } from '../support/bank-test.ts';
import type { Start } from '../support/page-test.ts';
import type { SeaProcess } from '../support/sea-process.ts';
import type { Visit } from '../support/visit.ts';

interface Given {
  readonly paid: number;
  readonly gifts: number;
  readonly redeemFirst: boolean;
}

const given = ({ page }: Visit): Promise<Given> =>
  page.evaluate(() => {
    const { given: counts, redeemFirst = false } = globalThis.peersea!.sea.credit.status();
    return { ...counts, redeemFirst };
  });

function show({ page }: Visit, section: 'Jobs' | 'Wallet'): Promise<void> {
  return page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: section }).click();
}

/** Two who give their time. */
function givers(start: Start, { ws, onChain }: Bank): Promise<SeaProcess[]> {
  return Promise.all([1, 2].map(() => start.contributor(ws, ...onChain)));
}

test('an earner that must claim first stops and gives nothing to who pays; those who give go on; a claim brings payment back', async ({
  arrive,
  bank,
  start,
}) => {
  test.setTimeout(240_000);
  const free = await givers(start, bank);
  const earner = await arrive(withWallet(bank, 0));
  await earner.accept();
  await ask(earner, '0.001');
  const payer = await arrive(withWallet(bank, 0)); // the same account: it claims what it pays
  await payer.acceptWithoutLending();
  await show(payer, 'Jobs');
  await payer.choose('Mandelbrot');
  await payer.start(); // before there is a purse
  await payer.expectJob('done');

  await show(payer, 'Wallet');
  await connect(payer);
  await openPurse(payer, '0.1', '0.002');
  await expect(deed(payer)).toContainText('The purse is open');
  const { gifts } = await given(earner); // by now all of them are settled
  await show(payer, 'Jobs');
  await payer.choose('Mandelbrot');
  await payer.page.getByLabel('Picture size').selectOption('2048 × 1536');
  const own = await earner.address();
  const others = free.map(({ ready }) => ready.address!);
  for (let job = 0; job < 12 && !(await given(earner)).redeemFirst; job++) {
    await payer.start();
    await payer.expectJob('done');
    const parts = await payer.partsByPeer();
    for (const address of others) expect(parts.get(address) ?? 0).toBeGreaterThan(10);
  }
  const bound = await given(earner);
  expect(bound).toMatchObject({ gifts, redeemFirst: true });
  await payer.start();
  await payer.expectJob('done'); // by the others, with what little the earner may still earn
  const stopped = await given(earner);
  expect(stopped.gifts).toBe(gifts);

  await payer.start();
  await payer.expectParts(5);
  await show(earner, 'Wallet');
  await connect(earner);
  await earner.button('Claim').click();
  await expect(deed(earner)).toHaveAttribute('data-state', 'done');
  await payer.expectJob('done');
  await payer.start();
  await payer.expectJob('done');
  expect((await payer.partsByPeer()).get(own) ?? 0).toBeGreaterThan(3);
  await expect.poll(async () => (await given(earner)).paid).toBeGreaterThan(stopped.paid + 3);
  expect((await given(earner)).gifts).toBe(gifts);
});

test('gifts that end, a purse that is opened and an earner that reloads under way stop nothing', async ({
  arrive,
  bank,
  start,
}) => {
  test.setTimeout(180_000);
  await givers(start, bank);
  const earner = await arrive(withWallet(bank, 1));
  await earner.accept();
  await ask(earner, '0.001');
  const payer = await arrive(withWallet(bank, 0));
  await payer.acceptWithoutLending();
  const run = async (): Promise<number> => {
    await payer.start();
    await payer.expectJob('done');
    return (await payer.partsByPeer()).get(await earner.address()) ?? 0;
  };
  await show(payer, 'Jobs');
  await payer.choose('Mandelbrot');
  await run();
  await show(payer, 'Wallet');
  await connect(payer);
  await openPurse(payer, '0.5', '0.002');
  await expect(deed(payer)).toContainText('The purse is open');
  const { gifts } = await given(earner);
  await show(payer, 'Jobs');
  expect(await run()).toBeGreaterThan(5);
  await earner.page.getByRole('checkbox', { name: 'Also compute for those who cannot pay' }).uncheck();
  expect(await run()).toBeGreaterThan(5);
  expect((await given(earner)).gifts).toBe(gifts);

  await payer.page.getByLabel('Picture size').selectOption('2048 × 1536');
  await payer.start();
  await payer.expectParts(10);
  await earner.page.reload();
  await payer.expectJob('done');
  await expect(earner.state).toHaveText('Online');
  expect(await run()).toBeGreaterThan(5);
  const owed = (): Promise<string> =>
    payer.page.evaluate(() => String(globalThis.peersea!.sea.credit.status().owedByMe));
  await expect.poll(owed).toBe('0');
  expect((await given(earner)).gifts).toBe(0);
});
