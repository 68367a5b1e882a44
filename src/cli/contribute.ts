/** `peersea contribute`: a headless contributor of cores and of room for files. */

import { availableParallelism } from 'node:os';
import { formatAmount, parseAmount } from '../base/amount.ts';
import { SeaError } from '../base/errors.ts';
import { SLOTS_MAX } from '../compute/limits.ts';
import { createSea } from '../node.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import { byteSize } from './byte-size.ts';
import { chainOptions, chainUsage, readChain } from './chain-option.ts';
import {
  type Command,
  commonOptions,
  commonUsage,
  dataFolder,
  joinOptions,
  parse,
  report,
  stderrLog,
  untilAborted,
  wholeNumber,
} from './command.ts';

const options = {
  ...commonOptions,
  ...chainOptions,
  price: { type: 'string' },
  'no-gifts': { type: 'boolean', default: false },
  slots: { type: 'string' },
  storage: { type: 'string', default: '1G' },
} as const;

export const contribute: Command = {
  purpose: "computes other people's parts on this machine, in worker threads, and keeps shards of their files",
  usage: `usage: peersea contribute --bootstrap URL [options]

  --slots N         parts to compute at once, at most ${SLOTS_MAX} (default: half of the cores)
  --storage SIZE    room to lend for shards of other people's files, such as 500M (default 1G; 0 = none)
  --price AMOUNT    ask this for a part, in the chain's currency such as 0.0001 (0: all is given; default: as before)
  --no-gifts        compute for nobody who cannot pay the price (default: they are given what paid work leaves)
${chainUsage}
${commonUsage}`,

  async run(args, signal) {
    const { values } = parse({ args: [...args], options });
    const slots =
      values.slots === undefined
        ? Math.min(SLOTS_MAX, Math.max(1, Math.floor(availableParallelism() / 2)))
        : wholeNumber(values.slots, '--slots', 1, SLOTS_MAX);
    const joining = joinOptions(values, signal);
    const quotaBytes = byteSize(values.storage, '--storage');
    const chain = await readChain(values);
    const part = values.price === undefined ? undefined : parseAmount(values.price, chain?.currency.decimals ?? 18);
    if (!part && values['no-gifts'])
      throw new SeaError('BAD_ARGUMENT', '--no-gifts needs a --price that somebody can pay');
    const log = stderrLog(values);
    const sea = await createSea({
      chain,
      bootstraps: values.bootstrap ?? [],
      networkId: values.network,
      dataFolder: dataFolder(values.data),
      log,
    });
    sea.on('offline', () => signal.aborted || log.write('info', 'offline; joining again'));
    try {
      await sea.goOnline(undefined, joining);
      if (part !== undefined) await sea.credit.ask({ part, free: !values['no-gifts'] });
      sea.contribute({ slots });
      await sea.storage.lend({ quotaBytes });
      const address = sea.localId().toString();
      report(
        values.json,
        { address, online: true, slots, quotaBytes, ...(part === undefined ? {} : { price: `${part}` }) },
        `${address.slice(0, 8)} contributes ${slots} slot${slots === 1 ? '' : 's'}${roomWords(quotaBytes)}${priceWords(part, chain)}; stop with Ctrl-C`,
      );
      await untilAborted(signal);
    } finally {
      await sea.close();
    }
    if (values.json) return;
    const { completed, computeMs } = sea.contribution();
    const { earned } = sea.credit.status();
    const pay =
      chain === undefined || earned === 0n ? '' : `; earned so far: ${money(earned, chain)} (peersea earnings)`;
    report(false, {}, `computed ${completed} parts in ${(computeMs / 1000).toFixed(1)} s${pay}`);
  },
};

function priceWords(part: bigint | undefined, chain: ChainInfo | undefined): string {
  if (chain === undefined || !part) return '';
  return `, at ${money(part, chain)} a part`;
}

function money(amount: bigint, { currency }: ChainInfo): string {
  return `${formatAmount(amount, currency.decimals)} ${currency.symbol}`;
}

function roomWords(quotaBytes: number): string {
  return quotaBytes === 0 ? '' : ` and ${Number((quotaBytes / 1_073_741_824).toFixed(2))} GiB for files`;
}
