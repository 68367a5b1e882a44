/** The inputs of a map, one a line. Pulled line by line: a long pipe is never held as a whole. */

import { createInterface } from 'node:readline';
import { readInput } from './ndjson.ts';

export class InputLines {
  readonly #source: NodeJS.ReadableStream;
  #trouble: unknown;

  constructor(source: NodeJS.ReadableStream) {
    this.#source = source;
  }

  /** Up to the end, or to the first line that is no input: those before it are not to be lost by it. */
  async *inputs(): AsyncGenerator<Uint8Array> {
    let number = 0;
    try {
      for await (const line of createInterface({ input: this.#source, crlfDelay: Number.POSITIVE_INFINITY })) {
        number++;
        if (line.trim() !== '') yield readInput(line, number);
      }
    } catch (error) {
      this.#trouble = error;
    }
  }

  /** Throws what ended the inputs before their end: BAD_ARGUMENT naming the line, or why the source could not be read. */
  check(): void {
    if (this.#trouble !== undefined) throw this.#trouble;
  }
}
