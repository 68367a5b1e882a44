/** The hash of everything that was delivered, when, from whom, to whom: equal runs have equal traces. */

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../base/bytes.ts';
import { kinds } from '../wire/messages.ts';

/** Where the kind stands in a frame: behind the length of the header and the head of its array. */
const KIND_AT = 5;

export class Trace {
  readonly #hash = sha256.create();
  readonly #head = new Uint8Array(16);
  readonly #fields = new DataView(this.#head.buffer);
  frames = 0;
  bytes = 0;
  /** Delivered `route` messages: the hops that calls took, tries at dead ends included. */
  hops = 0;

  /** One frame reached its end. */
  delivered(atMs: number, from: number, to: number, frame: Uint8Array): void {
    this.#fields.setFloat64(0, atMs);
    this.#fields.setUint32(8, from);
    this.#fields.setUint32(12, to);
    this.#hash.update(this.#head).update(frame);
    this.frames++;
    this.bytes += frame.length;
    if (frame[KIND_AT] === kinds.route) this.hops++;
  }

  /** 64 hex digits; the trace can go on. */
  digest(): string {
    return toHex(this.#hash.clone().digest());
  }
}
