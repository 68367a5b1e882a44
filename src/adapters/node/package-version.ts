/** Which version of the package this is, as its own `package.json` says. */

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Such as `0.1.0`; undefined where this file was built into another program and has no package around it. */
export function packageVersion(): string | undefined {
  try {
    const here = dirname(fileURLToPath(import.meta.url)); // src/adapters/node, or the same in dist
    const { name, version } = JSON.parse(readFileSync(join(here, '../../..', 'package.json'), 'utf8'));
    return name === 'peersea' && typeof version === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
