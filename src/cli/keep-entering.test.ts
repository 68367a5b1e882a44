/** A way in goes on trying, for as long as it takes and no longer. */

import { expect, test } from 'vitest';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { keepEntering, tryToEnter } from './keep-entering.ts';

function scene(...answers: (ErrorCode | 'in')[]) {
  const stop = new AbortController();
  const logged: string[] = [];
  const asked: unknown[] = [];
  const sea = {
    async goOnline(...[urls, options]: [unknown?, { timeoutMs?: number | undefined }?]): Promise<void> {
      asked.push([urls, options?.timeoutMs]);
      const answer = answers.shift() ?? 'in';
      if (answers.length === 0) stop.abort(answer === 'ABORTED' ? undefined : 'over');
      if (answer !== 'in') throw new SeaError(answer, 'so it went');
    },
  };
  const log = { write: (level: string, message: string): void => void logged.push(`${level}: ${message}`) };
  return { sea, asked, logged, stop, entering: { signal: new AbortController().signal, timeoutMs: 7, log } };
}

test('attempt after attempt, each told, until it is in', async () => {
  const { sea, asked, logged, entering } = scene('NO_BOOTSTRAP', 'NO_BOOTSTRAP', 'in');
  await keepEntering(sea, entering);
  expect(asked).toEqual([1, 2, 3].map(() => [undefined, 7]));
  const warning = 'warn: not in the sea yet; trying on';
  expect(logged).toEqual([warning, warning, 'info: in the sea now']);
});

test('what trying again will not mend ends it', async () => {
  const { sea, asked, logged, entering } = scene('NO_BOOTSTRAP', 'BAD_ARGUMENT', 'in');
  await expect(keepEntering(sea, entering)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  expect([asked.length, logged.length]).toEqual([2, 1]);
});

test('so does the signal, without a word', async () => {
  const { sea, asked, logged, stop, entering } = scene('ABORTED');
  await keepEntering(sea, { ...entering, signal: stop.signal });
  expect([asked.length, logged]).toEqual([1, []]);
});

test('one attempt tells whether it is in', async () => {
  const { sea, entering } = scene('NO_BOOTSTRAP', 'in');
  expect([await tryToEnter(sea, entering), await tryToEnter(sea, entering)]).toEqual([false, true]);
});
