/**
 * What is made from the source, in order: generated modules, the library in dist/, the page in dist/page. Each is made
 * again only when what it is made from has changed.
 */

import { existsSync, rmSync } from 'node:fs';
import { runNode } from './child.mjs';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';
import { inProject, Mendable, root } from './project.mjs';

/** A tool's entry file, run by Node itself. */
export const tools = {
  tsc: inProject('node_modules', 'typescript', 'bin', 'tsc'),
  vite: inProject('node_modules', 'vite', 'bin', 'vite.js'),
  vitest: inProject('node_modules', 'vitest', 'vitest.mjs'),
  biome: inProject('node_modules', '@biomejs', 'biome', 'bin', 'biome'),
  playwright: inProject('node_modules', '@playwright', 'test', 'cli.js'),
};

const library = ['src', 'scripts/generate.mjs', 'tsconfig.json', 'package-lock.json'];

/** Each target needs those before it. `made` is what must exist for it to be there. */
const targets = [
  {
    name: 'generate',
    from: ['src', 'scripts/generate.mjs', 'package-lock.json'],
    made: [
      'src/adapters/worker/generated/task-worker-source.ts',
      'src/adapters/worker/generated/task-frame-hash.ts',
      'src/adapters/worker/generated/shard-worker-source.ts',
      'src/adapters/webrtc/generated/simple-peer.ts',
    ],
    make: () => runNode(inProject('scripts', 'generate.mjs'), [], { stdout: 'stderr' }),
  },
  {
    name: 'contract',
    from: ['contracts/src', 'contracts/build.mjs', 'package-lock.json'],
    made: ['contracts/out/sea-purse.json'],
    make: () => runNode(inProject('contracts', 'build.mjs'), [], { stdout: 'stderr' }),
  },
  {
    name: 'library',
    from: [...library, ...['base', 'core', 'browser', 'worker', 'node'].map(realm => `tsconfig.${realm}.json`)],
    made: ['dist/cli.js', 'dist/index.js', 'dist/node.js'],
    // tsc trusts its own notes and would not write again what was deleted.
    make: isWhole => runNode(tools.tsc, isWhole ? ['-b'] : ['-b', '--force'], { stdout: 'stderr' }),
  },
  {
    name: 'page',
    from: [...library, 'demo', 'wasm-tasks', 'vite.config.ts'],
    made: ['dist/page/index.html'],
    make: () => runNode(tools.vite, ['build', '--logLevel', 'warn'], { stdout: 'stderr' }),
  },
];

const LAST = 'page';

/** Makes what is stale, up to and including the target `last`; everything anew when `afresh`. Throws Mendable. */
export async function build(last = LAST, { afresh = false } = {}) {
  if (afresh) for (const folder of ['dist', '.cache']) rmSync(inProject(folder), { recursive: true, force: true });
  for (const target of targets) {
    await makeIfStale(target);
    if (target.name === last) return;
  }
  throw new Error(`no build target ${last}`);
}

async function makeIfStale({ name, from, made, make }) {
  const stampFile = inProject('.cache', 'setup', name);
  const wanted = fingerprint(root, from);
  const missing = () => made.filter(path => !existsSync(inProject(path)));
  const isWhole = missing().length === 0;
  if (isWhole && isStamped(stampFile, wanted)) return;
  process.stderr.write(`Building: ${name} …\n`);
  const { code } = await make(isWhole);
  if (code !== 0) throw new Mendable(`The build stopped at "${name}" (code ${code}); the reason stands above.`);
  if (missing().length > 0)
    throw new Mendable(`The build of "${name}" left out ${missing().join(', ')}. Try: npm run build`);
  stamp(stampFile, wanted);
}
