import { describe, expect, test } from 'vitest';
import { recursiveModule, strayDataModule, trappingModules } from '../../ports/acceptance/tiny-modules.ts';
import { taskErrorKind } from './trap-kind.ts';

const traps: readonly (readonly [engine: string, text: string, kind: string])[] = [
  ['V8', 'unreachable', 'unreachable'],
  ['V8', 'divide by zero', 'divide-by-zero'],
  ['V8', 'remainder by zero', 'divide-by-zero'],
  ['V8', 'divide result unrepresentable', 'number-out-of-range'],
  ['V8', 'float unrepresentable in integer range', 'number-out-of-range'],
  ['V8', 'memory access out of bounds', 'out-of-bounds'],
  ['V8', 'table index is out of bounds', 'out-of-bounds'],
  [
    'V8',
    'WebAssembly.Instance(): data segment 0 is out of bounds (offset 65536, length 1, memory size 65536)',
    'out-of-bounds',
  ],
  ['V8', 'null function or function signature mismatch', 'indirect-call'],
  ['V8', 'null function', 'indirect-call'],
  ['V8', 'function signature mismatch', 'indirect-call'],
  ['V8', 'dereferencing a null pointer', 'bad-reference'],
  ['V8', 'illegal cast', 'bad-reference'],
  ['SpiderMonkey', 'unreachable executed', 'unreachable'],
  ['SpiderMonkey', 'integer divide by zero', 'divide-by-zero'],
  ['SpiderMonkey', 'integer overflow', 'number-out-of-range'],
  ['SpiderMonkey', 'invalid conversion to integer', 'number-out-of-range'],
  ['SpiderMonkey', 'index out of bounds', 'out-of-bounds'],
  ['SpiderMonkey', 'table index out of bounds', 'out-of-bounds'],
  ['SpiderMonkey', 'indirect call to null', 'indirect-call'],
  ['SpiderMonkey', 'indirect call signature mismatch', 'indirect-call'],
  ['JavaScriptCore', "Unreachable code should not be executed (evaluating 'run(ptr, len)')", 'unreachable'],
  ['JavaScriptCore', 'Division by zero', 'divide-by-zero'],
  ['JavaScriptCore', 'Integer overflow', 'number-out-of-range'],
  ['JavaScriptCore', 'Out of bounds Trunc operation', 'number-out-of-range'],
  ['JavaScriptCore', 'Out of bounds memory access', 'out-of-bounds'],
  ['JavaScriptCore', 'Out of bounds table access', 'out-of-bounds'],
  ['JavaScriptCore', 'Out of bounds call_indirect', 'out-of-bounds'],
  ['JavaScriptCore', 'call_indirect to a null table entry', 'indirect-call'],
  ['JavaScriptCore', 'call_indirect to a signature that does not match', 'indirect-call'],
  ['any', 'a text that no engine has yet', 'other'],
];

test.each(traps)('%s: "%s" is %s', (_engine, text, kind) => {
  expect(taskErrorKind(new WebAssembly.RuntimeError(text))).toEqual({ class: 'trap', kind });
});

const hostFailures: readonly (readonly [error: unknown, kind: string])[] = [
  [new RangeError('Maximum call stack size exceeded'), 'stack-overflow'],
  [Object.assign(new Error('too much recursion'), { name: 'InternalError' }), 'stack-overflow'],
  [
    new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance'),
    'out-of-memory',
  ],
  ['out of memory', 'out-of-memory'],
  [new RangeError('Array buffer allocation failed: could not allocate'), 'out-of-memory'],
  [new TypeError('out of bounds'), 'engine'],
  [undefined, 'engine'],
];

test.each(hostFailures)('%s is the host failing: %s', (error, kind) => {
  expect(taskErrorKind(error)).toEqual({ class: 'host', kind });
});

describe('on the engine at hand', () => {
  test.each(trappingModules())('$title traps as $kind', ({ module, kind }) => {
    expect(taskErrorKind(failureOf(module))).toEqual({ class: 'trap', kind });
  });

  test('a data segment outside the memory traps at instantiation', () => {
    expect(taskErrorKind(failureOf(strayDataModule()))).toEqual({ class: 'trap', kind: 'out-of-bounds' });
  });

  test('recursion without end is the host failing', () => {
    expect(taskErrorKind(failureOf(recursiveModule()))).toEqual({ class: 'host', kind: 'stack-overflow' });
  });
});

/** What running the module throws; undefined when it runs through. */
function failureOf(bytes: Uint8Array): unknown {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>));
    (exports.run as (at: number, length: number) => bigint)(0, 0);
    return undefined;
  } catch (error) {
    return error;
  }
}
