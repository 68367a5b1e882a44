/**
 * How the examples are served (`npx vite examples`) and built (`npx vite build examples`): one page a folder, with the
 * library from its source. An app of its own installs `peersea` and needs only the lines marked so.
 */

const here = import.meta.dirname;
const apps = ['chat', 'shared-counter', 'rpc-service', 'map', 'file-drop'];

export default {
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
