/** What a bench reports: its cases as data for machines and as a table for people. */

import { arch, cpus, release, type } from 'node:os';

export interface Case {
  /** As the bars name it. */
  readonly case: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Median of our arm. */
  readonly ours: number;
  /** Median of the reference arm, or the fixed bound; null where there is none. */
  readonly limit: number | null;
  /** Medians of what else ran or was counted beside, by name. */
  readonly peers: Readonly<Record<string, number>>;
  /** Ours divided by the limit: median over the pairs; and the bounds of its 95% confidence interval. */
  readonly ratio: number | null;
  readonly ratioLow: number | null;
  readonly ratioHigh: number | null;
  /** The reference arm varied too much, or there were too few pairs, for the ratio to mean anything. */
  readonly void: boolean;
}

export interface Report {
  readonly name: string;
  readonly machine: string;
  readonly cases: readonly Case[];
}

export interface BenchOptions {
  /** Pairs of measurements; each case has a default. */
  readonly pairs?: number | undefined;
  /** Runs this case alone. */
  readonly only?: string | undefined;
  readonly progress: (line: string) => void;
}

/** Runs a bench's cases one after the other, or the one that was asked for. */
export async function runCases(
  { only, progress }: BenchOptions,
  cases: Readonly<Record<string, () => Promise<Case>>>,
): Promise<Case[]> {
  const reports: Case[] = [];
  for (const [name, measure] of Object.entries(cases)) {
    if (only !== undefined && only !== name) continue;
    progress(`${name} …`);
    const report = await measure();
    progress(`  ${describe(report)}`);
    reports.push(report);
  }
  return reports;
}

/** Processors, system and Node, in a few words. */
export function describeMachine(): string {
  const all = cpus();
  const system = `${type()} ${release().split('.').slice(0, 2).join('.')}`;
  return `${all.length} × ${all[0]?.model.trim() || arch()}, ${system}, Node ${process.versions.node}`;
}

/** A table with a line for each case. */
export function formatReport({ name, machine, cases }: Report): string {
  return `${[`${name} on ${machine}`, ...cases.map(one => `  ${one.case.padEnd(18)} ${describe(one)}`)].join('\n')}\n`;
}

function describe({ unit, ours, limit, peers, ratio, ratioLow, ratioHigh, void: isVoid }: Case): string {
  const beside = Object.entries(peers).map(([peer, value]) => `, ${peer} ${short(value)}`);
  const against = limit === null ? '' : ` against ${short(limit)}`;
  const share = ratio === null ? '' : `: ratio ${short(ratio)} (${short(ratioLow)} to ${short(ratioHigh)})`;
  return `${short(ours)} ${unit}${against}${share}${isVoid ? ' VOID' : ''}${beside.join('')}`;
}

function short(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
