import { expect, test } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { remoteFailure } from './remote-failure.ts';

const bounds = { timeoutMs: 1_500, outputBytesMax: 7, memoryBytesMax: 65_536 };

function textOf(code: SeaError['code']): string {
  return (remoteFailure(new SeaError(code, 'raw', { peer: 'ab' }), bounds) as SeaError).message;
}

test('says what a code means for the part', () => {
  expect(textOf('TASK_TRAPPED')).toBe('TASK_TRAPPED: the task trapped');
  expect(textOf('TASK_TIMEOUT')).toBe('TASK_TIMEOUT: the part ran longer than 1500 ms');
  expect(textOf('OUTPUT_TOO_LARGE')).toBe('OUTPUT_TOO_LARGE: the task gave more than 7 bytes');
  expect(textOf('MEMORY_LIMIT')).toContain('65536 bytes');
  for (const code of ['NOT_WASM', 'NO_ABI', 'UNSUPPORTED', 'HOST_FAILURE', 'NO_SLOT', 'CREDIT_LINE'] as const)
    expect(textOf(code), code).not.toContain('raw');
});

test('keeps who said it; leaves what says enough, and what nobody said', () => {
  const told = new SeaError('TASK_TRAPPED', 'raw', { peer: 'ab' });
  expect(remoteFailure(told, bounds)).toMatchObject({ peer: 'ab', cause: told });
  const gone = new SeaError('PEER_GONE', 'raw', { peer: 'ab' });
  const own = new SeaError('TASK_TRAPPED', 'unreachable');
  for (const error of [gone, own, new Error('raw'), 5]) expect(remoteFailure(error, bounds)).toBe(error);
});
