/** `peersea redeem` and `peersea claim`: a node's vouchers brought to the chain, all at once to its pay address or one by one elsewhere. */

import { httpRpc } from '../adapters/evm/json-rpc.ts';
import { BATCH_VOUCHERS_MAX } from '../adapters/evm/limits.ts';
import type { PurseCall } from '../adapters/evm/purse-calls.ts';
import type { PurseWallet } from '../adapters/evm/purse-wallet.ts';
import { formatAmount } from '../base/amount.ts';
import { SeaError } from '../base/errors.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import { chainOptions, chainUsage, needChain } from './chain-option.ts';
import { type Command, dataFolder, parse, report } from './command.ts';
import { type Earning, EarningsFile } from './earnings-file.ts';
import { keyOptions, keyUsage, readKey } from './key-option.ts';

/** How long a claim may be brought, s: it is brought at once. */
const CLAIM_S = 600;

const options = {
  ...chainOptions,
  ...keyOptions,
  to: { type: 'string' },
  anyway: { type: 'boolean', default: false },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const commonUsage = `  --anyway          even where the chain's fee is more than what comes
  --data FOLDER     the node's folder (default ~/.peersea/contributor)
${keyUsage}
${chainUsage}
  --json            one JSON object per line on stdout; amounts in the smallest unit`;

export const redeem: Command = {
  purpose: 'has the chain pay what a node has earned',
  usage: `usage: peersea redeem --chain WHERE --key-file FILE [options]

Brings all vouchers in one transaction; the money comes to the node's pay address.

  --to 0x…          send all coin of the pay address on to this account; the fee of that second transaction comes out of
                    the coin that is sent, only that of the first is paid by --key-file (claim has no second one)
${commonUsage}`,

  async run(args, signal) {
    const task = await prepare(args, signal);
    const { file, wallet, chain, list, values } = task;
    for (let at = 0; at < list.length; at += BATCH_VOUCHERS_MAX) {
      const part = list.slice(at, at + BATCH_VOUCHERS_MAX);
      const packed = part.map(({ voucher }) => voucher.packed);
      await checkFee(task, { call: 'redeemBatch', payee: file.payAddress, packed }, payableOf(part));
      const { hash, amount, skipped } = await wallet.redeemBatch(file.payAddress, packed, { signal });
      const vouchers = packed.length - skipped.length;
      report(
        values.json,
        { hash, amount: `${amount}`, vouchers, to: file.payAddress },
        `${text(amount, chain)} of ${vouchers} voucher${vouchers === 1 ? '' : 's'} came to ${file.payAddress} (${hash})`,
      );
    }
    if (values.to === undefined) return;
    const { sweep } = await import('../adapters/evm/wallet.ts');
    const { hash, amount } = await sweep(file.payKey.export(), values.to, chain, { signal });
    report(
      values.json,
      { hash, amount: `${amount}`, to: values.to },
      `${text(amount, chain)} went on to ${values.to} (${hash})`,
    );
  },
};

export const claim: Command = {
  purpose: 'has the chain pay what a node has earned to another account',
  usage: `usage: peersea claim --to 0x… --chain WHERE --key-file FILE [options]

Brings the vouchers one by one, each with a claim signed by the node's pay key.

  --to 0x…          the account that is to be paid
${commonUsage}`,

  async run(args, signal) {
    const { to } = readValues(args);
    if (to === undefined) throw new SeaError('BAD_ARGUMENT', 'name the account that is to be paid: --to 0x…');
    const task = await prepare(args, signal);
    const { file, wallet, chain, list, values } = task;
    for (const { voucher, payable } of list) {
      const signed = await file.signClaim({ voucher, to, deadline: (await chainTime(chain)) + CLAIM_S });
      await checkFee(task, { call: 'claimFor', voucher, claim: signed, fee: 0n }, payable);
      const { hash, amount } = await wallet.claimFor(voucher, signed, 0n, { signal });
      report(
        values.json,
        { hash, amount: `${amount}`, payer: voucher.payer, to },
        `${text(amount, chain)} of ${voucher.payer} came to ${to} (${hash})`,
      );
    }
  },
};

interface Task {
  readonly file: EarningsFile;
  readonly chain: ChainInfo;
  readonly wallet: PurseWallet;
  /** What the chain would pay something of. */
  readonly list: readonly Earning[];
  readonly values: ReturnType<typeof readValues>;
}

async function prepare(args: readonly string[], signal: AbortSignal): Promise<Task> {
  const values = readValues(args);
  const key = await readKey(values['key-file']);
  const chain = await needChain(values);
  const file = await EarningsFile.open(dataFolder(values.data, 'contributor'));
  const list = (await file.on(chain, signal)).filter(({ payable }) => payable > 0n);
  const { connectWallet, keyProvider } = await import('../adapters/evm/wallet.ts');
  const wallet = await connectWallet(keyProvider(key, chain.rpc), chain);
  if (list.length === 0) report(values.json, { vouchers: 0 }, 'The chain has nothing to pay now.');
  return { file, chain, wallet, list, values };
}

function readValues(args: readonly string[]) {
  const { values } = parse({ args: [...args], options });
  if (values.to !== undefined && !/^0x[0-9a-fA-F]{40}$/.test(values.to))
    throw new SeaError('BAD_ARGUMENT', '--to is 0x and 40 hex digits');
  return values;
}

/** Throws PRICE_TOO_HIGH where it would cost more than it brings; where coin is paid, only then are the two comparable. */
async function checkFee({ wallet, chain, values }: Task, call: PurseCall, payable: bigint): Promise<void> {
  if (values.anyway || (await wallet.asset()) !== undefined) return;
  const { fee } = await wallet.estimate(call);
  if (fee < payable) return;
  throw new SeaError(
    'PRICE_TOO_HIGH',
    `the chain's fee of ${text(fee, chain)} is more than the ${text(payable, chain)} that come: wait, or --anyway`,
  );
}

function payableOf(list: readonly Earning[]): bigint {
  return list.reduce((sum, { payable }) => sum + payable, 0n);
}

/** Deadlines are held against the chain's own time. */
async function chainTime({ rpc }: ChainInfo): Promise<number> {
  const block = (await httpRpc(rpc)('eth_getBlockByNumber', ['latest', false])) as { timestamp: string };
  return Number(block.timestamp);
}

function text(amount: bigint, { currency }: ChainInfo): string {
  return `${formatAmount(amount, currency.decimals)} ${currency.symbol}`;
}
