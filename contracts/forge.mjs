/**
 * Runs forge for this project: `node contracts/forge.mjs test --match-test redeem -vvv`, or any other of its commands, with
 * the settings of foundry.toml. Where PEERSEA_REPORT names a file, `test` writes its results there as JSON and says in a few
 * lines how it went.
 */

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

/** The program of the package for this platform itself: its launcher would not pass signals on. */
export function forgeBinary() {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch] ?? process.arch;
  const name = process.platform === 'win32' ? 'forge.exe' : 'forge';
  const folder = dirname(require.resolve(`@foundry-rs/forge-${process.platform}-${arch}/package.json`));
  return join(folder, 'bin', name);
}

/** Runs forge to its end; resolves to its exit code. `stdout` is a file descriptor or 'inherit'. */
export function forge(args, stdout = 'inherit') {
  const env = { ...process.env, FOUNDRY_CONFIG: join(root, 'contracts', 'foundry.toml') };
  const child = spawn(forgeBinary(), [...args, '--root', root], {
    cwd: root,
    env,
    stdio: ['ignore', stdout, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', code => resolve(code ?? 1));
  });
}

/** A line for each contract of tests, and one for each test that failed, of forge's JSON report. */
export function describeReport(report) {
  return Object.entries(report).flatMap(([contract, { test_results: tests }]) => {
    const all = Object.entries(tests);
    const failed = all.filter(([, { status }]) => status === 'Failure');
    const name = contract.replace(/^.*:/, '');
    return [
      `${failed.length === 0 ? ' ✓' : ' ✗'} ${name}: ${all.length} tests`,
      ...failed.map(([test, { reason }]) => `     FAILED ${test}: ${reason ?? 'no reason given'}`),
    ];
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function reported(args, file) {
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'w');
  const code = await forge([...args, '--json'], descriptor);
  closeSync(descriptor);
  const report = parse(readFileSync(file, 'utf8'));
  if (report === undefined) {
    rmSync(file); // forge got nowhere and has said why
    return code || 1;
  }
  process.stdout.write(`${describeReport(report).join('\n')}\n`);
  return code;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const args = process.argv.slice(2);
  const file = process.env.PEERSEA_REPORT;
  process.exitCode = file !== undefined && args[0] === 'test' ? await reported(args, file) : await forge(args);
}
