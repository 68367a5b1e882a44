/** The collatz task in plain TypeScript: the same input bytes give the same output bytes, one step at a time. */

import { readNumber, writeNumber } from './meta.ts';

/** Steps of n -> n/2 (even) or 3n+1 (odd) until 1. start: at least 1. */
export function chainSteps(start: bigint): number {
  let steps = 0;
  for (let n = start; n !== 1n; steps++) n = n & 1n ? 3n * n + 1n : n >> 1n;
  return steps;
}

/** What `run` gives for a well-formed input (its form: meta.ts). */
export function referenceCollatz(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const data = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const count = data.getUint32(0, true);
  const start = readNumber(data, 4);
  let best = start;
  let longest = -1;
  let total = 0n;
  for (let i = 0n; i < count; i++) {
    const steps = chainSteps(start + i);
    total += BigInt(steps);
    if (steps > longest) {
      longest = steps;
      best = start + i;
    }
  }
  const output = new DataView(new ArrayBuffer(76));
  output.setUint32(0, longest, true);
  writeNumber(output, 4, best);
  output.setBigUint64(68, total, true);
  return new Uint8Array(output.buffer);
}
