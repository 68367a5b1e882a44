/**
 * The Wallet section of the built page against a real chain: earning without a wallet and claiming with one, a purse that
 * pays for a job, and a wallet that declines, changes and goes.
 */

import { expect, type Page } from '@playwright/test';
import { expectAccessible, expectFocusSeen } from '../support/accessible.ts';
import {
  account,
  ask,
  type Bank,
  connect,
  deed,
  expectAmount,
  finney,
  openPurse,
  test,
  WALLET,
  withWallet,
} from '../support/bank-test.ts';
import type { TestWallet } from '../support/test-wallet.ts';
import { sum, type Visit } from '../support/visit.ts';

async function show(visit: Visit, section: 'Jobs' | 'Wallet'): Promise<void> {
  await visit.page.getByRole('navigation').getByRole('link', { name: section }).click();
}

async function balance({ chain }: Bank, who: string): Promise<bigint> {
  return BigInt(String(await chain.rpc('eth_getBalance', [who, 'latest'])));
}

/** What the chain took for the transaction that the page shows. */
async function feeShown({ chain }: Bank, visit: Visit): Promise<bigint> {
  const hash = await deed(visit).locator('code').getAttribute('title');
  const receipt = (await chain.rpc('eth_getTransactionReceipt', [hash])) as Record<string, string>;
  return BigInt(receipt.gasUsed!) * BigInt(receipt.effectiveGasPrice!);
}

/** Runs in the page: steers its wallet. */
function steer(page: Page, act: (wallet: TestWallet) => void): Promise<void> {
  return page.evaluate(`(${act})(window.testWallet)`);
}

test('earned without a wallet, paid from a purse, claimed to the last unit', async ({ arrive, bank }) => {
  const provider = await arrive(withWallet(bank, 2));
  await provider.accept();
  await ask(provider, '0.001');
  const requester = await arrive(withWallet(bank, 1));
  await requester.acceptWithoutLending();
  await connect(requester);
  await openPurse(requester, '0.5', '0,001');
  await expect(deed(requester)).toContainText('The purse is open with 0.5 tETH');
  await expectAmount(requester, 'purse-left', 500n * finney);

  await show(requester, 'Jobs');
  await requester.start();
  await requester.expectJob('done');
  const parts = BigInt(sum(await requester.partsByPeer(), [await provider.address()]));
  expect(parts).toBe(BigInt(sum(await requester.partsByPeer())));
  const earned = parts * finney;

  // no wallet is connected here, and the money is there
  await expectAmount(provider, 'unredeemed', earned);
  await expectAmount(provider, 'earned', earned);
  await expect(provider.page.getByTestId('earned-lately')).toContainText(`${parts} parts`);
  await show(requester, 'Wallet');
  await expectAmount(requester, 'purse-spent', earned);
  await expectAmount(requester, 'purse-left', 500n * finney - earned);

  await connect(provider);
  const payee = (await account(provider).getAttribute('data-account'))!;
  expect(payee).toBe(bank.chain.accounts[2]);
  await expect(provider.page.getByTestId('claim-cost')).toContainText(/this claim costs .+% of it/);
  const before = await balance(bank, payee);
  await provider.button('Claim').click();
  await expect(deed(provider)).toHaveAttribute('data-state', 'done');
  expect(await balance(bank, payee)).toBe(before + earned - (await feeShown(bank, provider)));
  await expectAmount(provider, 'unredeemed', 0n);
  await expectAmount(provider, 'earned', earned);
  await expect(provider.button('Claim')).toBeHidden();
  await expectAmount(requester, 'purse-free', 500n * finney - earned);

  await expectReceipts(provider, requester, Number(parts));
});

/** Both sides have one for every part; those alike are a line, and all of them are in a file. */
async function expectReceipts(provider: Visit, requester: Visit, parts: number): Promise<void> {
  await requester.page.getByRole('radio', { name: 'Computed for you' }).check();
  const addresses = { provider: await requester.address(), requester: await provider.address() };
  for (const [who, visit] of Object.entries({ provider, requester })) {
    const rows = visit.page.getByRole('table', { name: 'Receipts' }).locator('tbody tr');
    await expect(rows).toHaveCount(1);
    await expect(rows).toHaveAttribute('data-class', 'paid');
    await expect(rows).toHaveAttribute('data-parts', String(parts));
    await expect(rows).toHaveAttribute('data-price', String(BigInt(parts) * finney));
    await expect(rows.getByTitle(addresses[who as 'provider' | 'requester'])).toBeVisible();
    const { name, bytes } = await visit.save('Download all as JSON');
    expect(name).toBe('peersea-receipts.json');
    expect(JSON.parse(bytes.toString())[who === 'provider' ? 'given' : 'taken']).toHaveLength(parts);
  }
}

test('vouchers of several purses go in one batch, and on to the account', async ({ arrive, bank }) => {
  const provider = await arrive(withWallet(bank, 2));
  await provider.accept();
  await ask(provider, '0.002');
  let parts = 0n;
  for (const first of [1, 3]) {
    const requester = await arrive(withWallet(bank, first));
    await requester.acceptWithoutLending();
    await connect(requester);
    await openPurse(requester, '0.5', '0.002');
    await expectAmount(requester, 'purse-free', 500n * finney);
    await show(requester, 'Jobs');
    await requester.choose('Mandelbrot');
    await requester.start();
    await requester.expectJob('done');
    parts += BigInt(sum(await requester.partsByPeer()));
  }
  const earned = parts * 2n * finney;
  await expectAmount(provider, 'unredeemed', earned);
  await connect(provider);
  await expect(provider.page.getByTestId('claim-cost')).toContainText('fee for 2 vouchers');
  const payee = (await account(provider).getAttribute('data-account'))!;
  const before = await balance(bank, payee);
  await provider.button('Claim').click();
  await expect(deed(provider)).toHaveAttribute('data-state', 'done');
  const gained = (await balance(bank, payee)) - before;
  expect(gained).toBeLessThan(earned);
  expect(gained).toBeGreaterThan(earned - finney); // the fees of two transactions
  expect(await balance(bank, (await provider.page.getByTestId('pay-address').textContent())!)).toBe(0n);
  await expectAmount(provider, 'unredeemed', 0n);
});

test('a purse takes more, is unlocked in its time and taken back', async ({ arrive, bank }) => {
  const visit = await arrive(withWallet(bank, 3));
  const { page } = visit;
  await visit.acceptWithoutLending();
  await connect(visit);
  const payer = bank.chain.accounts[3]!;
  await openPurse(visit, 'much', '0');
  await expect(page.getByText(/“much” is not an amount/)).toBeVisible();
  await expect(page.getByLabel('Amount')).toBeFocused();
  await openPurse(visit, '0.25', '0');
  await expectAmount(visit, 'purse-free', 250n * finney);

  await page.getByRole('form', { name: 'Add to the purse' }).getByLabel('Add').fill('0.05');
  await visit.button('Top up').click();
  await expectAmount(visit, 'purse-free', 300n * finney);
  await page.reload();
  await expect(visit.state).toHaveText('Online');
  await expectAmount(visit, 'purse-left', 300n * finney); // kept, with no wallet connected
  await connect(visit);

  await visit.button('Unlock the purse …').click();
  await visit.button('Unlock it now').click();
  const unlockState = page.getByTestId('unlock-state');
  await expect(unlockState).toContainText('you can take it back in');
  await expect(visit.button('Take it back')).toBeDisabled();
  await bank.chain.pass(61);
  await expect(unlockState).toContainText('Unlocked');
  const before = await balance(bank, payer);
  await visit.button('Take it back').click();
  await expect(deed(visit)).toContainText('0.3 tETH are back');
  expect(await balance(bank, payer)).toBe(before + 300n * finney - (await feeShown(bank, visit)));
  await expect(page.getByRole('form', { name: 'Open a purse' })).toBeVisible();
});

test('a wallet that declines, changes chain and account, and goes', async ({ arrive, bank }) => {
  const visit = await arrive(withWallet(bank, 4, { chainId: 1, knows: [1] }));
  const { page } = visit;
  await visit.acceptWithoutLending();
  await steer(page, wallet => void Object.assign(wallet, { answer: 'once' }));
  await visit.button(`Connect ${WALLET}`).click();
  await expect(page.getByTestId('wallet-note')).toContainText('You declined to connect');
  await expect(visit.alert).toBeHidden();

  await visit.button(`Connect ${WALLET}`).click();
  await expect(account(visit)).toHaveAttribute('data-state', 'wrong-chain');
  await expect(visit.button('Open the purse')).toBeDisabled();
  await steer(page, wallet => void Object.assign(wallet, { answer: 'once' }));
  await visit.button('Switch chain').click();
  await expect(page.getByTestId('wallet-note')).toContainText('You declined');
  await visit.button('Switch chain').click(); // adds it, for the wallet did not know it
  await expect(account(visit)).toHaveAttribute('data-state', 'ready');

  await steer(page, wallet => void Object.assign(wallet, { answer: 'once' }));
  await openPurse(visit, '0.1', '0');
  await expect(deed(visit)).toHaveAttribute('data-state', 'declined');
  await expect(visit.alert).toBeHidden();

  const other = bank.chain.accounts[5]!;
  await page.evaluate(to => window.testWallet.switchAccount(to), other);
  await expect(account(visit)).toHaveAttribute('data-account', other);
  await steer(page, wallet => wallet.switchChain(1));
  await expect(account(visit)).toHaveAttribute('data-state', 'wrong-chain');
  await steer(page, wallet => wallet.disconnect());
  await expect(page.getByTestId('wallet-note')).toContainText('Disconnected');
  await expect(visit.button(`Connect ${WALLET}`)).toBeVisible();
  await expect(visit.alert).toBeHidden();
});

test('the development wallet says what it is and asks before each thing', async ({ arrive, bank }) => {
  const visit = await arrive({ url: bank.url });
  const { page } = visit;
  await visit.acceptWithoutLending();
  const dialog = page.getByRole('dialog', { name: 'Development wallet' });
  await visit.button('Connect Development wallet (test money only)').click();
  await expect(dialog).toContainText('Test money only');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('wallet-note')).toContainText('You declined');
  await visit.button('Connect Development wallet (test money only)').click();
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(account(visit)).toHaveAttribute('data-state', 'ready');
  await page.getByLabel('Account of the development wallet').selectOption({ index: 3 });
  await expect(account(visit)).toHaveAttribute('data-account', bank.chain.accounts[3]!);

  await openPurse(visit, '0.125', '0');
  await expect(dialog).toContainText('to open a purse');
  await expect(dialog).toContainText('0.125 tETH');
  await expectAccessible(visit);
  await dialog.getByRole('button', { name: 'Decline' }).click();
  await expect(deed(visit)).toHaveAttribute('data-state', 'declined');
  await visit.button('Open the purse').click();
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await expectAmount(visit, 'purse-free', 125n * finney);
});

test('a purse of nothing is refused where it is typed', async ({ arrive, bank }) => {
  const visit = await arrive(withWallet(bank, 9));
  await visit.acceptWithoutLending();
  await connect(visit);
  for (const amount of ['0', '-1', '1e3', 'much']) {
    await openPurse(visit, amount, '0');
    const field = visit.page.getByRole('form', { name: 'Open a purse' }).getByLabel('Amount');
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toBeFocused();
    await expect(deed(visit)).toHaveCount(0);
    await visit.page.getByRole('form', { name: 'Open a purse' }).getByLabel('Amount').fill('');
  }
});

test('a purse is opened by keyboard alone', async ({ arrive, bank }) => {
  const visit = await arrive(withWallet(bank, 8));
  const { page } = visit;
  await visit.acceptWithoutLending();
  await visit.button(`Connect ${WALLET}`).focus();
  await page.keyboard.press('Enter');
  await expect(account(visit)).toHaveAttribute('data-state', 'ready');
  await page.getByLabel('Amount').focus();
  await page.keyboard.type('0.1');
  await page.keyboard.press('Enter');
  await expect(deed(visit)).toHaveAttribute('data-state', 'done');
  await expect(deed(visit)).toBeFocused(); // the form that had the focus is gone
  await page.keyboard.press('Tab');
  await expect(visit.button('Dismiss')).toBeFocused();
});

test('the pay key leaves as a file and comes back in another browser', async ({ arrive, bank }) => {
  const visit = await arrive({ url: bank.url });
  const { page } = visit;
  await visit.acceptWithoutLending();
  const address = (await page.getByTestId('pay-address').textContent())!;
  expect(address).toMatch(/^0x[0-9a-f]{40}$/);
  await visit.button('Save the key …').click();
  await page.getByLabel('Passphrase').fill('short');
  await visit.button('Save the file').click();
  await expect(visit.alert).toContainText('BAD_PASSPHRASE');
  await page.getByLabel('Passphrase').fill('a bell buoy in the fog');
  const { name, bytes } = await visit.save('Save the file');
  expect(name).toBe(`peersea-pay-key-${address.slice(2, 10)}.json`);
  expect(JSON.parse(bytes.toString())).toMatchObject({ version: 3, address: address.slice(2) });
  await expect(page.getByText('key saved')).toBeVisible();

  const elsewhere = await arrive({ url: bank.url });
  await elsewhere.acceptWithoutLending();
  await expect(elsewhere.page.getByTestId('pay-address')).not.toHaveText(address);
  await elsewhere.button('Use a saved key …').click();
  await elsewhere.page.getByLabel('Key file').setInputFiles({ name, mimeType: 'application/json', buffer: bytes });
  await elsewhere.page.getByLabel('Passphrase').fill('a bell buoy in the mist');
  await elsewhere.button('Use this key').click();
  await expect(elsewhere.alert).toContainText('BAD_KEY_FILE');
  await elsewhere.page.getByLabel('Passphrase').fill('a bell buoy in the fog');
  await elsewhere.button('Use this key').click();
  await expect(elsewhere.page.getByTestId('pay-address')).toHaveText(address);
});

test('a chain that cannot be reached is told in words, and work goes on', async ({ arrive, bank }) => {
  const visit = await arrive({ ...withWallet(bank, 6), expected: /ERR_CONNECTION_REFUSED/ });
  await visit.accept();
  await connect(visit);
  bank.chain.stop();
  await expect(visit.page.getByText('CHAIN_FAILED')).toHaveCount(1); // said once
  await expect(visit.page.getByText('CHAIN_FAILED')).toBeVisible();
  await openPurse(visit, '0.1', '0');
  await expect(visit.alert).toContainText('The chain gave no usable answer');
  await show(visit, 'Jobs');
  await visit.choose('Mandelbrot');
  await visit.start();
  await visit.expectJob('done');
});

test('a price is told as it was understood, with the one in force and the highest there is', async ({
  arrive,
  bank,
}) => {
  const visit = await arrive({ url: bank.url });
  await visit.accept();
  const field = visit.page.getByLabel('Ask per part');
  const inForce = visit.page.getByRole('status', { name: 'Price in force' });
  await expect(inForce).toHaveText('You ask nothing: what you compute is a gift.');
  await field.fill('0,001');
  await field.press('Enter');
  await expect(inForce).toHaveText('You ask 0.001 tETH for a part. Paid in vouchers; see Wallet.');
  await expect(field).toHaveValue('0.001');
  await field.fill('1000000');
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription('The most that can stand here is 79228.1 tETH.');
  await expect(inForce).toHaveText('You ask 0.001 tETH for a part. Paid in vouchers; see Wallet.');

  const stranger = await arrive({ url: bank.url });
  await stranger.acceptWithoutLending();
  await visit.page.getByRole('checkbox', { name: 'Also compute for those who cannot pay' }).check();
  await show(stranger, 'Jobs');
  await stranger.choose('Mandelbrot');
  await stranger.start();
  await stranger.expectJob('done');
  const parts = sum(await stranger.partsByPeer());
  await expect(visit.page.getByTestId('unpaid')).toContainText(`${parts} parts computed since you asked a price`);
});

test('a sea without a chain says so, and counts gifts', async ({ arrive, sea }) => {
  const visit = await arrive({ url: new URL('#wallet', sea.url).href });
  await visit.acceptWithoutLending();
  await expect(visit.page.getByTestId('no-chain')).toContainText('everything is free');
  await expect(visit.page.getByRole('form', { name: 'Price asked' })).toBeHidden();
  await show(visit, 'Jobs');
  await visit.choose('Mandelbrot');
  await visit.start();
  await visit.expectJob('done');
  const parts = sum(await visit.partsByPeer());
  await show(visit, 'Wallet');
  await expect(visit.page.getByTestId('gifts-taken')).toHaveText(String(parts));
  await visit.page.getByRole('radio', { name: 'Computed for you' }).check();
  await expect(visit.page.getByRole('table', { name: 'Receipts' }).locator('tbody tr').first()).toContainText('Gift');
  await expectAccessible(visit);
});

test('every state of the wallet is named, ordered, legible and fits', async ({ arrive, bank }) => {
  const visit = await arrive(withWallet(bank, 7));
  await visit.accept();
  await expect(visit.button(`Connect ${WALLET}`)).toBeVisible();
  await expectAccessible(visit);
  await steer(visit.page, wallet => wallet.switchChain(1));
  await visit.button(`Connect ${WALLET}`).click();
  await expect(visit.button('Switch chain')).toBeVisible();
  await expectAccessible(visit);
  await steer(visit.page, wallet => wallet.switchChain(31_337));
  await openPurse(visit, '', '-1');
  await expectAccessible(visit);
  await openPurse(visit, '0.1', '0.001');
  await expectAmount(visit, 'purse-free', 100n * finney);
  await visit.button('Unlock the purse …').click();
  await expectAccessible(visit);
  await visit.button('Save the key …').click();
  await expectAccessible(visit);
  await visit.button('Cancel').click();
  await visit.button('Unlock it now').click();
  await expect(visit.page.getByTestId('unlock-state')).toBeVisible();
  await expectAccessible(visit);
  await visit.button('Use a saved key …').click();
  await expectAccessible(visit);
  await visit.button('Cancel').click();
  await ask(visit, '0.001');
  await expectAccessible(visit);
  await expectFocusSeen(visit, 20);
  await steer(visit.page, wallet => void Object.assign(wallet, { answer: 'once' }));
  await visit.button('Disconnect').click();
  await visit.button(`Connect ${WALLET}`).click();
  await expect(visit.page.getByTestId('wallet-note')).toContainText('You declined to connect');
  await expectAccessible(visit);
});

test('earnings, a claim and receipts are named, ordered, legible and fit', async ({ arrive, bank }) => {
  const provider = await arrive(withWallet(bank, 2));
  await provider.accept();
  await ask(provider, '0.001');
  const requester = await arrive(withWallet(bank, 9));
  await requester.acceptWithoutLending();
  await connect(requester);
  await openPurse(requester, '0.1', '0.001');
  await expectAmount(requester, 'purse-free', 100n * finney);
  await show(requester, 'Jobs');
  await requester.choose('Mandelbrot');
  await expect(requester.page.getByTestId('job-most')).toBeVisible();
  await expectAccessible(requester);
  await requester.start();
  await requester.expectJob('done');
  await expectAccessible(requester);
  await expect(provider.page.getByRole('table', { name: 'Receipts' })).toBeVisible();
  await expectAccessible(provider);
  await connect(provider);
  await expect(provider.page.getByTestId('claim-cost')).toBeVisible();
  await expectAccessible(provider);
  await provider.button('Claim').click();
  await expect(deed(provider)).toHaveAttribute('data-state', 'done');
  await expectAccessible(provider);
  await requester.page.getByLabel('Whole job at most').fill('0.002');
  await requester.start();
  await requester.expectJob('failed');
  await expectAccessible(requester);
});
