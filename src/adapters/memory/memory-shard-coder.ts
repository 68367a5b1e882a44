/** The shard coder on the caller's own thread, its promises settled when they are returned: for tests and the simulator. */

import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8Encode } from '../../base/bytes.ts';
import { type Sealing, SegmentCoder } from '../../kernels/segment-coder.ts';
import type { ShardCoder } from '../../ports/shard-coder.ts';
import { gcmOpen, gcmSeal } from './aes-gcm.ts';

const INFO = utf8Encode('peersea/segment');
const NONCE = new Uint8Array(12);

const sealing: Sealing = {
  sha256: async bytes => sha256(bytes),
  deriveKey: async (secret, salt) => hkdf(sha256, secret, salt, INFO, 32),
  encrypt: async (key, plain) => gcmSeal(key, NONCE, plain),
  decrypt: async (key, sealed) => gcmOpen(key, NONCE, sealed),
};

export class MemoryShardCoder extends SegmentCoder implements ShardCoder {
  constructor() {
    super(sealing);
  }

  close(): void {} // nothing works beside it
}
