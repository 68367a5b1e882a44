/** Which package is imported where: each in one place, so that it can be replaced there. */

import { type Finding, isTest, type Source } from './source.ts';

/** Path prefixes per package. Tests may import what they test with, benches what they measure; everything else stands here. */
const places: Readonly<Record<string, readonly string[]>> = {
  cborg: ['src/base/cbor.ts'],
  // Synchronous hashing of small things (bulk goes through a port), and the fallback for keys.
  '@noble/hashes': [
    'src/address/hash-address.ts',
    'src/address/content-id.ts',
    'src/link/handshake.ts',
    'src/compute/quorum.ts',
    'src/pubsub/publication.ts',
    'src/storage/challenge.ts',
    'src/storage/file-link.ts',
    'src/credit/receipt.ts',
    'src/sim/',
    'src/adapters/memory/',
    'src/adapters/evm/',
  ],
  '@noble/ed25519': ['src/adapters/memory/'],
  '@noble/secp256k1': ['src/adapters/evm/'],
  'simple-peer': ['src/adapters/webrtc/'],
  idb: ['src/adapters/browser/'],
  comlink: ['src/adapters/worker/'],
  ws: ['src/adapters/node/'],
  '@roamhq/wrtc': ['src/adapters/node/'],
  sirv: ['src/adapters/node/'],
  uqr: ['scripts/start.mjs', 'bootstrap-electron/', 'demo/components/qr-drawing.ts'],
  ethers: ['src/adapters/evm/', 'contracts/'],
  solc: ['contracts/'],
  preact: ['demo/', 'bootstrap-electron/'],
  '@preact/signals': ['demo/', 'bootstrap-electron/'],
  electron: ['bootstrap-electron/'],
  vite: [
    'scripts/',
    'bench/',
    'examples/vite.config.ts',
    'src/tidy/source.ts',
    'vite.config.ts',
    'bootstrap-electron/',
  ],
  vitest: ['src/ports/acceptance/', 'vitest.config.ts'],
  '@playwright/test': ['test/browser/', 'bench/', 'playwright.config.ts'],
  peersea: ['examples/'],
};

/** Where Node's own modules may be imported beside tests. */
const nodePlaces = [
  'src/adapters/node/',
  'src/node.ts',
  'src/cli',
  'src/sim/main.ts',
  'src/tidy/',
  'src/kernels/build.mjs',
];

/** `@scope/name` or `name` of an import such as `name/sub/path.js`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Packages imported outside their place, and packages that have none. */
export function checkThirdParties(sources: readonly Source[]): Finding[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap(({ specifier, path: relative, line }) => {
      if (relative !== undefined) return [];
      const words = specifier.startsWith('node:') ? nodeWords(path) : packageWords(path, packageOf(specifier));
      return words === undefined ? [] : [{ file: path, line, words }];
    }),
  );
}

function nodeWords(path: string): string | undefined {
  const isFree = !path.startsWith('src/') || isTest(path) || nodePlaces.some(place => path.startsWith(place));
  return isFree
    ? undefined
    : "Node's modules are imported in src/adapters/node and the entries only: go through a port";
}

function packageWords(path: string, name: string): string | undefined {
  const allowed = places[name];
  if (allowed === undefined) return `the package ${name} has no place: name one in src/tidy/third-parties.ts`;
  if (isTest(path) || path.startsWith('bench/') || allowed.some(place => path.startsWith(place))) return undefined;
  return `${name} is imported in ${allowed.join(', ')} only`;
}
