/** `peersea earnings`: what a node was paid in vouchers, and how they stand on the chain. */

import { formatAmount } from '../base/amount.ts';
import { chainOptions, chainUsage, needChain } from './chain-option.ts';
import { type Command, dataFolder, parse, report } from './command.ts';
import { type Earning, EarningsFile } from './earnings-file.ts';

const CLAIM_FIRST = '; a node takes no more of a payer who owes it so much: peersea claim';

export const earnings: Command = {
  purpose: 'the vouchers that a node has earned',
  usage: `usage: peersea earnings --chain WHERE [options]

One line for each payer: what was earned, what the chain has paid of it, what it would pay now; and where so much
is unclaimed that a node takes no more of the payer, or soon does not.

  --data FOLDER     the node's folder (default ~/.peersea/contributor)
${chainUsage}
  --json            one JSON object per line on stdout; amounts in the smallest unit`,

  async run(args, signal) {
    const options = { ...chainOptions, data: { type: 'string' }, json: { type: 'boolean', default: false } } as const;
    const { values } = parse({ args: [...args], options });
    const chain = await needChain(values);
    const file = await EarningsFile.open(dataFolder(values.data, 'contributor'));
    const list = await file.on(chain, signal);
    const text = (amount: bigint): string =>
      `${formatAmount(amount, chain.currency.decimals)} ${chain.currency.symbol}`;
    for (const { voucher, paid, payable, unlockAt, claimFirst } of list) {
      const { payer, key, lane, cumulative } = voucher;
      const unlock =
        unlockAt === 0 ? '' : `; the payer may take the rest back from ${new Date(unlockAt * 1000).toISOString()}`;
      report(
        values.json,
        { payer, key, lane, earned: `${cumulative}`, paid: `${paid}`, payable: `${payable}`, unlockAt, claimFirst },
        `${payer}: earned ${text(cumulative)}, paid ${text(paid)}, payable now ${text(payable)}${claimFirst ? CLAIM_FIRST : ''}${unlock}`,
      );
    }
    const [earned, paid, payable] = totals(list);
    report(
      values.json,
      {
        payAddress: file.payAddress,
        vouchers: list.length,
        earned: `${earned}`,
        paid: `${paid}`,
        payable: `${payable}`,
      },
      `${file.payAddress} has earned ${text(earned)}: ${text(paid)} paid, ${text(payable)} payable now`,
    );
  },
};

function totals(list: readonly Earning[]): [earned: bigint, paid: bigint, payable: bigint] {
  return list.reduce(
    ([earned, paid, payable], each) => [earned + each.voucher.cumulative, paid + each.paid, payable + each.payable],
    [0n, 0n, 0n],
  );
}
