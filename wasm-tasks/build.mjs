/**
 * Builds every task from C with clang and wasm-ld (Debian: apt install clang-19 lld-19), writes the modules beside their
 * sources and `provenance.json`. `--check` builds elsewhere and compares bytes instead. Not part of `npm test`: the
 * modules are committed. Usage: node wasm-tasks/build.mjs [--check]
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const MiB = 1024 * 1024;

/** The same for every task: a fixed feature set, no libc, no imports, no start section, no names or paths inside. */
const commonFlags = [
  '--target=wasm32',
  '-mcpu=mvp',
  '-mbulk-memory',
  '-mmutable-globals',
  '-mnontrapping-fptoint',
  '-msign-ext',
  '-std=c17',
  '-O3',
  '-ffreestanding',
  '-ffp-contract=off',
  '-nostdlib',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wl,--no-entry',
  '-Wl,--strip-all',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=16384',
];
const maximum = bytes => `-Wl,--max-memory=${bytes}`;

/** [module, its own flags]; the source has the module's path with `.c`. */
const modules = [
  ['mandelbrot/task.wasm', ['-msimd128', maximum(16 * MiB)]],
  ['picture/task.wasm', ['-msimd128', maximum(32 * MiB)]],
  ['collatz/task.wasm', [maximum(MiB)]],
  ['hash-search/task.wasm', ['-msimd128', maximum(MiB)]],
  ['testing/spin.wasm', [maximum(16 * MiB)]],
  ['testing/forever.wasm', [maximum(16 * MiB)]],
  ['testing/trap.wasm', [maximum(16 * MiB)]],
  ['testing/wild.wasm', [maximum(16 * MiB)]],
  ['testing/flood.wasm', [maximum(80 * MiB)]],
  ['testing/grower.wasm', []],
  ['testing/greedy.wasm', ['-Wl,--initial-memory=4294967296']],
];

const sha256 = path => createHash('sha256').update(readFileSync(path)).digest('hex');
const sourceOf = module => module.replace(/\.wasm$/, '.c');

/** The first compiler that knows wasm32, as { command, version }. */
function findCompiler() {
  for (const command of ['clang-19', 'clang']) {
    try {
      if (!execFileSync(command, ['--print-targets'], { encoding: 'utf8', stdio: 'pipe' }).includes('wasm32')) continue;
      const version = execFileSync(command, ['--version'], { encoding: 'utf8' }).split('\n')[0];
      return { command, version };
    } catch {
      // Not installed: try the next name.
    }
  }
  throw new Error('no clang that can build wasm32: install one, for example with "apt install clang-19 lld-19"');
}

function compile({ command }, module, flags, output) {
  execFileSync(command, [...commonFlags, ...flags, '-o', output, sourceOf(module)], { cwd: here, stdio: 'inherit' });
  chmodSync(output, 0o644); // the linker marks it executable
}

function buildAll(compiler) {
  const entries = modules.map(([module, flags]) => {
    const path = join(here, module);
    compile(compiler, module, flags, path);
    const sources = Object.fromEntries([sourceOf(module), 'task.h'].map(name => [name, sha256(join(here, name))]));
    return [module, { flags, sources, wasmSha256: sha256(path), wasmBytes: readFileSync(path).length }];
  });
  const provenance = { compiler: compiler.version, flags: commonFlags, modules: Object.fromEntries(entries) };
  writeFileSync(join(here, 'provenance.json'), `${JSON.stringify(provenance, null, 2)}\n`);
  for (const [module, { wasmBytes }] of entries) console.log(`${module}  ${wasmBytes} bytes`);
}

/** Prints what differs and returns how many modules do. */
function checkAll(compiler) {
  const provenance = JSON.parse(readFileSync(join(here, 'provenance.json'), 'utf8'));
  if (provenance.compiler !== compiler.version) {
    console.log(`note: built with ${provenance.compiler}, checked with ${compiler.version}: bytes may differ`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'wasm-tasks-'));
  try {
    return modules.filter(([module, flags]) => {
      const rebuilt = join(folder, basename(dirname(module)) + basename(module));
      compile(compiler, module, flags, rebuilt);
      const same = readFileSync(rebuilt).equals(readFileSync(join(here, module)));
      console.log(`${same ? 'same     ' : 'DIFFERENT'}  ${module}`);
      return !same;
    }).length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

try {
  const compiler = findCompiler();
  if (process.argv.includes('--check')) process.exitCode = checkAll(compiler) === 0 ? 0 : 1;
  else buildAll(compiler);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
