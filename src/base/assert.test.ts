import { expect, test } from 'vitest';
import { AssertionError, assert, unreachable } from './assert.ts';

test('assert is silent on truth and names the claim that broke', () => {
  expect(() => assert(true, 'one is one')).not.toThrow();
  expect(() => assert(1 > 2, 'one is more than two')).toThrow(AssertionError);
  expect(() => assert(false, 'the map is full')).toThrow('broken assumption: the map is full');
});

test('unreachable names the value that should not be', () => {
  expect(() => unreachable('seven' as never)).toThrow('unreachable value: seven');
});
