/**
 * The best npm package for Reed-Solomon coding that was found (MIT, a Rust crate as WebAssembly), as a function that codes
 * contiguous shards.
 */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const PACKAGE = '@subspace/reed-solomon-erasure.wasm';

interface Coder {
  /** Data shards, then room for parity, one after another; 0 when it went well. */
  encode(shards: Uint8Array, dataShards: number, parityShards: number): number;
}

interface Module {
  readonly ReedSolomonErasure: { fromBytes(bytes: Uint8Array): Coder };
}

export function erasurePeer(): Coder {
  const require = createRequire(import.meta.url);
  const { ReedSolomonErasure } = require(PACKAGE) as Module;
  return ReedSolomonErasure.fromBytes(readFileSync(require.resolve(`${PACKAGE}/dist/reed_solomon_erasure_bg.wasm`)));
}
