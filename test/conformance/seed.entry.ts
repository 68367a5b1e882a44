/** A page that has the library under the name that the first Sea design gave it (`sea = require('peersea')`), and nothing else. */

import sea, { HashAddress } from '../../src/index.ts';

Object.assign(globalThis, { HashAddress, sea });
