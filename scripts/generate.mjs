/**
 * Makes the modules that come out of other modules: the programs that run where nothing can be imported, bundled as text
 * (the task worker for pages and for Node, the script of the task frame with its hash), and simple-peer without its
 * streams. Skipped while every file that went into them is unchanged.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root as projectRoot } from './project.mjs';

const STAMP = /^\/\/ made from (\[.*\]) ([0-9a-f]{64})$/m;

/** Beside the bundled sources, what decides the text. */
const MAKERS = ['scripts/generate.mjs', 'node_modules/vite/package.json', 'node_modules/rolldown/package.json'];

const programs = [
  { name: 'browserTaskProgram', entry: 'src/adapters/worker/task-worker.ts', format: 'iife' },
  { name: 'nodeTaskProgram', entry: 'src/adapters/node/task-worker-node.ts', format: 'cjs' },
  { name: 'taskFrameScript', entry: 'src/adapters/browser/task-frame-script.ts', format: 'iife' },
];
const frameScript = programs[2];

const shardPrograms = [
  { name: 'browserShardProgram', entry: 'src/adapters/worker/shard-worker.ts', format: 'iife' },
  { name: 'nodeShardProgram', entry: 'src/adapters/node/shard-worker-node.ts', format: 'cjs' },
];

/** The package's own source; what it needs of Node is stood in for by as little as its connection half uses. */
const peer = {
  entry: 'node_modules/simple-peer/index.js',
  format: 'iife',
  standIns: {
    'readable-stream': { file: 'src/adapters/webrtc/bare-duplex.ts' },
    buffer: { code: 'module.exports = {};' },
    debug: { code: 'module.exports = () => () => {};' },
    randombytes: { code: "module.exports = () => '';" }, // names connections in debug lines
  },
};

/** What is made: its path, the bundles that go into it, and its text from them. */
const targets = [
  { path: 'src/adapters/worker/generated/task-worker-source.ts', bundles: programs, write: textsModule },
  { path: 'src/adapters/worker/generated/task-frame-hash.ts', bundles: [frameScript], write: hashModule },
  { path: 'src/adapters/worker/generated/shard-worker-source.ts', bundles: shardPrograms, write: textsModule },
  { path: 'src/adapters/webrtc/generated/simple-peer.ts', bundles: [peer], write: peerModule },
];

/** Writes those generated modules under `root` that are missing or stale. Resolves to the paths it wrote. */
export async function generate(root = projectRoot) {
  const written = [];
  for (const { path, bundles, write } of targets) {
    const target = join(root, path);
    if (isFresh(root, target)) continue;
    const made = [];
    for (const program of bundles) made.push({ ...program, ...(await bundle(root, program)) });
    const inputs = [...new Set([...MAKERS, ...made.flatMap(({ inputs }) => inputs)])].sort();
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, write(made, `// made from ${JSON.stringify(inputs)} ${hashOf(root, inputs)}`));
    written.push(path);
  }
  return written;
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
async function bundle(root, { entry, format, standIns = {} }) {
  const { build } = await import('vite'); // here, because the check for staleness must stay quick
  const [result] = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    plugins: [standIn(root, standIns)],
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

/** Bundles other modules, or given code, in place of the packages named. */
function standIn(root, standIns) {
  return {
    name: 'stand-in',
    enforce: 'pre',
    resolveId(id) {
      const { file, code } = standIns[id] ?? {};
      return code === undefined ? file && join(root, file) : `\0stand-in:${id}`;
    },
    load(id) {
      return standIns[id.replace('\0stand-in:', '')]?.code;
    },
  };
}

function isFile(moduleId) {
  return !moduleId.startsWith('\0');
}

function projectPath(root, moduleId) {
  return relative(root, moduleId).split(sep).join('/');
}

/** Apart from the script: every page has the hash, and the script comes with the first slot. */
function hashModule([{ text }], stamp) {
  if (/<\/script|<!--/i.test(text)) throw new Error('the frame script would end its own element');
  const hash = `sha256-${createHash('sha256').update(text).digest('base64')}`;
  return [
    '/** Content-Security-Policy source of taskFrameScript; made by scripts/generate.mjs, do not edit. */',
    stamp,
    `export const taskFrameScriptHash: string = '${hash}';`,
    '',
  ].join('\n');
}

function textsModule(bundles, stamp) {
  return [
    '/** Bundled programs as text; made by scripts/generate.mjs, do not edit. */',
    stamp,
    ...bundles.map(({ name, text }) => `export const ${name}: string = ${JSON.stringify(text)};`),
    '',
  ].join('\n');
}

function peerModule([{ text }], stamp) {
  const expression = text.replace(/^(var|let|const) peersea\s*=\s*/, '').replace(/;$/, '');
  if (!expression.startsWith('(')) throw new Error('simple-peer became something else than one expression');
  return [
    '/** simple-peer (MIT License, Feross Aboukhadijeh) without its streams; made by scripts/generate.mjs, do not edit. */',
    '// @ts-nocheck',
    stamp,
    "import type { PeerClass } from '../simple-peer.ts';",
    `export const Peer: PeerClass = /* @__PURE__ */ ${expression};`,
    '',
  ].join('\n');
}

const isMain = process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href;
if (isMain) for (const path of await generate()) process.stderr.write(`Wrote ${path}\n`);
