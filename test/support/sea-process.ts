/** A bootstrap node of the command line as a child process: what tabs enter by, and what tests kill. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface SeaProcess {
  /** The line the command printed when it was ready. */
  readonly ready: Readonly<Record<string, string>>;
  /** The last that it wrote to stderr. */
  log(): string;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Ends it as a user would. */
  stop(): Promise<void>;
}

/** Runs `peersea …args --json` until it says that it is ready, keeping nothing unless the arguments name a folder. Its own log goes into the error when it does not. */
export function startProcess(...args: string[]): Promise<SeaProcess> {
  return startProcessBy(process.execPath, ...args);
}

/** The same by another program in Node's place, such as one that runs Node elsewhere. */
export async function startProcessBy(node: string, ...args: string[]): Promise<SeaProcess> {
  const data = args.includes('--data') ? [] : ['--data', 'none'];
  const child = spawn(node, [CLI, ...args, '--json', ...data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', chunk => (log = `${log}${chunk}`.slice(-4_000)));
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  if (typeof first[0] !== 'string') throw new Error(`peersea ${args[0]} ended early:\n${log}`);
  // One that ends by itself would make later tests fail for no reason of theirs: say what it was.
  child.once('exit', (code, signal) => {
    if (!told.has(child)) console.log(`peersea ${args[0]} ended by itself (${signal ?? code}):\n${log}`);
  });
  return {
    ready: JSON.parse(first[0]),
    log: () => log,
    kill: () => end(child, 'SIGKILL'),
    stop: () => end(child, 'SIGTERM'),
  };
}

/** Processes that were told to end. */
const told = new WeakSet<ChildProcess>();

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  told.add(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
