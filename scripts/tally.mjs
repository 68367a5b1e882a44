/**
 * What a test run came to: pure functions from reports and exit codes to counts. The reports alone do not do: a file that
 * fails to load counts no failed test in Vitest's, and an error outside any test leaves `success: true` there; so an exit
 * code that says failure where none was counted is one failure, and so is a run without a single test.
 */

/** `flaky`: of those that passed, the ones that did so only when tried again. @typedef {{ passed: number, failed: number, skipped: number, flaky?: number }} Counts */

/** Vitest's JSON report. @returns {Counts} */
export function countVitest(report) {
  const unloaded = (report.testResults ?? []).filter(
    file => file.status === 'failed' && !file.assertionResults.some(result => result.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Playwright's JSON report. @returns {Counts} */
export function countPlaywright(report) {
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + (report.errors ?? []).length, skipped, flaky };
}

/** forge's JSON report: contracts of tests by name, each with its tests by name. @returns {Counts} */
export function countForge(report) {
  const statuses = Object.values(report).flatMap(({ test_results: tests }) =>
    Object.values(tests).map(({ status }) => status),
  );
  const count = wanted => statuses.filter(status => status === wanted).length;
  const [passed, skipped] = [count('Success'), count('Skipped')];
  return { passed, failed: statuses.length - passed - skipped, skipped };
}

/** A command that is one test: it passes when it ends with code 0. @returns {Counts} */
export function countCommand({ code }) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** A suite's counts, made to agree with how its process ended. `counts` is undefined without a report. @returns {Counts} */
export function settle(counts, { code, timedOut }) {
  const { failed, ...others } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const mustFail = code !== 0 || timedOut || others.passed + failed === 0;
  return { ...others, failed: failed === 0 && mustFail ? 1 : failed };
}

/** @param {readonly Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}

/** The line that closes a run. */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}
