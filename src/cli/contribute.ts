/** `peersea contribute`: a headless contributor. */

import { availableParallelism } from 'node:os';
import { createSea } from '../node.ts';
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

export const contribute: Command = {
  purpose: "computes other people's parts on this machine, in worker threads",
  usage: `usage: peersea contribute --bootstrap URL [options]

  --slots N         parts to compute at once (default: half of the cores)
${commonUsage}`,

  async run(args, signal) {
    const { values } = parse({ args: [...args], options: { ...commonOptions, slots: { type: 'string' } } });
    const slots =
      values.slots === undefined
        ? Math.max(1, Math.floor(availableParallelism() / 2))
        : wholeNumber(values.slots, '--slots', 1, 256);
    const log = stderrLog(values);
    const sea = await createSea({
      bootstraps: values.bootstrap ?? [],
      networkId: values.network,
      dataFolder: dataFolder(values.data),
      log,
    });
    sea.on('offline', () => signal.aborted || log.write('info', 'offline; joining again'));
    try {
      await sea.goOnline(undefined, joinOptions(values, signal));
      sea.contribute({ slots });
      const address = sea.localId().toString();
      report(
        values.json,
        { address, online: true, slots },
        `${address.slice(0, 8)} contributes ${slots} slot${slots === 1 ? '' : 's'}; stop with Ctrl-C`,
      );
      await untilAborted(signal);
    } finally {
      await sea.close();
    }
    const { completed, computeMs } = sea.contribution();
    if (!values.json) report(false, {}, `computed ${completed} parts in ${(computeMs / 1000).toFixed(1)} s`);
  },
};
