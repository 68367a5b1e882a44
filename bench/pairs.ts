/**
 * Measures two arms against each other on a machine that is never quiet: in pairs, alternating which arm goes first
 * (ABBA), so that a slow drift hits both alike; the median of the pairs' ratios, with its confidence interval. Pure but
 * for the arms.
 */

import type { Case } from './report.ts';

/** A case is void when the middle half of the reference arm's figures spans more than this share of their median. */
export const REFERENCE_SPREAD_MAX = 0.25;

/** Fewer pairs than this give no 95% interval. */
export const PAIRS_MIN = 6;

export interface Arms {
  readonly ours: () => Promise<number>;
  readonly limit: () => Promise<number>;
  /** Measured once in each pair, after the two. */
  readonly peers?: Readonly<Record<string, () => Promise<number>>>;
}

export interface Samples {
  readonly ours: readonly number[];
  readonly limit: readonly number[];
  readonly peers: Readonly<Record<string, readonly number[]>>;
}

/** Runs the arms in pairs, after one pair to warm up that does not count. */
export async function measurePairs(pairs: number, arms: Arms, progress: (line: string) => void): Promise<Samples> {
  const peerArms = Object.entries(arms.peers ?? {});
  const ours: number[] = [];
  const limit: number[] = [];
  const peers: Record<string, number[]> = Object.fromEntries(peerArms.map(([name]) => [name, []]));
  for (let pair = -1; pair < pairs; pair++) {
    const order = pair % 2 === 0 ? (['ours', 'limit'] as const) : (['limit', 'ours'] as const);
    const figures = { ours: 0, limit: 0 };
    for (const arm of order) figures[arm] = await arms[arm]();
    const beside: number[] = [];
    for (const [, measure] of peerArms) beside.push(await measure());
    if (pair < 0) continue;
    ours.push(figures.ours);
    limit.push(figures.limit);
    for (const [i, [name]] of peerArms.entries()) peers[name]!.push(beside[i]!);
    progress(
      `  pair ${pair + 1}: ${[figures.ours, figures.limit, ...beside].map(one => one.toPrecision(4)).join(' ')}`,
    );
  }
  return { ours, limit, peers };
}

/** What the pairs say. */
export function summarise(name: string, unit: string, better: Case['better'], samples: Samples): Case {
  const ratios = samples.ours.map((figure, i) => figure / samples.limit[i]!);
  const [ratioLow, ratioHigh] = medianInterval(ratios);
  return {
    case: name,
    unit,
    better,
    ours: median(samples.ours),
    limit: median(samples.limit),
    peers: Object.fromEntries(Object.entries(samples.peers).map(([peer, figures]) => [peer, median(figures)])),
    ratio: median(ratios),
    ratioLow,
    ratioHigh,
    void: ratios.length < PAIRS_MIN || spread(samples.limit) > REFERENCE_SPREAD_MAX,
  };
}

/** The middle figure, or the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  return quantile(figures, 0.5);
}

/** The span of the middle half, as a share of the median. */
export function spread(figures: readonly number[]): number {
  return (quantile(figures, 0.75) - quantile(figures, 0.25)) / median(figures);
}

/**
 * A 95% confidence interval of the median that supposes nothing about the distribution: the k-th smallest and largest
 * figures, k as large as the binomial distribution allows (sign test; Conover 1999 §3.2). The extremes for few figures.
 */
export function medianInterval(figures: readonly number[]): readonly [low: number, high: number] {
  const sorted = [...figures].sort((a, b) => a - b);
  const n = sorted.length;
  let outside = 0; // chance that the median lies below the k-th smallest figure
  let chance = 0.5 ** n;
  let k = 0;
  while (outside + chance <= 0.025 && k < n / 2) {
    outside += chance;
    k++;
    chance = (chance * (n - k + 1)) / k;
  }
  const at = Math.max(0, k - 1);
  return [sorted[at]!, sorted[n - 1 - at]!];
}

/** Between neighbours by proportion. */
function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below]!;
  return low + ((sorted[below + 1] ?? low) - low) * (position - below);
}
