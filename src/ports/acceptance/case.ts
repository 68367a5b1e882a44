/**
 * The form of the acceptance suites: plain named functions that throw, so that one suite runs under Vitest in Node and
 * inside a page of a real browser alike.
 */

import { equal, toHex } from '../../base/bytes.ts';
import { type ErrorCode, isSeaError } from '../../base/errors.ts';

/** One claim about a port, on a fresh subject of its own. */
export interface AcceptanceCase {
  readonly name: string;
  run(): Promise<void>;
}

export interface CaseOutcome {
  readonly name: string;
  /** Undefined when the case passed. */
  readonly failure: string | undefined;
}

/** Runs all, one after another. For where no test runner is: inside a page. */
export async function runCases(cases: readonly AcceptanceCase[]): Promise<CaseOutcome[]> {
  const outcomes: CaseOutcome[] = [];
  for (const { name, run } of cases) {
    const failure = await run().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    outcomes.push({ name, failure });
  }
  return outcomes;
}

/** Throws unless both are alike: byte strings by their bytes, lists item by item, all else by `Object.is`. */
export function expectSame(actual: unknown, expected: unknown, claim: string): void {
  if (!same(actual, expected)) throw new Error(`${claim}: expected ${show(expected)}, got ${show(actual)}`);
}

/** Throws unless the promise rejects with a SeaError of this code. */
export async function expectCode(promise: Promise<unknown>, code: ErrorCode, claim: string): Promise<void> {
  const error = await promise.then(
    value => new Error(`it resolved to ${show(value)}`),
    (reason: unknown) => reason,
  );
  if (!isSeaError(error, code)) throw new Error(`${claim}: expected ${code}, got ${String(error)}`);
}

function same(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equal(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i]));
  return Object.is(a, b);
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes ${toHex(value.subarray(0, 32))}`;
  return Array.isArray(value) ? `[${value.map(show).join(', ')}]` : `${typeof value} ${String(value)}`;
}
