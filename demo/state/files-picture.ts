/**
 * Where the shards of a file are, as rows of a picture: one row for each shard number, one step for each segment. What
 * changes often is changed in place; `rows` is reckoned when it is drawn.
 */

import { formatCount, formatPlural } from '../format.ts';

/** 'placed': it was left there; 'held', 'lost', 'away': what a look has shown. */
export type ShardState = 'placed' | 'held' | 'lost' | 'away';

interface Cell {
  readonly holder: string;
  readonly state: ShardState;
}

/** Neighbouring steps of one row that look the same. */
export interface Run extends Cell {
  /** Steps before it, and its own. */
  readonly from: number;
  readonly length: number;
}

export interface Row {
  /** Who holds the shards of this row, in the order of their coming. */
  readonly holders: readonly string[];
  readonly runs: readonly Run[];
  readonly counts: Readonly<Record<ShardState, number>>;
  /** Shards of this row that are not there yet. */
  readonly missing: number;
}

/** Steps that are drawn; where there are more segments, each stands for several and shows the worst of them. */
const STEPS_MAX = 128;

const severity: readonly ShardState[] = ['held', 'placed', 'away', 'lost'];

export class ShardPicture {
  readonly n: number;
  readonly segments: number;
  readonly #cells: (Cell | undefined)[][];

  constructor(segments: number, n: number) {
    this.segments = segments;
    this.n = n;
    this.#cells = Array.from({ length: n }, () => new Array<Cell | undefined>(segments).fill(undefined));
  }

  set(segment: number, shard: number, holder: string, state: ShardState): void {
    const row = this.#cells[shard];
    if (row !== undefined && segment < this.segments) row[segment] = { holder, state };
  }

  /** Steps in a row. */
  get steps(): number {
    return Math.min(STEPS_MAX, this.segments);
  }

  /** The shards in that state of the segment that has the fewest of them. */
  fewest(state: ShardState): number {
    const counts = Array.from(
      { length: this.segments },
      (_, segment) => this.#cells.filter(row => row[segment]?.state === state).length,
    );
    return counts.reduce((least, count) => Math.min(least, count), this.n);
  }

  rows(): readonly Row[] {
    return this.#cells.map(cells => this.#rowOf(cells));
  }

  #rowOf(cells: readonly (Cell | undefined)[]): Row {
    const counts = { placed: 0, held: 0, lost: 0, away: 0 };
    const holders = new Set<string>();
    for (const cell of cells) {
      if (cell === undefined) continue;
      counts[cell.state] += 1;
      holders.add(cell.holder);
    }
    const missing = cells.length - counts.placed - counts.held - counts.lost - counts.away;
    return { holders: [...holders], runs: runsOf(this.#stepsOf(cells)), counts, missing };
  }

  #stepsOf(cells: readonly (Cell | undefined)[]): (Cell | undefined)[] {
    const { steps } = this;
    return Array.from({ length: steps }, (_, step) => {
      const from = Math.floor((step * cells.length) / steps);
      const to = Math.floor(((step + 1) * cells.length) / steps);
      return worst(cells.slice(from, to));
    });
  }
}

/** Nothing, where one of them is not there yet. */
function worst(cells: readonly (Cell | undefined)[]): Cell | undefined {
  return cells.reduce((most, cell) => {
    if (most === undefined || cell === undefined) return undefined;
    return severity.indexOf(cell.state) > severity.indexOf(most.state) ? cell : most;
  }, cells[0]);
}

function runsOf(steps: readonly (Cell | undefined)[]): Run[] {
  const runs: Run[] = [];
  for (const [at, cell] of steps.entries()) {
    if (cell === undefined) continue;
    const last = runs.at(-1);
    const continues =
      last !== undefined && last.from + last.length === at && last.holder === cell.holder && last.state === cell.state;
    if (continues) runs[runs.length - 1] = { ...last, length: last.length + 1 };
    else runs.push({ ...cell, from: at, length: 1 });
  }
  return runs;
}

/** What a look has shown: every segment needs k shards that are there. */
export function lookedWords(picture: ShardPicture, k: number): string {
  const all = picture.segments * picture.n;
  if (all === 0) return 'The file has no bytes: nothing to check.';
  const held = picture.rows().reduce((sum, { counts }) => sum + counts.held, 0);
  const there = `${formatCount(held)} of ${formatPlural(all, 'piece')} ${all === 1 ? 'is' : 'are'} there.`;
  const spare = picture.fewest('held') - k;
  if (spare < 0) return `${there} That is too few to read the file now: wait until more of its devices are back.`;
  if (spare === 0) return `${there} Enough to read the file, and none to spare.`;
  return `${there} The file can be read, and ${spare === 1 ? 'one more device' : `${spare} more devices`} may be lost.`;
}
