/**
 * Measures what of `src/` the unit and fuzz tests run, prints it, and ends with code 1 when a line or a branch was not run.
 * `node contracts/coverage.mjs`. The invariants are left out: they add nothing but time.
 */

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { forge } from './forge.mjs';

const lcov = fileURLToPath(new URL('../.cache/forge/lcov.info', import.meta.url));

/** Found and hit lines and branches of each file of an lcov report, and the lines that were not run. */
export function readCoverage(text) {
  return text
    .split('end_of_record')
    .map(record => record.trim())
    .filter(record => record !== '')
    .map(record => {
      const count = key => Number(record.match(new RegExp(`^${key}:(\\d+)$`, 'm'))?.[1] ?? 0);
      return {
        file: record.match(/^SF:(.*)$/m)?.[1] ?? '',
        lines: { hit: count('LH'), found: count('LF') },
        branches: { hit: count('BRH'), found: count('BRF') },
        missed: [...record.matchAll(/^DA:(\d+),0$|^BRDA:(\d+),.*,(?:0|-)$/gm)].map(
          ([, line, branch]) => +(line ?? branch),
        ),
      };
    });
}

/** A figure of 0 lines is no coverage but a report that says nothing. */
export function isWhole({ lines, branches }) {
  return lines.found > 0 && lines.hit === lines.found && branches.hit === branches.found;
}

async function main() {
  mkdirSync(dirname(lcov), { recursive: true });
  rmSync(lcov, { force: true });
  const scope = ['--no-match-contract', 'Invariants', '--no-match-coverage', 'contracts/test'];
  const code = await forge(['coverage', '--report', 'summary', '--report', 'lcov', '--report-file', lcov, ...scope]);
  if (code !== 0) return code;
  const files = readCoverage(readFileSync(lcov, 'utf8'));
  const partial = files.filter(file => !isWhole(file));
  for (const { file, missed } of partial) process.stderr.write(`${file} is not run in lines ${missed.join(', ')}\n`);
  return files.length > 0 && partial.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main();
}
