#!/usr/bin/env node
/**
 * The Solidity compiler of the npm package, wrapped to look like the native one: as much of it as forge asks for
 * (--version, --standard-json). So nothing has to be downloaded.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import solc from 'solc';

const args = process.argv.slice(2);
if (args.includes('--version') || args.includes('-V')) {
  // forge takes the version apart and knows native platforms only.
  const version = solc.version().replace('.Emscripten', '.Linux.Emscripten');
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else {
  const roots = [
    ...args.flatMap((arg, i) => (/^--(base|include)-path$/.test(arg) ? [args[i + 1]] : [])),
    process.cwd(),
  ];
  const output = solc.compile(readFileSync(0, 'utf8'), {
    import: path => readFirst(roots.map(root => resolve(root, path))),
  });
  process.stdout.write(output);
}

function readFirst(paths) {
  for (const path of paths) {
    try {
      return { contents: readFileSync(path, 'utf8') };
    } catch {
      // Perhaps under the next root.
    }
  }
  return { error: `not found: ${paths.join(', ')}` };
}
