/** Lets inputs in: one pull at a time, only while there is room for what comes of it. */

import { SeaError } from '../base/errors.ts';
import { InputSource, type Inputs, type Pulled } from './input-source.ts';
import { HELD_BYTES_MAX, UNDELIVERED_MIN, UNDELIVERED_PER_WINDOW } from './limits.ts';

export interface IntakeHandler {
  /** An input came. `later`: not within pull(). */
  onInput(index: number, input: Uint8Array, later: boolean): void;
  /** There are no more. */
  onOver(): void;
  /** The source threw, or an input is unfit. Nothing more is pulled. */
  onError(error: unknown): void;
}

export class Intake {
  readonly #source: InputSource;
  readonly #inputBytesMax: number;
  readonly #handler: IntakeHandler;
  #pulling = false;
  #closed = false;
  #delivered = 0;
  #heldBytes = 0;

  constructor(inputs: Inputs, inputBytesMax: number, handler: IntakeHandler) {
    this.#source = new InputSource(inputs);
    this.#inputBytesMax = inputBytesMax;
    this.#handler = handler;
  }

  /** Inputs pulled so far. */
  get count(): number {
    return this.#source.count;
  }

  /** True once the source has ended. */
  get over(): boolean {
    return this.#source.over;
  }

  /** Whether there is room for one more. `windows`: parts that all providers may have at a time. */
  mayPull(windows: number): boolean {
    if (this.#closed || this.#source.over) return false;
    const undelivered = this.#source.count - this.#delivered;
    const bound = Math.max(UNDELIVERED_MIN, UNDELIVERED_PER_WINDOW * windows);
    return undelivered === 0 || (undelivered < bound && this.#heldBytes < HELD_BYTES_MAX);
  }

  /** Pulls one input if there is room. True when it came at once. */
  pull(windows: number): boolean {
    if (this.#pulling || !this.mayPull(windows)) return false;
    try {
      const pulled = this.#source.pull();
      if (!(pulled instanceof Promise)) return this.#take(pulled, false);
      this.#pulling = true;
      void pulled.then(
        input => {
          this.#pulling = false;
          this.#take(input, true);
        },
        (error: unknown) => this.#refuse(error),
      );
    } catch (error) {
      this.#refuse(error);
    }
    return false;
  }

  /** A part was accepted: its output is held in place of its input. */
  accepted(input: Uint8Array, output: Uint8Array): void {
    this.#heldBytes += output.length - input.length;
  }

  /** A result was taken by the consumer. */
  delivered(output: Uint8Array): void {
    this.#delivered++;
    this.#heldBytes -= output.length;
  }

  /** Lets the source end early. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#source.close();
  }

  #take(input: Pulled, later: boolean): boolean {
    if (this.#closed) return false;
    if (input === undefined) {
      this.#handler.onOver();
      return false;
    }
    const index = this.#source.count - 1;
    if (input.length > this.#inputBytesMax) {
      this.#refuse(
        new SeaError(
          'INPUT_TOO_LARGE',
          `input ${index} has ${input.length} bytes, the task takes ${this.#inputBytesMax}`,
        ),
      );
      return false;
    }
    this.#heldBytes += input.length;
    this.#handler.onInput(index, input, later);
    return true;
  }

  #refuse(error: unknown): void {
    if (!this.#closed) this.#handler.onError(error);
  }
}
