/** A reader that has gone is told from a disk that is full. */

import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { NOT_READ, stopUnwritten } from './standard-output.ts';

function failing(code: string): AbortController {
  const output = new EventEmitter();
  const stop = new AbortController();
  stopUnwritten(output, stop);
  expect(stop.signal.aborted).toBe(false);
  for (const _ of [1, 2]) output.emit('error', Object.assign(new Error(`write ${code}`), { code })); // each write fails anew
  return stop;
}

test('nobody reads: a quiet end', () => {
  expect(failing('EPIPE').signal.reason).toBe(NOT_READ);
});

test('whatever else keeps output from being written is a failure', () => {
  const { reason } = failing('ENOSPC').signal;
  expect(reason).toMatchObject({
    code: 'NO_STORAGE',
    message: 'NO_STORAGE: standard output cannot be written: write ENOSPC',
  });
});
