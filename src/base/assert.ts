/** Programmer errors: a failed assertion is a bug in this code base, never the fault of a peer or a user. */

export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** Throws AssertionError when `condition` is false. A stranger's bytes must never reach this. */
export function assert(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new AssertionError(`broken assumption: ${claim}`);
}

/** For the default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${String(value)}`);
}
