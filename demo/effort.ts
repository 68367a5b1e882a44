/** What a job took beside time: how often its parts were computed and why more often than asked, and what its program weighed on the way. */

import { formatBytes, formatCount, formatPlural } from './format.ts';

export interface AttemptFacts {
  /** Parts that came. */
  readonly parts: number;
  /** How many peers were to compute each part. */
  readonly redundancy: number;
  /** Attempts that gave no result: the part was given to somebody else. */
  readonly failed: number;
  /** Second copies of parts whose peer was slow or silent. */
  readonly copies: number;
}

/** Computations that were begun for the parts that came. */
export function attemptsOf({ parts, redundancy, failed, copies }: AttemptFacts): number {
  return parts * redundancy + failed + copies;
}

/** "48 parts, each computed once." – "48 parts, each computed once, and 3 attempts more. 2 gave no result …, 1 was begun because …" Undefined where nothing came and nothing failed. */
export function attemptsWords({ parts, redundancy, failed, copies }: AttemptFacts): string | undefined {
  const more = failed + copies;
  if (parts + more === 0) return undefined;
  const came = parts === 0 ? 'No part came' : `${formatPlural(parts, 'part')}, each computed ${timesWords(redundancy)}`;
  if (more === 0) return `${came}: nothing had to be computed again.`;
  return [`${came}, and ${formatPlural(more, 'attempt')} more.`, ...failedWords(failed), ...copiesWords(copies)].join(
    ' ',
  );
}

function timesWords(times: number): string {
  return ['', 'once', 'twice'][times] ?? `${times} times`;
}

function failedWords(failed: number): string[] {
  if (failed === 0) return [];
  return [
    `${formatCount(failed)} gave no result: a peer left, failed or took too long, and another one took the part.`,
  ];
}

function copiesWords(copies: number): string[] {
  if (copies === 0) return [];
  const were = copies === 1 ? 'was' : 'were';
  return [`${formatCount(copies)} ${were} begun beside a peer that was slow or silent: the first answer counts.`];
}

export interface ProgramFacts {
  /** Size of the job's program. */
  readonly bundleBytes: number;
  /** How many other devices were given it. */
  readonly supplied: number;
  /** What was sent to them; what they had already was not. */
  readonly sentBytes: number;
}

/** "Program: 12 kB for each of 3 peers, 36 kB in all, of which 24 kB were there already." Undefined where it went nowhere. */
export function programWords({ bundleBytes, supplied, sentBytes }: ProgramFacts): string | undefined {
  if (supplied === 0) return undefined;
  const wholeBytes = bundleBytes * supplied;
  const thereBytes = Math.max(0, wholeBytes - sentBytes);
  const size = formatBytes(bundleBytes);
  const need = supplied === 1 ? `${size} for one peer` : `${size} for each of ${formatCount(supplied)} peers`;
  return `Program: ${need}, ${thereWords(thereBytes, wholeBytes, supplied)}.`;
}

function thereWords(thereBytes: number, wholeBytes: number, supplied: number): string {
  if (thereBytes === 0) return 'none of which was there before';
  if (thereBytes === wholeBytes) return 'there already: nothing was sent';
  const all = supplied === 1 ? '' : `${formatBytes(wholeBytes)} in all, `;
  return `${all}of which ${formatBytes(thereBytes)} were there already`;
}
