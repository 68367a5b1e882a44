/** Safety in words: what can be chosen with few and with many devices. */

import { expect, it } from 'vitest';
import { safetiesFor, safetyFor, safetyWords } from './files-safety.ts';

const codes = (devices: number): string[] => safetiesFor(devices).map(({ name, k, n }) => `${name} ${k}/${n}`);

it('offers three ways to cut where there are devices for them', () => {
  expect(codes(10)).toEqual(['Lean 7/10', 'Balanced 4/10', 'Strong 2/10']);
  expect(codes(25)).toEqual(codes(10));
  expect(codes(6)).toEqual(['Lean 4/6', 'Balanced 2/6', 'Strong 1/6']);
});

it('offers what differs where there are few', () => {
  expect(codes(0)).toEqual([]);
  expect(codes(1)).toEqual(['Balanced 1/1']);
  expect(codes(2)).toEqual(['Balanced 1/2']);
  expect(codes(3)).toEqual(['Lean 2/3', 'Balanced 1/3']);
  expect(codes(5)).toEqual(['Lean 3/5', 'Balanced 2/5', 'Strong 1/5']);
});

it('takes what stands for the wanted one', () => {
  expect(safetyFor('Strong', 3)).toEqual({ name: 'Balanced', k: 1, n: 3 });
  expect(safetyFor('Lean', 10)).toEqual({ name: 'Lean', k: 7, n: 10 });
  expect(safetyFor('Lean', 0)).toBeUndefined();
});

it('says what may be lost and what it takes', () => {
  expect(safetyWords({ k: 4, n: 10 })).toBe('Survives the loss of any 6 of 10 devices. Takes 2.5 times its size.');
  expect(safetyWords({ k: 7, n: 10 })).toBe('Survives the loss of any 3 of 10 devices. Takes 1.4 times its size.');
  expect(safetyWords({ k: 1, n: 2 })).toBe('Survives the loss of any 1 of 2 devices. Takes 2 times its size.');
  expect(safetyWords({ k: 2, n: 2 })).toBe(
    'All 2 devices are needed to read it: none may be lost. Takes no more than its size.',
  );
  expect(safetyWords({ k: 1, n: 1 })).toBe(
    'One device holds it all: when that goes, the file goes. Takes no more than its size.',
  );
});
