/** Inputs and expected outputs of the `spin` task: work of a chosen length for benches and tests. */

/** `length` bytes (at least 4): the number of steps, then bytes that depend on `salt`. 10^6 steps take some 2 ms. */
export function spinInput(iterations: number, length: number, salt = 0): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(length);
  let state = (salt + 1) * 0x9e37_79b1;
  for (let i = 4; i < length; i++) {
    state = step(state | 1);
    input[i] = state;
  }
  new DataView(input.buffer).setUint32(0, iterations, true);
  return input;
}

/** What the task gives for an input of at least 4 bytes. */
export function spinReference(input: Uint8Array): Uint8Array<ArrayBuffer> {
  let hash = 0x811c_9dc5 | 0;
  for (const byte of input) hash = Math.imul(hash ^ byte, 0x0100_0193);
  let state = hash | 1;
  const iterations = new DataView(input.buffer, input.byteOffset).getUint32(0, true);
  for (let i = 0; i < iterations; i++) state = step(state);
  const output = new DataView(new ArrayBuffer(8));
  output.setInt32(0, hash, true);
  output.setInt32(4, state, true);
  return new Uint8Array(output.buffer);
}

/** One step of xorshift32 (Marsaglia 2003). */
function step(state: number): number {
  let next = state;
  next ^= next << 13;
  next ^= next >>> 17;
  return next ^ (next << 5);
}
