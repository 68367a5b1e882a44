/**
 * What a test run came to: pure functions from reports and exit codes to counts. The reports alone do not do: a file that
 * fails to load counts no failed test in Vitest's, and an error outside any test leaves `success: true` there; so an exit
 * code that says failure where none was counted is one failure, and so is a run without a single test.
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

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

/** Playwright's JSON report. A test that passed on a second try passed. @returns {Counts} */
export function countPlaywright(report) {
  const { expected, flaky, unexpected, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected + (report.errors ?? []).length, skipped };
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
  const { passed, failed, skipped } = counts ?? { passed: 0, failed: 0, skipped: 0 };
  const mustFail = code !== 0 || timedOut || passed + failed === 0;
  return { passed, failed: failed === 0 && mustFail ? 1 : failed, skipped };
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
