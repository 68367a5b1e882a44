#!/usr/bin/env node

/** `peersea COMMAND`: the node at the command line. One file per command in `cli/`. */

import { asSeaError } from './base/errors.ts';
import { bootstrap } from './cli/bootstrap.ts';
import type { Command } from './cli/command.ts';
import { contribute } from './cli/contribute.ts';
import { earnings } from './cli/earnings.ts';
import { exitCode, exitCodesUsage } from './cli/exit-code.ts';
import { map } from './cli/map.ts';
import { claim, redeem } from './cli/redeem.ts';

const commands = new Map<string, Command>([
  ['bootstrap', bootstrap],
  ['contribute', contribute],
  ['map', map],
  ['earnings', earnings],
  ['redeem', redeem],
  ['claim', claim],
]);

const [name = 'help', ...args] = process.argv.slice(2);
const command = commands.get(name);
if (command === undefined) {
  const asked = name === 'help' || name === '--help' || name === '-h';
  const lines = [
    'usage: peersea COMMAND [options]',
    '',
    ...[...commands].map(([known, { purpose }]) => `  ${known.padEnd(11)} ${purpose}`),
    '',
    'peersea COMMAND --help says more.',
    '',
    exitCodesUsage,
  ];
  (asked ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  process.exit(asked ? 0 : 2);
}
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(`${command.usage}\n`);
  process.exit(0);
}

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  await command.run(args, stop.signal);
  process.exit(0);
} catch (error) {
  const known = asSeaError(error, 'BAD_ARGUMENT');
  if (!stop.signal.aborted) process.stderr.write(`peersea ${name}: ${known.message}\n`);
  process.exit(stop.signal.aborted ? 130 : exitCode(known));
}
