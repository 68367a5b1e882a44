/** Chance from the operating system, by OpenSSL's generator. */

import { randomFillSync } from 'node:crypto';
import type { Random } from '../../base/random.ts';

export class NodeRandom implements Random {
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return randomFillSync(new Uint8Array(length));
  }
}
