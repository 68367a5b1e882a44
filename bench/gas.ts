/**
 * What SeaPurse's calls cost: gas of the receipts, on anvil; native coin unless the case says `erc20`. Every figure is
 * exact and the same on every machine; a limit is the bar, the other rows inform. The keys are fixed, because a zero byte
 * of a signature costs less.
 */

import { startAnvil } from './anvil.ts';
import { type Deployment, deploy, PurseUser } from './purse-user.ts';
import { type BenchOptions, type Case, runCases } from './report.ts';

const BATCH = 50;
/** What every transaction costs before it does anything. */
const TRANSACTION_GAS = 21_000n;
const DEPOSIT = 1_000_000_000_000_000_000n;
/** No round figures: zero bytes are cheaper. */
const EARNED = 1_234_567_890_123_457n;
const TICK = 1_234_567_890_123n;
const FEE = 12_345_678_901_237n;

/** The bars, in gas. Cases without one inform. */
const limits: Readonly<Record<string, number>> = {
  open: 55_000,
  'redeem-open-first': 70_000,
  'redeem-open-later': 54_000,
  'redeem-reserved': 48_000,
  'redeem-batch-50': 16_000,
};

/** On accounts of the case's own. */
type Measure = (user: PurseUser, deployment: Deployment) => Promise<bigint>;

const coinCases: Readonly<Record<string, Measure>> = {
  open: user => user.open(DEPOSIT),
  'redeem-open-first': async user => (await opened(user)).redeem(EARNED),
  'redeem-open-later': async user => (await redeemed(user)).redeem(2n * EARNED),
  'redeem-reserved': async user => (await reserved(user)).redeem(EARNED),
  'redeem-reserved-later': async user => {
    await (await reserved(user)).redeem(EARNED);
    return user.redeem(2n * EARNED);
  },
  'redeem-batch-50': (_, deployment) => batch(deployment, 'reserved', 1),
  'redeem-batch-50-open-first': (_, deployment) => batch(deployment, 'open', 1),
  'redeem-batch-50-open-later': (_, deployment) => batch(deployment, 'open', 2),
  'redeem-ticks-1': async user => (await redeemed(user)).redeemTicks(EARNED, TICK, 1),
  'redeem-ticks-1024': async user => (await redeemed(user)).redeemTicks(EARNED, TICK, 1024),
  'claim-open-later': async user => (await redeemed(user)).claim(2n * EARNED, FEE),
  'claim-reserved': async user => (await reserved(user)).claim(EARNED, FEE),
  'top-up': async user => (await opened(user)).topUp(DEPOSIT),
  reserve: async user => (await opened(user)).reserve(DEPOSIT / 2n),
  'reserve-more': async user => (await reserved(user)).reserve((DEPOSIT * 3n) / 4n),
  release: async user => (await reserved(user)).release(),
  'release-signed': async user => (await reserved(user)).releaseSigned(0n),
  'request-unlock': async user => (await opened(user)).requestUnlock(),
  withdraw: async user => {
    await (await opened(user)).requestUnlock();
    return user.withdraw();
  },
  deploy: async (_, { deployGas }) => deployGas,
};

/** What the receiver of the money does not exist for yet costs more. */
const newAccountCases: Readonly<Record<string, Measure>> = {
  'redeem-open-first-new-account': async user => (await opened(user)).redeem(EARNED),
  'claim-open-first-new-account': async user => (await opened(user)).claim(EARNED, FEE),
};

const tokenCases: Readonly<Record<string, Measure>> = {
  'erc20-open': user => user.open(DEPOSIT),
  'erc20-redeem-open-first': async user => (await opened(user)).redeem(EARNED),
  'erc20-redeem-open-later': async user => (await redeemed(user)).redeem(2n * EARNED),
  'erc20-redeem-reserved': async user => (await reserved(user)).redeem(EARNED),
  'erc20-redeem-batch-50': (_, deployment) => batch(deployment, 'reserved', 1),
};

export async function bench(options: BenchOptions): Promise<Case[]> {
  const chain = await startAnvil();
  try {
    const coin = await deploy(chain.url, 'coin');
    const token = await deploy(chain.url, 'token');
    return await runCases(options, {
      ...prepared(coinCases, coin, 'existing'),
      ...prepared(newAccountCases, coin, 'new'),
      ...prepared(tokenCases, token, 'existing'),
    });
  } finally {
    chain.stop();
  }
}

function prepared(
  measures: Readonly<Record<string, Measure>>,
  deployment: Deployment,
  accounts: 'new' | 'existing',
): Record<string, () => Promise<Case>> {
  const run = async (name: string, measure: Measure): Promise<Case> => {
    const user = await new PurseUser(deployment, name).prepare(accounts);
    return caseOf(name, Number(await measure(user, deployment)));
  };
  return Object.fromEntries(Object.entries(measures).map(([name, measure]) => [name, () => run(name, measure)]));
}

async function opened(user: PurseUser): Promise<PurseUser> {
  await user.open(DEPOSIT);
  return user;
}

async function reserved(user: PurseUser): Promise<PurseUser> {
  await (await opened(user)).reserve(DEPOSIT / 2n);
  return user;
}

/** With a lane that has been paid once, so that its slot exists. */
async function redeemed(user: PurseUser): Promise<PurseUser> {
  await (await opened(user)).redeem(EARNED);
  return user;
}

/** Gas for each voucher in the `round`th batch of one payee and 50 payers, without that of the transaction itself. */
async function batch(deployment: Deployment, lanes: 'open' | 'reserved', round: number): Promise<bigint> {
  const payers: PurseUser[] = [];
  for (let i = 0; i < BATCH; i++) {
    const payer = await new PurseUser(deployment, `${lanes} ${round} ${i}`, 'batch').prepare('existing');
    payers.push(await (lanes === 'open' ? opened(payer) : reserved(payer)));
  }
  let gas = 0n;
  for (let i = 1n; i <= round; i++) {
    gas = await payers[0]!.redeemBatch(payers.map(payer => payer.packed(i * EARNED)));
  }
  return (gas - TRANSACTION_GAS + BigInt(BATCH) - 1n) / BigInt(BATCH); // rounded up
}

function caseOf(name: string, gas: number): Case {
  const limit = limits[name] ?? null;
  const ratio = limit === null ? null : gas / limit;
  return {
    case: name,
    unit: 'gas',
    better: 'lower',
    ours: gas,
    limit,
    peers: {},
    ratio,
    ratioLow: ratio,
    ratioHigh: ratio,
    void: false,
  };
}
