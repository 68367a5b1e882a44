/** The command line as a whole: which command, its help, and how it ends. */

import { packageVersion } from '../adapters/node/package-version.ts';
import { asSeaError, isSeaError } from '../base/errors.ts';
import { bootstrap } from './bootstrap.ts';
import type { Command } from './command.ts';
import { contribute } from './contribute.ts';
import { earnings } from './earnings.ts';
import { exitCode, exitCodesUsage } from './exit-code.ts';
import { map } from './map.ts';
import { claim, redeem } from './redeem.ts';
import { NOT_READ } from './standard-output.ts';

const commands = new Map<string, Command>([
  ['bootstrap', bootstrap],
  ['contribute', contribute],
  ['map', map],
  ['earnings', earnings],
  ['redeem', redeem],
  ['claim', claim],
]);

const WRONG_USE = 2;
const INTERRUPTED = 130;

/** Runs `peersea …args` until it is done or the signal fires; gives the exit code. Never rejects. */
export async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (name === '--version' || name === '-V' || name === 'version') return say(packageVersion() ?? 'unknown');
  if (name === '--help' || name === '-h' || name === 'help') return say(usage());
  const command = commands.get(name);
  if (command === undefined) {
    process.stderr.write(`peersea: unknown command ${JSON.stringify(name)}\n\n${usage()}\n`);
    return WRONG_USE;
  }
  if (rest.includes('--help') || rest.includes('-h')) return say(command.usage);
  try {
    await command.run(rest, signal);
    return isSeaError(signal.reason, 'NO_STORAGE') ? fail(name, signal.reason) : 0;
  } catch (error) {
    return signal.aborted ? stopped(name, signal.reason) : fail(name, error);
  }
}

/** How a command ends that the signal has ended before it was done. */
function stopped(name: string, reason: unknown): number {
  if (reason === NOT_READ) return 0;
  return isSeaError(reason) ? fail(name, reason) : INTERRUPTED;
}

function fail(name: string, error: unknown): number {
  const known = asSeaError(error, 'BAD_ARGUMENT');
  process.stderr.write(`peersea ${name}: ${known.message}\n`);
  return exitCode(known);
}

function usage(): string {
  return [
    'usage: peersea COMMAND [options]',
    '',
    ...[...commands].map(([name, { purpose }]) => `  ${name.padEnd(11)} ${purpose}`),
    '',
    'peersea COMMAND --help says more; peersea --version, which one this is.',
    '',
    exitCodesUsage,
  ].join('\n');
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
