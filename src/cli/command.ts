/** What a command is, and what several share. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LineLog } from '../adapters/node/line-log.ts';
import { NodeClock } from '../adapters/node/node-clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { Log } from '../ports/log.ts';
import type { Sea } from '../sea.ts';

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

/** Nodes of different kinds have folders of their own where none is named. */
export type NodeKind = 'bootstrap' | 'contributor';

/** The lines of help for `commonOptions`. `kind`: of a node that keeps something; `patience`: what --join-timeout does. */
export function commonUsage(kind?: NodeKind, patience = 'how long to look for a way in (default 60000)'): string {
  return `  --bootstrap URL   a node to enter by (ws:// or wss://); may be given several times
  --network ID      the sea to belong to (default peersea)${kind === undefined ? '' : `\n${folderUsage(kind)}`}
  --join-timeout MS ${patience}
  --json            one JSON object per line on stdout
  --verbose         log more on stderr`;
}

function folderUsage(kind: NodeKind): string {
  return `  --data FOLDER     keep identity, known peers${kind === 'bootstrap' ? ' and bundles' : ', shards and vouchers'} here, for one node at a time
                    (default ~/.peersea/${kind}; "none" keeps nothing)`;
}

/** parseArgs whose complaints are BAD_ARGUMENT. A number below zero is a value like any other: its option says what it takes. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs({ ...config, args: withValues(config) }) as ReturnType<typeof parseArgs<T>>;
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', complaint(cause), { cause });
  }
}

/** `--price -1` as `--price=-1`, where that option takes a value: Node takes neither side. */
function withValues({ args = [], options = {} }: ParseArgsConfig): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const option = joined.at(-1);
    const takes = option?.startsWith('--') && options[option.slice(2)]?.type === 'string';
    if (takes && /^-[\d.]/.test(arg)) joined[joined.length - 1] = `${option}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

/** Node's words of what was typed wrong, without its advice on parsing. */
function complaint(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const [, option] = /^Option '(?:-\w, )?(--[\w-]+)(?: <value>)?' argument (?:is ambiguous|missing)/.exec(text) ?? [];
  if (option !== undefined) return `${option} takes a value, and none was given`;
  return text.replace(/(?<=')\. To specify a positional argument [\s\S]*/, '');
}

/** A whole number within bounds. Throws BAD_ARGUMENT naming the option. */
export function wholeNumber(text: string, option: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new SeaError('BAD_ARGUMENT', `${option} takes a whole number from ${min} to ${max}, not ${text}`);
  return number;
}

/** How to join, by the common options. */
export function joinOptions(
  values: { readonly 'join-timeout': string },
  signal: AbortSignal,
): { readonly signal: AbortSignal; readonly timeoutMs: number } {
  return { signal, timeoutMs: wholeNumber(values['join-timeout'], '--join-timeout', 1, 3_600_000) };
}

/** The folder to keep things in, or undefined for "none". Throws BAD_ARGUMENT for an empty name. */
export function dataFolder(given: string | undefined, kind: NodeKind): string | undefined {
  if (given === 'none') return undefined;
  if (given === '') throw new SeaError('BAD_ARGUMENT', '--data takes a folder, or none');
  return given ?? join(process.env['PEERSEA_DATA'] ?? join(homedir(), '.peersea'), kind);
}

/** What `make` gives; where its folder cannot be used, NO_STORAGE says what to do. */
export async function onFolder<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!isSeaError(error, 'NO_STORAGE')) throw error;
    const detail = error.message.replace(/^NO_STORAGE: /, '');
    const or = detail.includes(': ') ? ', or' : ':';
    throw new SeaError('NO_STORAGE', `${detail}${or} name another folder by --data, or --data none`, { cause: error });
  }
}

export function stderrLog(options: { readonly json: boolean; readonly verbose: boolean }): Log {
  return new LineLog(new NodeClock(), {
    least: options.verbose ? 'debug' : 'info',
    format: options.json ? 'json' : 'text',
  });
}

/** How a node stands in the sea, on stderr: that it was lost says the node itself. */
export function tellReturns(sea: Pick<Sea, 'on'>, log: Log): void {
  let isLost = false;
  sea.on('offline', () => {
    isLost = true;
  });
  sea.on('online', () => {
    if (isLost) log.write('info', 'in the sea again');
    isLost = false;
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
