/** Counting: what each report says, and what it leaves out. */

import { expect, test } from 'vitest';
import { closingLine, countCommand, countForge, countPlaywright, countVitest, settle, sum } from './tally.mjs';

const ok = { code: 0, timedOut: false };
const bad = { code: 1, timedOut: false };

function vitestReport(overrides) {
  return { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, testResults: [], ...overrides };
}

test('vitest: passed, failed and skipped as reported', () => {
  const failedFile = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
  const report = vitestReport({ numFailedTests: 1, testResults: [failedFile] });
  expect(countVitest(report)).toEqual({ passed: 3, failed: 1, skipped: 1 });
});

test('vitest: a file that could not be loaded counts as one failure, beside counted ones too', () => {
  const unloaded = { status: 'failed', assertionResults: [] };
  const failedFile = { status: 'failed', assertionResults: [{ status: 'failed' }] };
  expect(countVitest(vitestReport({ testResults: [unloaded] })).failed).toBe(1);
  expect(countVitest(vitestReport({ numFailedTests: 1, testResults: [unloaded, failedFile] })).failed).toBe(2);
});

test('playwright: flaky counts as passed, errors outside tests as failed', () => {
  const stats = { expected: 4, flaky: 1, unexpected: 2, skipped: 3 };
  expect(countPlaywright({ stats, errors: [] })).toEqual({ passed: 5, failed: 2, skipped: 3, flaky: 1 });
  expect(countPlaywright({ stats, errors: [{ message: 'no file' }] }).failed).toBe(3);
});

test('forge: by status, over all contracts of tests; a status that is not known is a failure', () => {
  const tests = (...statuses) => ({
    test_results: Object.fromEntries(statuses.map((status, i) => [`test_${i}()`, { status }])),
  });
  const report = { 'a.sol:A': tests('Success', 'Failure', 'Skipped', 'Success'), 'b.sol:B': tests('Success', 'Odd') };
  expect(countForge(report)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  expect(countForge({})).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

test('a command is one test', () => {
  expect(countCommand(ok)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(countCommand(bad)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('an exit code without a counted failure is one failure; with one it adds nothing', () => {
  expect(settle({ passed: 3, failed: 0, skipped: 0 }, bad)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  expect(settle({ passed: 3, failed: 2, skipped: 0 }, bad)).toEqual({ passed: 3, failed: 2, skipped: 0 });
  expect(settle({ passed: 3, failed: 0, skipped: 0 }, ok)).toEqual({ passed: 3, failed: 0, skipped: 0 });
});

test('a run that took too long, left no report, or had no test has failed', () => {
  expect(settle({ passed: 3, failed: 0, skipped: 0 }, { code: 0, timedOut: true }).failed).toBe(1);
  expect(settle(undefined, ok).failed).toBe(1);
  expect(settle({ passed: 0, failed: 0, skipped: 5 }, ok)).toEqual({ passed: 0, failed: 1, skipped: 5 });
});

test('the sum, and the line that closes a run', () => {
  const total = sum([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 2, failed: 1, skipped: 0 },
  ]);
  expect(total).toEqual({ passed: 5, failed: 1, skipped: 1 });
  expect(closingLine(total)).toBe('5 passed, 1 failed');
  expect(sum([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
