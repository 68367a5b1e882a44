/** Reading forge's reports: what is run, what is not, and what failed. */

import { expect, test } from 'vitest';
import { isWhole, readCoverage } from './coverage.mjs';
import { describeReport } from './forge.mjs';

const record = (lines, branches) => `TN:
SF:contracts/src/SeaPurse.sol
DA:10,4
DA:11,0
BRDA:12,0,0,7
BRDA:12,0,1,-
BRDA:13,1,0,0
LF:${lines.found}
LH:${lines.hit}
BRF:${branches.found}
BRH:${branches.hit}
end_of_record
`;

test('coverage: figures of each file, and the lines that were not run', () => {
  const [file, ...others] = readCoverage(record({ found: 2, hit: 1 }, { found: 3, hit: 1 }));
  expect(others).toEqual([]);
  expect(file).toEqual({
    file: 'contracts/src/SeaPurse.sol',
    lines: { hit: 1, found: 2 },
    branches: { hit: 1, found: 3 },
    missed: [11, 12, 13],
  });
});

test('coverage is whole when every line and every branch was run; nothing found is not', () => {
  const figures = (lines, branches) => ({
    lines: { hit: lines[0], found: lines[1] },
    branches: { hit: branches[0], found: branches[1] },
  });
  expect(isWhole(figures([2, 2], [3, 3]))).toBe(true);
  expect(isWhole(figures([2, 2], [0, 0]))).toBe(true);
  expect(isWhole(figures([1, 2], [3, 3]))).toBe(false);
  expect(isWhole(figures([2, 2], [2, 3]))).toBe(false);
  expect(isWhole(figures([0, 0], [0, 0]))).toBe(false);
  expect(readCoverage('')).toEqual([]);
});

test('a report in lines: each contract of tests, and each failure with its reason', () => {
  const report = {
    'contracts/test/A.t.sol:A': {
      test_results: { 'test_a()': { status: 'Success' }, 'test_b()': { status: 'Failure', reason: 'no' } },
    },
    'contracts/test/B.t.sol:B': { test_results: { 'test_c()': { status: 'Success' } } },
  };
  expect(describeReport(report)).toEqual([' ✗ A: 2 tests', '     FAILED test_b(): no', ' ✓ B: 1 tests']);
});
