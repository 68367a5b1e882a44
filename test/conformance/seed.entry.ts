/** A page that has the library under the name that the first Sea design gave it, and nothing else. */

import { createSea, HashAddress } from '../../src/index.ts';

Object.assign(globalThis, { HashAddress, createSea });
