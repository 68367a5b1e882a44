import { expect, test } from 'vitest';
import { checkFunction, checkGiven, checkObject, checkOptions, checkText } from './given.ts';

test('what is right passes', () => {
  checkGiven(true, 'anything', 1);
  checkText('a scope', '');
  checkFunction('a listener', () => {});
  checkObject('{ slots }', {});
  for (const options of [{}, { k: 1 }, { n: undefined, k: 2 }, Object.create({ other: 1 })])
    checkOptions('put', options, 'k, n');
});

const told = (check: () => void): string => {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
};

test('what is wrong is BAD_ARGUMENT, with what is taken and what was given', () => {
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

test('a name that no option has is BAD_ARGUMENT, with the one that is most like it', () => {
  const names = 'redundancy, ordered, timeoutMs, priceMax, budget, onProgress';
  const toldOf = (given: unknown): string => told(() => checkOptions('map', given, names));
  const takes = `BAD_ARGUMENT: map takes { ${names} }, not`;
  expect(toldOf(5)).toBe(`${takes} 5`);
  expect(toldOf({ redundancy: 2, redundency: 2 })).toBe(`${takes} "redundency": perhaps redundancy`);
  expect(toldOf({ maxPrice: 1n })).toBe(`${takes} "maxPrice": perhaps priceMax`);
  expect(toldOf({ timeoutms: 1 })).toBe(`${takes} "timeoutms": perhaps timeoutMs`);
  expect(toldOf({ timeout: 1 })).toBe(`${takes} "timeout": perhaps timeoutMs`);
  expect(toldOf({ onprogres: 1 })).toBe(`${takes} "onprogres": perhaps onProgress`);
  expect(toldOf({ colour: 1 })).toBe(`${takes} "colour"`);
  expect(toldOf({ ['x'.repeat(99)]: undefined })).toBe(`${takes} "${'x'.repeat(40)}"`);
  expect(toldOf({ toString: 1 })).toBe(`${takes} "toString"`);
});
