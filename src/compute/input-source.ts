/** The inputs of a map as they are pulled, one at a time, from an iterable of either kind. */

import { asSeaError, SeaError } from '../base/errors.ts';
import { checkGiven } from '../base/given.ts';

export type Inputs = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Throws BAD_ARGUMENT for what yields no inputs: one Uint8Array is an input, not a list of them. */
export function checkInputs(inputs: Inputs): void {
  const isObject = typeof inputs === 'object' && inputs !== null && !(inputs instanceof Uint8Array);
  const yields = isObject && (Symbol.asyncIterator in inputs || Symbol.iterator in inputs);
  checkGiven(yields, 'inputs are a list or another iterable of Uint8Arrays', inputs);
}

/** The next input; undefined when there are no more. */
export type Pulled = Uint8Array | undefined;

export class InputSource {
  readonly #inputs: Inputs;
  #iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array> | undefined;
  #count = 0;
  #over = false;

  constructor(inputs: Inputs) {
    this.#inputs = inputs;
  }

  /** Inputs pulled so far. */
  get count(): number {
    return this.#count;
  }

  /** True once there are no more. */
  get over(): boolean {
    return this.#over;
  }

  /** Pulls one: at once from an iterable, later from an async one. Throws (or rejects with) what the source throws. */
  pull(): Pulled | Promise<Pulled> {
    if (Symbol.asyncIterator in this.#inputs) return this.#pullLater(this.#inputs);
    let step: IteratorResult<Uint8Array>;
    try {
      this.#iterator ??= this.#inputs[Symbol.iterator]();
      step = this.#iterator.next() as IteratorResult<Uint8Array>;
    } catch (error) {
      this.#end(error);
    }
    return this.#take(step);
  }

  /** Lets the source end early (its `finally` runs). Idempotent; what it throws then is nobody's concern any more. */
  close(): void {
    if (this.#over) return;
    this.#over = true;
    try {
      const ended: unknown = this.#iterator?.return?.();
      if (ended instanceof Promise) ended.catch(() => {}); // the consumer has left
    } catch {
      // the consumer has left
    }
  }

  async #pullLater(inputs: AsyncIterable<Uint8Array>): Promise<Pulled> {
    let step: IteratorResult<Uint8Array>;
    try {
      this.#iterator ??= inputs[Symbol.asyncIterator]();
      step = await this.#iterator.next();
    } catch (error) {
      this.#end(error);
    }
    return this.#take(step);
  }

  #take(step: IteratorResult<Uint8Array>): Pulled {
    if (step.done) {
      this.#over = true;
      return undefined;
    }
    const input: unknown = step.value;
    if (!(input instanceof Uint8Array)) throw new SeaError('BAD_ARGUMENT', `input ${this.#count} is not a Uint8Array`);
    this.#count++;
    return input;
  }

  #end(error: unknown): never {
    this.#over = true;
    throw error instanceof Error ? error : asSeaError(error, 'BAD_ARGUMENT');
  }
}
