/**
 * Reads the fields of a decoded CBOR array one after another, each with its type and bound. Every complaint is
 * BAD_MESSAGE and names the field, so that a decoder written with it is total.
 */

import { ADDRESS_BYTES, HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';

export class Reader {
  readonly #fields: readonly Value[];
  readonly #what: string;
  #next = 0;

  constructor(value: Value | undefined, what: string) {
    if (!Array.isArray(value)) throw new SeaError('BAD_MESSAGE', `${what} is not an array`);
    this.#fields = value;
    this.#what = what;
  }

  /** A whole number from 0 to `max`. */
  uint(name: string, max: number = Number.MAX_SAFE_INTEGER): number {
    const field = this.#take();
    if (typeof field !== 'number' || !Number.isSafeInteger(field) || field < 0 || field > max) this.#refuse(name);
    return field;
  }

  flag(name: string): boolean {
    const field = this.#take();
    if (typeof field !== 'boolean') this.#refuse(name);
    return field;
  }

  /** Text of at most `lengthMax` UTF-16 units. */
  text(name: string, lengthMax: number): string {
    const field = this.#take();
    if (typeof field !== 'string' || field.length > lengthMax) this.#refuse(name);
    return field;
  }

  /** Bytes of exactly `length`. */
  bytes(name: string, length: number): Uint8Array {
    const field = this.#take();
    if (!(field instanceof Uint8Array) || field.length !== length) this.#refuse(name);
    return field;
  }

  /** At most `lengthMax` bytes. */
  bytesUpTo(name: string, lengthMax: number): Uint8Array {
    const field = this.#take();
    if (!(field instanceof Uint8Array) || field.length > lengthMax) this.#refuse(name);
    return field;
  }

  address(name: string): HashAddress {
    return HashAddress.from(this.bytes(name, ADDRESS_BYTES));
  }

  /** A list of at most `countMax` items, each read by `read` from its raw value. */
  list<T>(name: string, countMax: number, read: (item: Value) => T): T[] {
    const field = this.#take();
    if (!Array.isArray(field) || field.length > countMax) this.#refuse(name);
    return field.map(item => read(item));
  }

  /** `read` applied to the next field, or null where the field is null. */
  nullable<T>(read: (reader: this) => T): T | null {
    if (this.#fields[this.#next] === null) {
      this.#next++;
      return null;
    }
    return read(this);
  }

  /** Whatever stands next. */
  value(name: string): Value {
    const field = this.#take();
    if (field === undefined) this.#refuse(name);
    return field;
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#next !== this.#fields.length)
      throw new SeaError('BAD_MESSAGE', `${this.#what} has ${this.#fields.length} fields, not ${this.#next}`);
  }

  #take(): Value | undefined {
    return this.#fields[this.#next++];
  }

  #refuse(name: string): never {
    throw new SeaError('BAD_MESSAGE', `${this.#what}: field "${name}" is missing or unfit`);
  }
}
