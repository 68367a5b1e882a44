/**
 * Runs the suites and closes with one line, `N passed, N failed`; the exit code is 0 when nothing failed.
 * `node scripts/test.mjs` runs all of `npm test`; `node scripts/test.mjs SUITE [arguments]` one of them, with arguments for
 * its runner. A suite that fails does not keep the others from running.
 */

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { build, tools } from './build.mjs';
import { runNode } from './child.mjs';
import { findBrowser } from './find-browser.mjs';
import { endWithParent } from './parent.mjs';
import { inProject, Mendable, main } from './project.mjs';
import { closingLine, countCommand, countForge, countPlaywright, countVitest, settle, sum } from './tally.mjs';

const MINUTE_MS = 60_000;

/** Each returns its counts. The order is that of `npm test`: what is quick to fail comes first. */
const suites = {
  build: () => buildSuite(),
  types: args => command(tools.tsc, ['-p', 'tsconfig.test.json', ...args]),
  lint: args => command(tools.biome, ['check', ...args]),
  unit: args => vitest('unit', args, 15 * MINUTE_MS),
  sim: args => vitest('sim', args, 15 * MINUTE_MS),
  contract: args => contract(args),
  browser: args => playwright(args, 45 * MINUTE_MS),
  long: args => long(args),
};
const NOT_IN_ALL = ['long'];

main(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name !== undefined && suites[name] === undefined) {
    throw new Mendable(`There is no suite "${name}". The suites: ${Object.keys(suites).join(', ')}.`, 2);
  }
  endWithParent();
  const names = name === undefined ? Object.keys(suites).filter(suite => !NOT_IN_ALL.includes(suite)) : [name];
  const results = [];
  for (const suite of names) results.push(await runSuite(suite, args));
  report(names, results);
});

async function runSuite(name, args) {
  process.stdout.write(`\n== ${name}\n`);
  try {
    return await suites[name](args);
  } catch (error) {
    process.stderr.write(`${error instanceof Mendable ? error.message : error.stack}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function report(names, results) {
  process.stdout.write('\n');
  results.forEach((counts, i) => {
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const flaky = counts.flaky > 0 ? `, ${counts.flaky} only when tried again` : '';
    process.stdout.write(`${names[i].padEnd(8)} ${closingLine(counts)}${skipped}${flaky}\n`);
  });
  const total = sum(results);
  process.stdout.write(`\n${closingLine(total)}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

async function buildSuite() {
  await build();
  return countCommand({ code: 0 });
}

async function command(tool, args) {
  return countCommand(await runNode(tool, args, { timeoutMs: 10 * MINUTE_MS }));
}

async function vitest(project, args, timeoutMs) {
  const file = freshReport(project);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const end = await runNode(tools.vitest, ['run', '--project', project, ...reporters, ...args], { timeoutMs });
  return settleReport(file, countVitest, end, timeoutMs);
}

/** The contract's tests, then what of the contract they run; with arguments for forge, only the tests that these name. */
async function contract(args) {
  const tests = await forge('default', args, 10 * MINUTE_MS);
  if (args.length > 0) return tests;
  const end = await runNode(inProject('contracts', 'coverage.mjs'), [], { timeoutMs: 5 * MINUTE_MS });
  return sum([tests, countCommand(end)]);
}

/** What takes hours; with arguments for Vitest, its part alone. */
async function long(args) {
  const tests = await vitest('long', args, 6 * 60 * MINUTE_MS);
  return args.length > 0 ? tests : sum([tests, await forge('long', [], 3 * 60 * MINUTE_MS)]);
}

async function forge(profile, args, timeoutMs) {
  const file = freshReport('contract');
  const env = { FOUNDRY_PROFILE: profile, PEERSEA_REPORT: file };
  const end = await runNode(inProject('contracts', 'forge.mjs'), ['test', ...args], { timeoutMs, env });
  return settleReport(file, countForge, end, timeoutMs);
}

async function playwright(args, timeoutMs) {
  const file = freshReport('browser');
  const env = { PEERSEA_BROWSER: await findBrowser(), PEERSEA_REPORT: file };
  const end = await runNode(tools.playwright, ['test', ...args], { timeoutMs, env });
  return settleReport(file, countPlaywright, end, timeoutMs);
}

function freshReport(name) {
  const file = inProject('.cache', 'reports', `${name}.json`);
  rmSync(file, { force: true });
  return file;
}

function settleReport(file, count, end, timeoutMs) {
  if (end.timedOut) process.stderr.write(`Stopped after ${timeoutMs / MINUTE_MS} minutes.\n`);
  return settle(existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : undefined, end);
}
