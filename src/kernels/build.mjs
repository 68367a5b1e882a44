/**
 * Builds kernel.c with clang and wasm-ld (Debian: apt install clang-19 lld-19) and writes the module as text into
 * kernel-bytes.ts, with how it was made. `--check` builds and compares bytes instead. Not part of `npm test`: the text is
 * committed. Usage: node src/kernels/build.mjs [--check]
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, 'kernel-bytes.ts');

/** A fixed feature set, no libc, no imports, no start section, no names or paths inside. */
const flags = [
  '--target=wasm32',
  '-mcpu=mvp',
  '-msimd128',
  '-mbulk-memory',
  '-msign-ext',
  '-std=c17',
  '-O2',
  '-fno-unroll-loops',
  '-fno-vectorize',
  '-fno-slp-vectorize',
  '-ffreestanding',
  '-nostdlib',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-Wl,--no-entry',
  '-Wl,--strip-all',
  '-Wl,--stack-first',
  '-Wl,-z,stack-size=16384',
  '-Wl,--initial-memory=2228224',
  '-Wl,--max-memory=2228224',
];

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');

/** The first compiler that knows wasm32, as { command, version }. */
function findCompiler() {
  for (const command of ['clang-19', 'clang']) {
    try {
      if (!execFileSync(command, ['--print-targets'], { encoding: 'utf8', stdio: 'pipe' }).includes('wasm32')) continue;
      return { command, version: execFileSync(command, ['--version'], { encoding: 'utf8' }).split('\n')[0] };
    } catch {
      // Not installed: try the next name.
    }
  }
  throw new Error('no clang that can build wasm32: install one, for example with "apt install clang-19 lld-19"');
}

function compile({ command }) {
  const folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  try {
    const output = join(folder, 'kernel.wasm');
    execFileSync(command, [...flags, '-o', output, 'kernel.c'], { cwd: here, stdio: 'inherit' });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleText(compiler, wasm) {
  const lines = wasm.toString('base64').match(/.{1,108}/g);
  return [
    '/**',
    ' * The module of kernel.c as base64; made by build.mjs, do not edit.',
    ` * ${compiler.version}`,
    ` * source SHA-256 ${sha256(readFileSync(join(here, 'kernel.c')))}`,
    ` * module SHA-256 ${sha256(wasm)}, ${wasm.length} bytes`,
    ' */',
    '',
    'export const kernelBase64: string = [',
    ...lines.map(line => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}

try {
  const text = moduleText(findCompiler(), compile(findCompiler()));
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (readFileSync(target, 'utf8') !== text) throw new Error('DIFFERENT: kernel-bytes.ts is not what this builds');
  console.log(text.match(/module SHA-256 .*/)[0]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
