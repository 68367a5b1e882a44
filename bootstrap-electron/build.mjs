/**
 * Bundles the desktop node into dist/electron: main.js (ESM, with all it needs but Electron and Node), preload.cjs (a
 * sandboxed preload script must be one CommonJS file) and renderer/.
 */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Optional accelerators of `ws`, which does without them. */
const OPTIONAL = ['bufferutil', 'utf-8-validate'];

/** Vite's settings of the window's page, also for tests that serve it. */
export function rendererConfig(outDir) {
  return {
    configFile: false,
    root: join(here, 'renderer'),
    base: './',
    logLevel: 'warn',
    // The package's own build bundles its Node shims; its source would need polyfills.
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  };
}

function processConfig(outDir, entry, { format, fileName }) {
  return {
    configFile: false,
    root: here,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true, external: ['electron', ...OPTIONAL] },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'node22',
      ssr: entry,
      minify: false,
      rollupOptions: {
        external: ['electron', /^node:/, ...OPTIONAL],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  };
}

/** Builds everything into `outDir`. */
export async function buildElectron(outDir) {
  rmSync(outDir, { recursive: true, force: true });
  await build(processConfig(outDir, join(here, 'main', 'main.ts'), { format: 'es', fileName: 'main.js' }));
  await build(processConfig(outDir, join(here, 'preload', 'preload.ts'), { format: 'cjs', fileName: 'preload.cjs' }));
  await build(rendererConfig(join(outDir, 'renderer')));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildElectron(join(here, '..', 'dist', 'electron'));
}
