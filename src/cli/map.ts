/** `peersea map task.wasm < inputs.ndjson > results.ndjson`: a task over lines, for pipes. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SeaError } from '../base/errors.ts';
import {
  REDUNDANCY_MAX,
  RUN_TIMEOUT_MS_DEFAULT,
  RUN_TIMEOUT_MS_MAX,
  SLOTS_MAX,
  TASK_NAME_LENGTH_MAX,
} from '../compute/limits.ts';
import { createSea, makeBundle } from '../node.ts';
import { type Command, commonOptions, commonUsage, joinOptions, parse, stderrLog, wholeNumber } from './command.ts';
import { InputLines } from './input-lines.ts';
import { writeOutput } from './ndjson.ts';

export const map: Command = {
  purpose: 'computes a task on every line of stdin, on the devices of the sea',
  usage: `usage: peersea map TASK.wasm --bootstrap URL [options] < inputs.ndjson > results.ndjson

Each line is {"base64":"…"} or any JSON text, which is taken as its UTF-8. Results come in the order of the inputs.
A line that is neither ends the inputs: what was computed of those before it is written, then the line is named.
With --json each result is {"index":…,"output":…,"providers":[…]}.

  --redundancy N    distinct peers that must agree on each result (1 to ${REDUNDANCY_MAX}, default 1)
  --timeout MS      time for one part (default ${RUN_TIMEOUT_MS_DEFAULT}, at most ${RUN_TIMEOUT_MS_MAX})
  --unordered       results as they come
  --slots N         parts computed on this machine besides (default 0, at most ${SLOTS_MAX})
${commonUsage()}`,

  async run(args, signal) {
    const { values, positionals } = parse({
      args: [...args],
      allowPositionals: true,
      options: {
        ...commonOptions,
        redundancy: { type: 'string', default: '1' },
        timeout: { type: 'string', default: String(RUN_TIMEOUT_MS_DEFAULT) },
        unordered: { type: 'boolean', default: false },
        slots: { type: 'string', default: '0' },
      },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0)
      throw new SeaError('BAD_ARGUMENT', 'name one task: peersea map TASK.wasm');
    const slots = wholeNumber(values.slots, '--slots', 0, SLOTS_MAX);
    const joining = joinOptions(values, signal);
    const options = {
      redundancy: wholeNumber(values.redundancy, '--redundancy', 1, REDUNDANCY_MAX),
      timeoutMs: wholeNumber(values.timeout, '--timeout', 1, RUN_TIMEOUT_MS_MAX),
      ordered: !values.unordered,
      signal,
    };
    const bundle = makeBundle(await readTask(file), { name: basename(file).slice(0, TASK_NAME_LENGTH_MAX) });
    const sea = await createSea({
      bootstraps: values.bootstrap ?? [],
      networkId: values.network,
      identity: 'passing',
      log: stderrLog(values),
    });
    try {
      await sea.goOnline(undefined, joining);
      sea.contribute({ slots });
      const lines = new InputLines(process.stdin);
      for await (const { index, output, providers } of sea.map(bundle, lines.inputs(), options)) {
        const line = writeOutput(output);
        await print(
          values.json ? `{"index":${index},"output":${line},"providers":${JSON.stringify(providers)}}` : line,
        );
      }
      lines.check();
    } finally {
      await sea.close();
    }
  },
};

async function readTask(file: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `cannot read ${file}`, { cause });
  }
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
