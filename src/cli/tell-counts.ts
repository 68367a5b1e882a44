/** What a contributor has done so far, told when it changes and not too often: for whoever watches it by `--json` or `--verbose`. */

import type { Clock } from '../base/clock.ts';
import type { Sea } from '../sea.ts';

/** Between two tellings, ms. */
export const TELL_COUNTS_MS = 60_000;

/** Of this run, but `earned`: in vouchers held, those of earlier runs included. */
export interface Counts {
  /** Parts that were computed for others, and that failed here. */
  readonly computed: number;
  readonly failed: number;
  readonly computeMs: number;
  /** In the chain's smallest unit. */
  readonly earned: string;
  /** Shards of others' files that are kept now, and their room. */
  readonly shards: number;
  readonly keptBytes: number;
}

type Counted = Pick<Sea, 'contribution'> & {
  readonly credit: Pick<Sea['credit'], 'status'>;
  readonly storage: Pick<Sea['storage'], 'status'>;
};

export function countsOf(sea: Counted): Counts {
  const { completed, failed, computeMs } = sea.contribution();
  const { shards, usedBytes } = sea.storage.status();
  const earned = `${sea.credit.status().earned}`;
  return { computed: completed, failed, computeMs: Math.round(computeMs), earned, shards, keptBytes: usedBytes };
}

/** Tells the counts at their first change, and then what has changed a minute later at the soonest. Returns a function that ends it. */
export function tellCounts(sea: Counted & Pick<Sea, 'on'>, clock: Clock, tell: (counts: Counts) => void): () => void {
  let told = JSON.stringify(countsOf(sea));
  let rest: (() => void) | undefined; // what cancels it, while a telling is too fresh for another
  const look = (): void => {
    if (rest !== undefined) return;
    const counts = countsOf(sea);
    const text = JSON.stringify(counts);
    if (text === told) return;
    told = text;
    rest = clock.after(TELL_COUNTS_MS, () => {
      rest = undefined;
      look();
    });
    tell(counts);
  };
  const forget = (['contribution', 'credit', 'holding'] as const).map(name => sea.on(name, look));
  return () => {
    for (const end of forget) end();
    rest?.();
  };
}
