import { afterEach, expect, test, vi } from 'vitest';
import { logLevels } from '../../ports/log.ts';
import { usualLog } from './usual-log.ts';

afterEach(() => void vi.restoreAllMocks());

test('what goes wrong is said on stderr, with the error as it is; the rest is not', () => {
  const said: unknown[][] = [];
  for (const level of logLevels)
    vi.spyOn(console, level).mockImplementation((...words: unknown[]) => void said.push([level, ...words]));
  const error = new TypeError('x is undefined');
  for (const level of logLevels) usualLog.write(level, 'a handler threw', { scope: 'great', error });
  expect(said).toEqual([
    ['warn', 'peersea: a handler threw', { scope: 'great', error }],
    ['error', 'peersea: a handler threw', { scope: 'great', error }],
  ]);
});
