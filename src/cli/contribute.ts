/** `peersea contribute`: a headless contributor of cores and of room for files. */

import { availableParallelism } from 'node:os';
import { NodeClock } from '../adapters/node/node-clock.ts';
import { SLOTS_MAX } from '../compute/limits.ts';
import { createSea } from '../node.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import type { Log } from '../ports/log.ts';
import type { Sea } from '../sea.ts';
import { byteSize, sizeWords } from './byte-size.ts';
import { chainOptions, chainUsage, readChain } from './chain-option.ts';
import {
  type Command,
  commonOptions,
  commonUsage,
  dataFolder,
  joinOptions,
  onFolder,
  parse,
  report,
  stderrLog,
  tellReturns,
  untilAborted,
  wholeNumber,
} from './command.ts';
import { checkPayKey, checkPrice } from './earnings-file.ts';
import { moneyWords, priceOptions, priceUsage, priceWords, readPrice, settlePrice } from './price-option.ts';
import { type Counts, countsOf, tellCounts } from './tell-counts.ts';
import { tellStopped } from './tell-stopped.ts';

const options = {
  ...commonOptions,
  ...chainOptions,
  ...priceOptions,
  slots: { type: 'string' },
  storage: { type: 'string', default: '1G' },
} as const;

export const contribute: Command = {
  purpose: "computes other people's parts on this machine, in worker threads, and keeps shards of their files",
  usage: `usage: peersea contribute --bootstrap URL [options]

  --slots N         parts to compute at once, at most ${SLOTS_MAX} (default: half of the cores)
  --storage SIZE    room to lend for shards of other people's files, such as 500M (default 1G; 0 = none)
${priceUsage}
${chainUsage}
${commonUsage('contributor')}

With --json a line tells { computed, failed, computeMs, earned, shards, keptBytes } when these have changed, at most once a
minute, and at the end with "ended": true; with --verbose the log does. earned is in the chain's smallest unit.`,

  async run(args, signal) {
    const { values } = parse({ args: [...args], options });
    const slots =
      values.slots === undefined
        ? Math.min(SLOTS_MAX, Math.max(1, Math.floor(availableParallelism() / 2)))
        : wholeNumber(values.slots, '--slots', 1, SLOTS_MAX);
    const joining = joinOptions(values, signal);
    const quotaBytes = byteSize(values.storage, '--storage');
    const folder = dataFolder(values.data, 'contributor');
    const chain = await readChain(values);
    const price = readPrice(values, chain);
    const log = stderrLog(values);
    const { bootstrap: bootstraps = [], network: networkId } = values;
    const sea = await onFolder(async () => {
      if (folder !== undefined) await checkPayKey(folder);
      if (folder !== undefined && price === undefined) await checkPrice(folder);
      return createSea({ chain, bootstraps, networkId, dataFolder: folder, log });
    });
    try {
      const ask = await settlePrice(sea, price, { chain, folder });
      tellChanges(sea, log, folder);
      await sea.goOnline(undefined, joining);
      sea.contribute({ slots });
      await sea.storage.lend({ quotaBytes });
      const address = sea.localId().toString();
      report(
        values.json,
        { address, online: true, slots, quotaBytes, price: `${ask.part}`, gifts: ask.free },
        `${address.slice(0, 8)} contributes ${slots} slot${slots === 1 ? '' : 's'}${quotaBytes === 0 ? '' : ` and ${sizeWords(values.storage)} for files`}${priceWords(ask, chain)}; stop with Ctrl-C`,
      );
      const tell = (counts: Counts): void => {
        if (values.json) report(true, { ...counts }, '');
        else log.write('debug', 'contributed so far', { ...counts });
      };
      const endTelling = tellCounts(sea, new NodeClock(), tell);
      await untilAborted(signal);
      endTelling();
    } finally {
      await sea.close();
    }
    report(values.json, { ended: true, ...countsOf(sea) }, sumWords(sea, chain));
  },
};

function tellChanges(sea: Sea, log: Log, folder: string | undefined): void {
  tellReturns(sea, log);
  tellStopped(sea, log, `peersea claim --data ${folder} --to 0x… --chain WHERE --key-file FILE`);
}

function sumWords(sea: Sea, chain: ChainInfo | undefined): string {
  const { completed, computeMs } = sea.contribution();
  const { earned } = sea.credit.status();
  const pay =
    chain === undefined || earned === 0n ? '' : `; earned so far: ${moneyWords(earned, chain)} (peersea earnings)`;
  return `computed ${completed} parts in ${(computeMs / 1000).toFixed(1)} s${pay}`;
}
