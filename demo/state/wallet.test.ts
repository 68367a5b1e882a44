/** Connecting, claiming, the purse: as the wallet accepts, declines, changes and fails. */

import { beforeEach, describe, expect, it } from 'vitest';
import { deferred } from '../../src/base/deferred.ts';
import { SeaError } from '../../src/base/errors.ts';
import type { ConsentStorage } from '../consent.ts';
import { voucherOf } from '../testing/fake-credit.ts';
import { FakeSea } from '../testing/fake-sea.ts';
import { accountOf, FakeWallet, testChain } from '../testing/fake-wallet.ts';
import { Chain } from './chain.ts';
import { CreditDesk } from './credit.ts';
import { WalletDesk } from './wallet.ts';

const page = new URL('http://localhost/');
const kept = new Map<string, string>();
const storage: ConsentStorage = {
  getItem: key => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: key => void kept.delete(key),
};

let sea: FakeSea;
let wallet: FakeWallet;
let nowMs: number;
let credit: CreditDesk;

/** A page of this device, in a sea with a chain. */
async function visit(): Promise<WalletDesk> {
  const chain = new Chain(async () => ({ ok: true, json: async () => testChain }));
  await chain.load(['ws://localhost/sea'], page);
  credit = new CreditDesk(
    () => nowMs,
    () => true,
  );
  credit.follow(sea.asSea());
  const desk = new WalletDesk({
    storage,
    chain,
    credit,
    loadTools: async () => wallet.asTools(),
    target: () => ({}) as Window,
    isInFront: () => true,
    wallMs: () => nowMs,
  });
  await desk.follow();
  return desk;
}

async function connected(): Promise<WalletDesk> {
  const desk = await visit();
  await desk.connection.connect(wallet.found);
  return desk;
}

/** What has been set going comes to rest. */
function rest(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve));
}

beforeEach(() => {
  sea = new FakeSea();
  wallet = new FakeWallet();
  nowMs = 1_000_000;
  kept.clear();
});

describe('connecting', () => {
  it('shows the account and what it has', async () => {
    const desk = await visit();
    expect(desk.connection.found.value).toEqual([wallet.found]);
    expect(desk.connection.ready).toBeUndefined();
    await desk.connection.connect(wallet.found);
    expect(desk.connection.phase.value).toMatchObject({ state: 'connected', shown: { account: accountOf(1) } });
    expect(desk.connection.balances.value?.coin).toBe(10n ** 18n);
  });

  it('declining is no error, and one may try again', async () => {
    const desk = await visit();
    wallet.answer = 'decline';
    await desk.connection.connect(wallet.found);
    expect(desk.connection.phase.value).toMatchObject({ state: 'none', complaint: undefined });
    expect(desk.connection.phase.value).toHaveProperty('note', expect.stringContaining('declined'));
    wallet.answer = 'accept';
    await desk.connection.connect(wallet.found);
    expect(desk.connection.phase.value.state).toBe('connected');
  });

  it('follows another account, another chain, and the end', async () => {
    const desk = await connected();
    wallet.change({ state: 'ready', account: accountOf(2) });
    expect(desk.connection.phase.value).toMatchObject({ shown: { account: accountOf(2) } });
    await rest();
    wallet.change({ state: 'wrong-chain', account: accountOf(2), chainId: 1 });
    expect(desk.connection.ready).toBeUndefined();
    await desk.connection.switchChain();
    expect(desk.connection.ready?.account).toBe(accountOf(1));
    wallet.change({ state: 'disconnected', reason: 'it is gone' });
    expect(desk.connection.phase.value).toMatchObject({ state: 'none', note: 'Disconnected: it is gone.' });
    expect(desk.connection.balances.value).toBeUndefined();
  });

  it('a switch that is declined leaves quiet words', async () => {
    const desk = await connected();
    wallet.change({ state: 'wrong-chain', account: accountOf(1), chainId: 1 });
    wallet.answer = 'decline';
    await desk.connection.switchChain();
    expect(desk.connection.phase.value).toMatchObject({ state: 'connected', complaint: undefined });
    expect(desk.connection.phase.value).toHaveProperty('note', expect.stringContaining('declined'));
  });

  it('the page lets it go', async () => {
    const desk = await connected();
    await desk.connection.disconnect();
    expect(wallet.asked).toContain('disconnect');
    expect(desk.connection.phase.value.state).toBe('none');
    wallet.change({ state: 'ready', account: accountOf(9) });
    expect(desk.connection.phase.value.state).toBe('none');
  });

  it('a chain that does not answer is a complaint, not the end', async () => {
    const desk = await visit();
    wallet.failure = new SeaError('CHAIN_FAILED', 'no connection');
    await desk.connection.connect(wallet.found);
    expect(desk.connection.phase.value).toMatchObject({ state: 'none', complaint: { code: 'CHAIN_FAILED' } });
    await desk.readChain();
    expect(desk.claims.complaint.value?.code).toBe('CHAIN_FAILED');
  });
});

describe('claiming', () => {
  /** Vouchers of three purses with plenty in them. */
  function earn(...amounts: bigint[]): void {
    sea.credit.held = amounts.map((amount, at) => voucherOf(0x10 + 2 * at, amount));
    for (const { key } of sea.credit.held)
      wallet.purses.set(key, { state: 'open', free: 10n ** 20n, unlockAt: 0, expiry: 0 });
  }

  it('one voucher goes straight to the account', async () => {
    earn(500_000n);
    wallet.claimed = 500_000n;
    const desk = await connected();
    await desk.readChain();
    const offer = desk.claims.offer.value!;
    expect(offer).toMatchObject({ fee: 1_000n, isWorth: true, plan: { way: 'claim', amount: 500_000n } });
    await desk.claim(offer);
    expect(desk.deed.value).toMatchObject({ state: 'done', words: '0.0000000000005 tETH arrived at 0x0101…0101.' });
    expect(sea.credit.claims.at(-1)).toMatchObject({ to: accountOf(1), maxFee: 0n, deadline: wallet.timeS + 3_600 });
    expect(wallet.asked).toContain(`claim to ${accountOf(1)}`);
  });

  it('several go to the pay address in a batch, and on from there', async () => {
    earn(500_000n, 400_000n, 10n);
    wallet.claimed = 900_000n;
    const desk = await connected();
    await desk.readChain();
    const offer = desk.claims.offer.value!;
    expect(offer.plan).toMatchObject({ way: 'batch', amount: 900_000n });
    expect(offer.fee).toBe(1_000n + 27_000n);
    await desk.claim(offer);
    expect(desk.deed.value.state).toBe('done');
    expect(wallet.asked.slice(-3)).toContain(`sweep to ${accountOf(1)}`);
    expect(wallet.asked).toContain('redeem 2');
    expect(desk.claims.resting.value).toBe(0n);
  });

  it('is refused where the fee eats it up', async () => {
    earn(500n);
    const desk = await connected();
    await desk.readChain();
    expect(desk.claims.offer.value).toMatchObject({ isWorth: false });
    wallet.fee = 499n;
    await desk.readChain();
    expect(desk.claims.offer.value).toMatchObject({ isWorth: true });
  });

  it('declining leaves all as it was', async () => {
    earn(500_000n);
    const desk = await connected();
    await desk.readChain();
    wallet.answer = 'decline';
    await desk.claim(desk.claims.offer.value!);
    expect(desk.deed.value).toEqual({ state: 'declined', at: 'vouchers', what: 'claiming' });
    expect(desk.claims.offer.value).toBeDefined();
  });

  it('what was claimed and not sent on is found and sent on', async () => {
    wallet.elsewhere.set(sea.credit.address, 800_000n);
    const desk = await connected();
    await desk.readChain();
    expect(desk.claims.resting.value).toBe(800_000n);
    await desk.sendOn();
    expect(desk.deed.value.state).toBe('done');
    expect(desk.claims.resting.value).toBe(0n);
  });

  it('needs no wallet to show what there is', async () => {
    earn(500_000n);
    sea.credit.paid.set(accountOf(0x10), 200_000n);
    const desk = await visit();
    await desk.readChain();
    expect(desk.claims.lanes.value).toMatchObject([{ due: 300_000n, payable: 300_000n }]);
    expect(desk.claims.offer.value).toBeUndefined();
    expect(desk.claims.dust.value).toBe(70_000n);
  });
});

describe('the purse', () => {
  it('is opened for a new session key and used at once', async () => {
    const desk = await connected();
    expect(await desk.openPurse(5_000n, 10n)).toBe(true);
    const key = accountOf(0xa1);
    expect(sea.credit.purseInUse).toEqual({ payer: accountOf(1), key, priceMax: 10n });
    expect(desk.purse.figures.value).toMatchObject({ deposited: 5_000n, view: { state: 'open', free: 5_000n } });
  });

  it('is not opened by who declines', async () => {
    const desk = await connected();
    wallet.answer = 'decline';
    expect(await desk.openPurse(5_000n, 10n)).toBe(false);
    expect(sea.credit.purseInUse).toBeUndefined();
    expect(desk.purse.figures.value).toBeUndefined();
    const later = await visit();
    expect(later.purse.figures.value).toBeUndefined();
  });

  it('is found by the next visit when the page went while it was opened', async () => {
    const block = deferred<void>();
    wallet.block = block.promise;
    const gone = await connected();
    void gone.openPurse(5_000n, 10n);
    await rest();
    expect(gone.deed.value.state).toBe('sent');
    wallet.purses.set(accountOf(0xa1), { state: 'open', free: 5_000n, unlockAt: 0, expiry: 0 });
    expect(sea.credit.purseInUse).toBeUndefined();

    const later = await visit();
    expect(sea.credit.purseInUse).toEqual({ payer: accountOf(1), key: accountOf(0xa1), priceMax: 10n });
    expect(later.purse.figures.value).toMatchObject({ deposited: 5_000n, view: { state: 'open' } });
  });

  it('takes more, and another price', async () => {
    const desk = await connected();
    await desk.openPurse(5_000n, 10n);
    expect(await desk.topUp(desk.purse.figures.value!, 700n)).toBe(true);
    expect(desk.purse.figures.value).toMatchObject({ deposited: 5_700n, view: { free: 5_700n } });
    await desk.setPriceMax(20n);
    expect(sea.credit.purseInUse?.priceMax).toBe(20n);
    await desk.readChain();
    expect(desk.purse.figures.value?.use.priceMax).toBe(20n);
  });

  it('is unlocked after its delay by the chain’s time, then taken back', async () => {
    const desk = await connected();
    await desk.openPurse(5_000n, 10n);
    expect(desk.unlocksInS(desk.purse.figures.value!)).toBeUndefined();
    await desk.requestUnlock(desk.purse.figures.value!);
    desk.refresh();
    expect(desk.unlocksInS(desk.purse.figures.value!)).toBe(60);
    nowMs += 20_000;
    desk.refresh();
    expect(desk.unlocksInS(desk.purse.figures.value!)).toBe(40);
    wallet.timeS += 60; // the chain's clock goes ahead of this device's
    await desk.readChain();
    expect(desk.unlocksInS(desk.purse.figures.value!)).toBe(0);
    await desk.withdraw(desk.purse.figures.value!);
    expect(desk.deed.value).toMatchObject({ state: 'done', words: expect.stringContaining('are back') });
    expect(sea.credit.purseInUse).toBeUndefined();
    expect(desk.purse.figures.value).toBeUndefined();
    expect(kept.size).toBe(0);
  });
});

describe('asking the chain', () => {
  /** How often the chain's conditions were asked for by the claims, in so many beats. */
  async function readings(desk: WalletDesk, beats: number): Promise<number> {
    const before = wallet.conditionsAsked;
    for (let beat = 0; beat < beats; beat++) {
      desk.refresh();
      await rest();
    }
    return wallet.conditionsAsked - before;
  }

  it('is done at once, then seldom; sooner when more was earned, at once for another account', async () => {
    const desk = await visit();
    expect(await readings(desk, 1)).toBe(1);
    expect(await readings(desk, 39)).toBe(0);
    expect(await readings(desk, 1)).toBe(1);
    sea.credit.figures = { ...sea.credit.figures, earned: 1n };
    sea.emit('credit', sea.credit.figures);
    credit.refresh();
    expect(await readings(desk, 7)).toBe(0);
    expect(await readings(desk, 1)).toBe(1);
    await desk.connection.connect(wallet.found);
    expect(await readings(desk, 1)).toBe(1);
  });

  it('is done once more for a wallet that comes while the chain is being asked', async () => {
    sea.credit.held = [voucherOf(0x10, 500_000n)];
    wallet.purses.set(accountOf(0x11), { state: 'open', free: 10n ** 20n, unlockAt: 0, expiry: 0 });
    const desk = await visit();
    const reading = desk.readChain();
    await desk.connection.connect(wallet.found);
    await Promise.all([reading, desk.readChain()]);
    expect(desk.claims.offer.value).toMatchObject({ plan: { way: 'claim', amount: 500_000n } });
  });

  it('leaves out vouchers that are paid out, until they grow', async () => {
    sea.credit.held = [voucherOf(0x10, 500n)];
    sea.credit.paid.set(accountOf(0x10), 500n);
    const desk = await visit();
    await desk.readChain();
    await desk.readChain();
    expect(sea.credit.redeemedAsked).toBe(1);
    sea.credit.held = [voucherOf(0x10, 700n)];
    await desk.readChain();
    expect(sea.credit.redeemedAsked).toBe(2);
    expect(desk.claims.lanes.value).toMatchObject([{ due: 200n }]);
  });
});

describe('waiting for the wallet', () => {
  it('can be left; what was sent stays sent and counts when it comes', async () => {
    const block = deferred<void>();
    wallet.block = block.promise;
    const desk = await connected();
    const opening = desk.openPurse(5_000n, 10n);
    await rest();
    expect(desk.deed.value).toMatchObject({ state: 'sent', what: 'opening the purse' });
    expect(await desk.openPurse(1n, 1n)).toBe(false); // one thing at a time
    desk.deeds.leave();
    expect(await opening).toBe(false);
    expect(desk.deed.value).toMatchObject({ state: 'left', hash: expect.stringMatching(/^0x/) });
    block.resolve();
    await rest();
    expect(sea.credit.purseInUse?.key).toBe(accountOf(0xa1));
    desk.deeds.dismiss();
    expect(desk.deed.value).toEqual({ state: 'none' });
  });

  it('what fails is told with its reason', async () => {
    const desk = await connected();
    wallet.failure = new SeaError('ACCOUNT_EMPTY', 'not enough');
    await desk.openPurse(5_000n, 10n);
    expect(desk.deed.value).toMatchObject({ state: 'failed', complaint: { code: 'ACCOUNT_EMPTY' } });
  });
});

describe('the development wallet’s questions', () => {
  it('come one after the other, and are declined when nobody waits any more', async () => {
    const { prompts } = (await visit()).connection;
    const first = prompts.ask({ kind: 'connect', account: accountOf(1) });
    const second = prompts.ask({ kind: 'connect', account: accountOf(2) });
    expect(prompts.waiting.value.map(({ request }) => request.account)).toEqual([accountOf(1), accountOf(2)]);
    prompts.waiting.value[0]!.answer(true);
    expect(await first).toBe(true);
    prompts.declineAll();
    expect(await second).toBe(false);
    expect(prompts.waiting.value).toEqual([]);
  });
});
