/** The last line of a job: who computed it, in how many parts, in what time, and how it was checked. */

import { formatDuration, formatPlural } from './format.ts';

export interface VerdictFacts {
  /** Parts that came. */
  readonly parts: number;
  /** Addresses of all that computed an accepted output. */
  readonly providers: readonly string[];
  readonly ownAddress: string;
  readonly redundancy: number;
  readonly elapsedMs: number;
}

/** "Computed by 3 peers, this device among them: 48 parts in 3.2 s. Every part was computed by 2 peers with equal results." */
export function verdictOf({ parts, providers, ownAddress, redundancy, elapsedMs }: VerdictFacts): string {
  const who = `Computed by ${formatPlural(providers.length, 'peer')}${ownShare(providers, ownAddress)}`;
  const what = `${formatPlural(parts, 'part')} in ${formatDuration(elapsedMs)}.`;
  const checked =
    redundancy > 1
      ? ` Every part was computed by ${redundancy} peers with equal results.`
      : ' Each part was computed once; nothing was compared.';
  return `${who}: ${what}${checked}`;
}

function ownShare(providers: readonly string[], ownAddress: string): string {
  if (!providers.includes(ownAddress)) return '';
  return providers.length === 1 ? ', this device itself' : ', this device among them';
}
