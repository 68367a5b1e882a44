/**
 * The best npm package for Reed-Solomon coding that was found (MIT, a Rust crate as WebAssembly), as a function that codes
 * contiguous shards. It is no dependency: `npm install --no-save @subspace/reed-solomon-erasure.wasm@0.2.5` makes it part
 * of the run.
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

/** Undefined where the package is not installed. */
export function erasurePeer(): Coder | undefined {
  const require = createRequire(import.meta.url);
  try {
    const { ReedSolomonErasure } = require(PACKAGE) as Module;
    return ReedSolomonErasure.fromBytes(readFileSync(require.resolve(`${PACKAGE}/dist/reed_solomon_erasure_bg.wasm`)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
