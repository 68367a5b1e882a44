/** Each way to tell the time, draw chance or lose the last bit; and what looks alike but is not. */

import { expect, test } from 'vitest';
import { checkBannedGlobals, isDeterministic } from './banned-globals.ts';
import { parseSource } from './source.ts';

function banned(text: string, path = 'src/link/a.ts'): string[] {
  return checkBannedGlobals([parseSource(path, text)]).map(({ words }) => words.slice(0, words.indexOf(':')));
}

test.each([
  ['const now = Date.now();', 'Date'],
  ['const now = new Date();', 'Date'],
  ['const start = performance.now();', 'performance'],
  ['setTimeout(() => {}, 5);', 'setTimeout'],
  ['const later = setTimeout;', 'setTimeout'],
  ['const timers = { setInterval };', 'setInterval'],
  ['globalThis.setTimeout(f, 5);', 'setTimeout'],
  ['const r = Math.random();', 'Math.random'],
  ["const r = Math['random']();", 'Math.random'],
  ['const { random } = Math;', 'Math'],
  ['const r = Math[name];', 'Math'],
  ['const x = Math.log2(n);', 'Math.log2'],
  ['const x = Math.atan2(y, x);', 'Math.atan2'],
  ['crypto.getRandomValues(bytes);', 'crypto.getRandomValues'],
  ['call({ signal: AbortSignal.timeout(5) });', 'AbortSignal.timeout'],
  ['const x = n ** 0.5;', '**'],
  ['const x = n ** k;', '**'],
  ['let x = 3; x **= k;', '**'],
])('%s is found', (text, name) => {
  expect(banned(text)).toEqual([name]);
});

test.each([
  ['clock.setTimeout(f, 5);'],
  ['const ports = { setTimeout: f };'],
  ['class Clock { setTimeout() {} performance = 1 }'],
  ['interface Clock { setTimeout(): void }'],
  ['function f(since: Date): void {}'],
  ['const x = Math.floor(Math.sqrt(n)) + Math.imul(a, b);'],
  ['const x = 2 ** n + 2 ** -97 + n ** 2 + n ** -1;'],
  ["const text = 'Date.now()'; // Math.random()"],
])('%s is not', text => {
  expect(banned(text)).toEqual([]);
});

test('each finding says what to use instead, and where', () => {
  const [finding] = checkBannedGlobals([parseSource('src/sim/a.ts', '\nconst r = Math.random();')]);
  expect(finding).toEqual({ file: 'src/sim/a.ts', line: 2, words: 'Math.random: take a Random (base/random.ts)' });
});

test('the core, the memory adapter and the simulator are held to it; platforms, entries and tests are not', () => {
  const held = ['src/base/a.ts', 'src/sea.ts', 'src/adapters/memory/a.ts', 'src/sim/a.ts', 'src/compute/a.ts'];
  const free = [
    'src/adapters/node/a.ts',
    'src/index.ts',
    'src/cli/a.ts',
    'src/sim/main.ts',
    'src/base/a.test.ts',
    'demo/a.ts',
  ];
  expect(held.every(isDeterministic)).toBe(true);
  expect(free.some(isDeterministic)).toBe(false);
  expect(banned('Date.now()', 'src/adapters/node/a.ts')).toEqual([]);
});
