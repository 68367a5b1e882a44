/** How a file is cut for the devices at hand: how many of them may be lost, and what that costs, in words. */

import { formatPlural } from '../format.ts';

/** A file becomes n shards, each at a device of its own; any k of them give it back. */
export interface Code {
  readonly k: number;
  readonly n: number;
}

export type SafetyName = 'Lean' | 'Balanced' | 'Strong';

export interface Safety extends Code {
  readonly name: SafetyName;
}

/** Devices that hold shards of one file, at most. */
export const DEVICES_MAX = 10;

/** Of all devices, the share that is needed to read. */
const needed: Readonly<Record<SafetyName, number>> = { Lean: 0.7, Balanced: 0.4, Strong: 0.2 };

/** What can be chosen where so many devices offer room; what would be the same is told once. */
export function safetiesFor(devices: number): readonly Safety[] {
  const n = Math.min(DEVICES_MAX, devices);
  if (n === 0) return [];
  const all = (['Balanced', 'Lean', 'Strong'] as const).map(name => ({ name, k: codeOf(name, n), n }));
  const distinct = all.filter(({ k }, at) => all.findIndex(each => each.k === k) === at);
  return distinct.sort((a, b) => b.k - a.k);
}

/** The wanted one, or the one that stands for it where it would be the same; undefined without devices. */
export function safetyFor(wanted: SafetyName, devices: number): Safety | undefined {
  const n = Math.min(DEVICES_MAX, devices);
  return safetiesFor(devices).find(({ k }) => k === codeOf(wanted, n));
}

/** "Survives the loss of any 6 of 10 devices. Takes 2.5 times its size." */
export function safetyWords({ k, n }: Code): string {
  const lost = n - k;
  const times = Math.round((10 * n) / k) / 10;
  const cost = times === 1 ? 'Takes no more than its size.' : `Takes ${times} times its size.`;
  if (n === 1) return `One device holds it all: when that goes, the file goes. ${cost}`;
  if (lost === 0) return `All ${n} devices are needed to read it: none may be lost. ${cost}`;
  return `Survives the loss of ${lost === 1 ? 'any 1' : `any ${lost}`} of ${formatPlural(n, 'device')}. ${cost}`;
}

function codeOf(name: SafetyName, n: number): number {
  return Math.max(1, Math.floor(n * needed[name] + 1e-9)); // 0.7 of 10 is 7
}
