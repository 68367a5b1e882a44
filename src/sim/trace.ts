/** The hash of everything that was delivered, when, from whom, to whom: equal runs have equal traces. */

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../base/bytes.ts';

export class Trace {
  readonly #hash = sha256.create();
  frames = 0;
  bytes = 0;

  /** One frame reached its end. */
  delivered(atMs: number, from: number, to: number, frame: Uint8Array): void {
    const head = new DataView(new ArrayBuffer(16));
    head.setFloat64(0, atMs);
    head.setUint32(8, from);
    head.setUint32(12, to);
    this.#hash.update(new Uint8Array(head.buffer)).update(frame);
    this.frames++;
    this.bytes += frame.length;
  }

  /** 64 hex digits; the trace can go on. */
  digest(): string {
    return toHex(this.#hash.clone().digest());
  }
}
