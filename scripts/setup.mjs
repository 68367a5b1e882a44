/**
 * Makes the project ready, from a fresh clone or after a change: `node scripts/setup.mjs [TARGET]`, where TARGET is how
 * far to go: install, generate, library, page (the default), or rebuild to make everything anew. Writes to standard error
 * only: what runs after it owns standard output.
 */

import { build } from './build.mjs';
import { install } from './install.mjs';
import { endWithParent } from './parent.mjs';
import { isNodeNewEnough, Mendable, main } from './project.mjs';

const TARGETS = ['install', 'generate', 'library', 'page', 'rebuild'];

main(async () => {
  endWithParent();
  const target = process.argv[2] ?? 'page';
  if (!TARGETS.includes(target))
    throw new Mendable(`setup goes as far as one of: ${TARGETS.join(', ')}; not "${target}".`, 2);
  if (!isNodeNewEnough(process.versions.node)) {
    throw new Mendable(
      `Peersea needs Node 20.19 or newer; this is ${process.versions.node}. Get one from https://nodejs.org.`,
    );
  }
  await install();
  if (target === 'rebuild') await build('page', { afresh: true });
  else if (target !== 'install') await build(target);
});
