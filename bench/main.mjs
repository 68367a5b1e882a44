/**
 * Runs one bench and prints its figures: `npm run bench -- NAME [--json] [--pairs N] [--case NAME]`. Progress goes to
 * stderr; with --json the last line of stdout is the report. What is measured, and how to read it: README.md.
 */

import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';
import { findBrowser } from '../scripts/find-browser.mjs';
import { inProject, Mendable, main, root } from '../scripts/project.mjs';

const benches = ['compute', 'gas', 'link', 'size', 'storage'];
const WITHOUT_BROWSER = ['gas', 'size'];
const usage = `Usage: npm run bench -- ${benches.join('|')} [--json] [--pairs N] [--case NAME]`;

function readArguments(args) {
  const options = { json: { type: 'boolean' }, pairs: { type: 'string' }, case: { type: 'string' } };
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const pairs = values.pairs === undefined ? undefined : Number(values.pairs);
    const isFit = positionals.length === 1 && benches.includes(positionals[0]);
    if (!isFit || (pairs !== undefined && !(Number.isInteger(pairs) && pairs > 0))) throw new Error(usage);
    return { name: positionals[0], json: values.json ?? false, pairs, only: values.case };
  } catch (error) {
    throw new Mendable(error.message === usage ? usage : `${error.message}\n${usage}`, 2);
  }
}

/** A module of this folder: the benches are TypeScript, which Node 20 does not read. */
async function load(file) {
  const { module } = await runnerImport(pathToFileURL(inProject('bench', file)).href, { root, configFile: false });
  return module;
}

await main(async () => {
  const { name, json, pairs, only } = readArguments(process.argv.slice(2));
  if (!WITHOUT_BROWSER.includes(name)) process.env.PEERSEA_BROWSER = await findBrowser();
  const { bench } = await load(`${name}.ts`);
  const { describeMachine, formatReport } = await load('report.ts');
  const progress = line => process.stderr.write(`${line}\n`);
  const cases = await bench({ pairs, only, progress });
  if (cases.length === 0) throw new Mendable(`The bench ${name} has no case ${only}.`, 2);
  const report = { name, machine: describeMachine(), cases };
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
});
