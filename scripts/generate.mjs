/**
 * Bundles the programs that run where no module can be imported, and writes them as text into
 * src/adapters/worker/generated/task-worker-source.ts: the task worker for pages and for Node, and the script of the task
 * frame with its hash. Skipped while every file that went into them is unchanged.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root as projectRoot } from './project.mjs';

const TARGET = 'src/adapters/worker/generated/task-worker-source.ts';
const STAMP = /^\/\/ made from (\[.*\]) ([0-9a-f]{64})$/m;

/** Beside the bundled sources, what decides the text. */
const MAKERS = ['scripts/generate.mjs', 'node_modules/vite/package.json', 'node_modules/rolldown/package.json'];

const programs = [
  { name: 'browserTaskProgram', entry: 'src/adapters/worker/task-worker.ts', format: 'iife' },
  { name: 'nodeTaskProgram', entry: 'src/adapters/node/task-worker-node.ts', format: 'cjs' },
  { name: 'taskFrameScript', entry: 'src/adapters/browser/task-frame-script.ts', format: 'iife' },
];

/** Writes the generated module under `root` if it is missing or stale. Resolves to true when it was written. */
export async function generate(root = projectRoot) {
  const target = join(root, TARGET);
  if (isFresh(root, target)) return false;
  const bundles = [];
  for (const program of programs) bundles.push({ ...program, ...(await bundle(root, program)) });
  const inputs = [...new Set([...MAKERS, ...bundles.flatMap(({ inputs }) => inputs)])].sort();
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, moduleText(bundles, `// made from ${JSON.stringify(inputs)} ${hashOf(root, inputs)}`));
  return true;
}

function isFresh(root, target) {
  const [, inputs, hash] = (existsSync(target) && readFileSync(target, 'utf8').match(STAMP)) || [];
  return hash !== undefined && hash === hashOf(root, JSON.parse(inputs));
}

/** A file that is gone counts as empty. */
function hashOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const path = join(root, file);
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** The minified text and the files it was made from, relative to `root`. */
async function bundle(root, { entry, format }) {
  const { build } = await import('vite'); // here, because the check for staleness must stay quick
  const [result] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(root, entry), formats: [format], name: 'peersea' },
      rollupOptions: { external: [/^node:/] },
    },
  });
  const [chunk, ...others] = result.output;
  if (others.length > 0) throw new Error(`${entry} became more than one file`);
  return { text: chunk.code.trim(), inputs: chunk.moduleIds.filter(isFile).map(id => projectPath(root, id)) };
}

function isFile(moduleId) {
  return !moduleId.startsWith('\0');
}

function projectPath(root, moduleId) {
  return relative(root, moduleId).split(sep).join('/');
}

function moduleText(bundles, stamp) {
  const frameScript = bundles.find(({ name }) => name === 'taskFrameScript').text;
  if (/<\/script|<!--/i.test(frameScript)) throw new Error('the frame script would end its own element');
  const hash = `sha256-${createHash('sha256').update(frameScript).digest('base64')}`;
  return [
    '/** Bundled programs as text; made by scripts/generate.mjs, do not edit. */',
    stamp,
    ...bundles.map(({ name, text }) => `export const ${name}: string = ${JSON.stringify(text)};`),
    '/** Content-Security-Policy source of taskFrameScript. */',
    `export const taskFrameScriptHash: string = '${hash}';`,
    '',
  ].join('\n');
}

const isMain = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isMain && (await generate())) process.stderr.write(`Wrote ${TARGET}\n`);
