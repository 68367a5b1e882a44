import { expect, test } from 'vitest';
import { checkFunction, checkGiven, checkObject, checkText } from './given.ts';

test('what is right passes', () => {
  checkGiven(true, 'anything', 1);
  checkText('a scope', '');
  checkFunction('a listener', () => {});
  checkObject('{ slots }', {});
});

test('what is wrong is BAD_ARGUMENT, with what is taken and what was given', () => {
  const told = (check: () => void): string => {
    try {
      check();
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };
  expect(told(() => checkText('a scope', 5))).toBe('BAD_ARGUMENT: a scope is a text, not 5');
  expect(told(() => checkText('a scope', undefined))).toBe('BAD_ARGUMENT: a scope is a text, not undefined');
  expect(told(() => checkFunction('a listener', 'x'.repeat(99)))).toBe(
    `BAD_ARGUMENT: a listener is a function, not "${'x'.repeat(40)}"`,
  );
  expect(told(() => checkObject('{ slots }', null))).toBe('BAD_ARGUMENT: it takes { slots }, not null');
  expect(told(() => checkObject('{ slots }', () => 1))).toBe('BAD_ARGUMENT: it takes { slots }, not a function');
  expect(told(() => checkText('a scope', new Map()))).toBe('BAD_ARGUMENT: a scope is a text, not an object (Map)');
  const bare: unknown = Object.create(null);
  expect(told(() => checkText('a scope', bare))).toContain('an object (without a prototype)');
  expect(told(() => checkText('a scope', 5n))).toContain('not 5');
  expect(told(() => checkText('a scope', Symbol('x')))).toContain('not Symbol(x)');
});
