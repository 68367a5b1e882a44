/** What a command is, and what several share. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LineLog } from '../adapters/node/line-log.ts';
import { NodeClock } from '../adapters/node/node-clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Log } from '../ports/log.ts';
import type { JoinOptions } from '../sea-api.ts';

export interface Command {
  /** One line for the list of commands. */
  readonly purpose: string;
  /** The whole help text. */
  readonly usage: string;
  /** Runs until it is done or the signal fires. */
  run(args: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Options that every command takes. */
export const commonOptions: {
  readonly bootstrap: { readonly type: 'string'; readonly multiple: true };
  readonly network: { readonly type: 'string' };
  readonly data: { readonly type: 'string' };
  readonly 'join-timeout': { readonly type: 'string'; readonly default: '60000' };
  readonly json: { readonly type: 'boolean'; readonly default: false };
  readonly verbose: { readonly type: 'boolean'; readonly default: false };
} = {
  bootstrap: { type: 'string', multiple: true },
  network: { type: 'string' },
  data: { type: 'string' },
  'join-timeout': { type: 'string', default: '60000' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
};

export const commonUsage = `  --bootstrap URL   a node to enter by (ws:// or wss://); may be given several times
  --network ID      the sea to belong to (default peersea)
  --data FOLDER     keep identity, bundles and known peers here (default ~/.peersea; "none" keeps nothing)
  --join-timeout MS how long to look for a way in (default 60000)
  --json            one JSON object per line on stdout
  --verbose         log more on stderr`;

/** parseArgs whose complaints are BAD_ARGUMENT. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A whole number within bounds. Throws BAD_ARGUMENT naming the option. */
export function wholeNumber(text: string, option: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new SeaError('BAD_ARGUMENT', `${option} takes a whole number from ${min} to ${max}, not ${text}`);
  return number;
}

/** How to join, by the common options. */
export function joinOptions(values: { readonly 'join-timeout': string }, signal: AbortSignal): JoinOptions {
  return { signal, timeoutMs: wholeNumber(values['join-timeout'], '--join-timeout', 1, 3_600_000) };
}

/** The folder to keep things in, or undefined for "none". */
export function dataFolder(given: string | undefined): string | undefined {
  if (given === 'none') return undefined;
  return given ?? process.env['PEERSEA_DATA'] ?? join(homedir(), '.peersea');
}

export function stderrLog(options: { readonly json: boolean; readonly verbose: boolean }): Log {
  return new LineLog(new NodeClock(), {
    least: options.verbose ? 'debug' : 'info',
    format: options.json ? 'json' : 'text',
  });
}

/** One line for machines, or a sentence for people. */
export function report(json: boolean, data: Readonly<Record<string, unknown>>, sentence: string): void {
  process.stdout.write(`${json ? JSON.stringify(data) : sentence}\n`);
}

/** Resolves when the signal fires. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
