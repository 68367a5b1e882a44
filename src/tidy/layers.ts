/** Which part of `src/` may import which: the rows of the map in `src/README.md`, and nothing upward. */

import { type Finding, isTest, type Source } from './source.ts';

/** Lowest first. What stands in one row does not import its neighbours of that row. */
export const rows: readonly (readonly string[])[] = [
  ['base'],
  ['ports'],
  ['address'],
  ['wire'],
  ['link'],
  ['routing'],
  ['rpc'],
  ['membership'],
  ['records', 'con'],
  ['blocks', 'pubsub'],
  ['compute', 'storage', 'credit', 'reputation'],
  ['platform.ts'],
  ['sea-api.ts'],
  ['node-identity.ts'],
  ['services.ts'],
  ['sea.ts'],
  ['default-sea.ts'],
  ['exports.ts'],
];

const core = rows.flat();
const adapterNeeds = ['base', 'ports', 'address', 'kernels'];

/** Outside the rows: what each may import beside its own folder. */
const outside: Readonly<Record<string, readonly string[]>> = {
  kernels: ['base', 'ports'],
  'adapters/memory': adapterNeeds,
  'adapters/webrtc': adapterNeeds,
  'adapters/evm': adapterNeeds,
  'adapters/worker': adapterNeeds,
  'adapters/browser': [...adapterNeeds, 'adapters/memory', 'adapters/webrtc', 'adapters/worker'],
  'adapters/node': [...adapterNeeds, 'adapters/memory', 'adapters/webrtc', 'adapters/worker', 'adapters/browser'],
  sim: [...core, 'adapters/memory', 'adapters/evm'],
  'later-parts.ts': ['blocks', 'compute', 'storage', 'credit', 'sea.ts', 'adapters/browser', 'adapters/evm'],
  'index.ts': [
    ...core,
    'later-parts.ts',
    'adapters/memory',
    'adapters/webrtc',
    'adapters/worker',
    'adapters/browser',
    'adapters/evm',
  ],
  'node.ts': [...core, 'adapters/memory', 'adapters/webrtc', 'adapters/worker', 'adapters/node', 'adapters/evm'],
  cli: [...core, 'node.ts', 'adapters/node', 'adapters/worker', 'adapters/evm'],
  'cli.ts': ['base', 'cli', 'node.ts'],
};

/** The part a path under `src/` belongs to: a folder, an adapter, or a file of its own; undefined outside `src/`. */
export function partOf(path: string): string | undefined {
  const [top, first, second] = path.split('/');
  if (top !== 'src' || first === undefined) return undefined;
  return first === 'adapters' ? `adapters/${second}` : first;
}

/** True when the part `from` may import the part `to`. A part that is on neither list may import nothing. */
export function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  const row = rows.findIndex(parts => parts.includes(from));
  if (row === -1) return outside[from]?.includes(to) ?? false;
  return rows.slice(0, row).some(parts => parts.includes(to));
}

/** Imports that point the wrong way. Tests import what they please. */
export function checkLayers(sources: readonly Source[]): Finding[] {
  return sources.filter(({ path }) => partOf(path) !== undefined && !isTest(path)).flatMap(checkSource);
}

function checkSource({ path, imports }: Source): Finding[] {
  const from = partOf(path) as string;
  return imports.flatMap(({ path: target, line }) => {
    if (target === undefined) return [];
    const to = partOf(target);
    if (to === undefined)
      return [{ file: path, line, words: `imports ${target}: src/ imports nothing outside itself` }];
    if (!mayImport(from, to)) {
      return [
        {
          file: path,
          line,
          words: `${from} may not import ${to}: declare the need in ${from} and join the two in sea.ts`,
        },
      ];
    }
    if (isTest(target)) return [{ file: path, line, words: `imports ${target}, which is there for tests alone` }];
    return [];
  });
}
