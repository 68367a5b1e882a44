/**
 * What an error that left a WebAssembly call says: a trap, which every engine reaches at the same instruction, or a
 * failure of this host, which says nothing about the task. Engines tell traps apart in their texts only, so the kinds
 * here are as fine as the coarsest of three engines: SpiderMonkey uses one text for memory and table bounds, V8 one for
 * NaN and too large conversions. Texts: V8 `messages` (Chromium 156, Node 20), SpiderMonkey `js.msg` (Firefox 153), both
 * measured; JavaScriptCore `WasmExceptionType.h`, read.
 */

/** Kinds of traps; stable names that travel and are compared. */
export type TrapKind =
  /** The `unreachable` instruction. */
  | 'unreachable'
  /** Memory, table, data or element segment. */
  | 'out-of-bounds'
  /** Integer division or remainder by zero. */
  | 'divide-by-zero'
  /** A quotient or converted float that no integer of the type represents. */
  | 'number-out-of-range'
  /** Through a table to nothing or to another type. */
  | 'indirect-call'
  /** A null reference was used or a cast failed. */
  | 'bad-reference'
  /** An exception of the task's own reached the host. */
  | 'uncaught-exception'
  /** A trap whose text this version does not know. */
  | 'other';

/** Why the host gave up. */
export type HostFailureKind = 'stack-overflow' | 'out-of-memory' | 'engine';

export type TaskErrorKind =
  | { readonly class: 'trap'; readonly kind: TrapKind }
  | { readonly class: 'host'; readonly kind: HostFailureKind };

/** The first match decides: "Out of bounds Trunc operation" stands before "out of bounds". Lower case. */
const trapTexts: readonly (readonly [text: string, kind: TrapKind])[] = [
  ['unreachable', 'unreachable'],
  ['divide by zero', 'divide-by-zero'],
  ['remainder by zero', 'divide-by-zero'],
  ['division by zero', 'divide-by-zero'],
  ['divide result unrepresentable', 'number-out-of-range'],
  ['float unrepresentable', 'number-out-of-range'],
  ['integer overflow', 'number-out-of-range'],
  ['invalid conversion to integer', 'number-out-of-range'],
  ['out of bounds trunc', 'number-out-of-range'],
  ['null function', 'indirect-call'],
  ['function signature mismatch', 'indirect-call'],
  ['indirect call', 'indirect-call'],
  ['call_indirect to a', 'indirect-call'],
  ['null pointer', 'bad-reference'],
  ['null reference', 'bad-reference'],
  ['cast', 'bad-reference'],
  ['out of bounds', 'out-of-bounds'],
  ['invalid data segment', 'out-of-bounds'],
  ['invalid element segment', 'out-of-bounds'],
];

/** Classifies anything caught around instantiation, `alloc` and `run`. */
export function taskErrorKind(error: unknown): TaskErrorKind {
  if (isUncaughtException(error)) return { class: 'trap', kind: 'uncaught-exception' };
  const { name, message } = describeError(error);
  const text = message.toLowerCase();
  if (isStackOverflow(name, text)) return { class: 'host', kind: 'stack-overflow' };
  if (/out of memory|could not allocate|cannot allocate/.test(text)) return { class: 'host', kind: 'out-of-memory' };
  if (name !== 'RuntimeError') return { class: 'host', kind: 'engine' };
  const found = trapTexts.find(([part]) => text.includes(part));
  return { class: 'trap', kind: found === undefined ? 'other' : found[1] };
}

/** Name and text of anything thrown; SpiderMonkey throws the bare string "out of memory". */
export function describeError(error: unknown): { readonly name: string; readonly message: string } {
  return error instanceof Error ? { name: error.name, message: error.message } : { name: '', message: String(error) };
}

/** RangeError in V8 and JavaScriptCore, InternalError in SpiderMonkey. */
function isStackOverflow(name: string, text: string): boolean {
  return name !== 'RuntimeError' && /maximum call stack|too much recursion|stack overflow/.test(text);
}

/** `WebAssembly.Exception` is no Error, and older engines do not know it. */
function isUncaughtException(error: unknown): boolean {
  const { Exception } = WebAssembly as { readonly Exception?: unknown };
  return typeof Exception === 'function' && error instanceof Exception;
}
