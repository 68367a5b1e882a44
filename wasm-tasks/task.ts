/** What every task says about itself. Tasks are data: this folder imports nothing of `src`, and `src` nothing of it. */

export interface TaskMeta {
  /** The folder's name; also the bundle's name. */
  readonly name: string;
  /** For people, a few words. */
  readonly title: string;
  /** For people, one sentence. */
  readonly description: string;
  /** The maximum declared in the module's memory section, bytes. */
  readonly memoryBytesMax: number;
  /** Longest input the functions beside it make, bytes. */
  readonly inputBytesMax: number;
  /** Longest output of such an input, bytes. */
  readonly outputBytesMax: number;
}

/** An integer from `min` to `max`, both included. Throws RangeError in words a person can act on. */
export function checkInteger(value: number, min: number, max: number, what: string): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RangeError(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
}

/** Little-endian view of an output, after checking its length. Throws RangeError: a provider may send anything. */
export function viewOutput(output: Uint8Array, bytes: number): DataView {
  if (output.length !== bytes) throw new RangeError(`expected an output of ${bytes} bytes, got ${output.length}`);
  return new DataView(output.buffer, output.byteOffset, output.byteLength);
}
