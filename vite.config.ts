/** How the page in `demo/` is bundled into `dist/page`, which the bootstrap node serves. */

import { defineConfig } from 'vite';

export default defineConfig({
  root: 'demo',
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  server: { fs: { allow: ['..'] } },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // A .wasm file inlined as a data: URL would be refused under a strict content security policy.
    assetsInlineLimit: 0,
  },
});
