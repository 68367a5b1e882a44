/** Collatz jobs: a range of big numbers, and the longest chain in it. */

import {
  type CollatzRange,
  checkRange,
  collatzPartCount,
  collatzParts,
  parseNumber,
  readCollatz,
} from '../../wasm-tasks/collatz/meta.ts';
import { PageError } from '../errors.ts';
import { formatCount } from '../format.ts';
import type { JobPlan, ResultRow } from './job-plan.ts';

/** How many numbers a job looks at. */
export const collatzCounts: readonly number[] = [1_000_000, 10_000_000, 100_000_000];

export const collatzStart = '170141183460469231731687303715884105728'; // 2^127
const NUMBERS_PER_PART = 65_536; // about 50 ms
const ROWS_SHOWN = 10;

export interface CollatzSettings {
  /** The first number as it was typed. */
  readonly start: string;
  readonly count: number;
}

/** What is wrong with a first number as it was typed; undefined when nothing is. */
export function collatzStartFault(text: string): string | undefined {
  try {
    checkRange({ start: parseNumber(text), count: collatzCounts.at(-1)!, perPart: NUMBERS_PER_PART });
    return undefined;
  } catch (error) {
    return `Type ${error instanceof RangeError ? error.message.replace(/^expected /, '') : 'a whole number'}.`;
  }
}

/** The plan of a Collatz search. Throws PageError BAD_NUMBER. */
export function planCollatz({ start, count }: CollatzSettings): JobPlan {
  const fault = collatzStartFault(start);
  if (fault !== undefined) throw new PageError('BAD_NUMBER', `The first number does not fit. ${fault}`);
  const range: CollatzRange = { start: parseNumber(start), count, perPart: NUMBERS_PER_PART };
  return {
    task: 'collatz',
    summary: `Collatz chains of ${formatCount(count)} numbers from ${shortNumber(range.start.toString())}`,
    parts: collatzPartCount(range),
    endsEarly: false,
    inputs: () => collatzParts(range),
    view: {
      kind: 'table',
      columns: ['part', 'number', 'steps', 'all_steps_of_part'],
      rowsOf: (index, output) => [rowOf(index, output)],
      best: rows => [...rows].sort(byStepsThenNumber).slice(0, ROWS_SHOWN),
      answer: longest,
      settled: () => false,
      fileName: 'collatz',
    },
  };
}

function rowOf(index: number, output: Uint8Array): ResultRow {
  const { best, steps, totalSteps } = readCollatz(output);
  return [index, best.toString(), steps, totalSteps.toString()];
}

/** Longer chains first; of equal ones the lower part, whose numbers are lower. */
function byStepsThenNumber(a: ResultRow, b: ResultRow): number {
  return Number(b[2]) - Number(a[2]) || Number(a[0]) - Number(b[0]);
}

function longest(rows: readonly ResultRow[]): string {
  if (rows.length === 0) return 'No chain yet.';
  const [, number, steps] = rows.reduce((best, row) => (byStepsThenNumber(row, best) < 0 ? row : best));
  return `Longest chain: ${formatCount(Number(steps))} steps, from ${number}.`;
}

function shortNumber(digits: string): string {
  return digits.length <= 15 ? formatCount(Number(digits)) : `${digits.slice(0, 6)}… (${digits.length} digits)`;
}
