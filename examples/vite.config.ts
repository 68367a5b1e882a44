/**
 * How the examples are served (`npx vite examples`) and built (`npx vite build examples`): one page a folder, with the
 * library from its source. An app of its own installs `peersea` and needs none of this but the two marked lines.
 */

import type { UserConfig } from 'vite';

const here = import.meta.dirname;
const apps = ['chat', 'shared-counter', 'rpc-service', 'map', 'file-drop'];

const config: UserConfig = {
  base: './',
  resolve: { alias: { peersea: `${here}/../src/index.ts` } },
  server: { fs: { allow: ['..'] } },
  worker: { format: 'es' }, // for any app
  build: {
    outDir: '../dist/examples',
    emptyOutDir: true,
    target: 'es2022', // for any app: the modules await at their top level
    assetsInlineLimit: 0,
    rollupOptions: {
      input: [`${here}/index.html`, ...apps.map(app => `${here}/${app}/index.html`)],
    },
  },
};

export default config;
