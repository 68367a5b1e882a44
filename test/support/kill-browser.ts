/** The sudden end of a whole browser: every process of it gets SIGKILL, as when a device runs out of memory. */

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { BrowserContext } from '@playwright/test';

/** Why no browser can be killed as a whole here; undefined where it can. */
export function whyNoKilling(): string | undefined {
  return process.platform === 'linux' ? undefined : 'the processes of a browser are found in /proc: needs Linux';
}

/**
 * Finds the browser of a context and all that descends from it. What it returns kills them, the browser first, and waits
 * for nothing before; it resolves to their number when none is left.
 */
export async function readyToKill(context: BrowserContext): Promise<() => Promise<number>> {
  const devtools = await context.browser()!.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  const root = processInfo.find(({ type }) => type === 'browser')!.id;
  const doomed = [root, ...descendantsOf(root)];
  const closed = new Promise(resolve => context.once('close', resolve));
  return async () => {
    for (const pid of doomed) kill(pid);
    await closed;
    while (doomed.some(isAlive)) await wait(20);
    return doomed.length;
  };
}

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statusOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => (children.get(pid) ?? []).flatMap(child => [child, ...below(child)]);
  return below(root);
}

/** One whose parent has not yet heard of its end ("Z") is not alive. */
function isAlive(pid: number): boolean {
  const status = statusOf(pid);
  return status !== undefined && status.state !== 'Z';
}

/** As proc(5) has it; undefined for a process that is no more. */
function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = line.slice(line.lastIndexOf(')') + 2).split(' '); // the name before may hold anything
    return { state: state!, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it went with one that was killed before
  }
}
