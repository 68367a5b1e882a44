import { describe, expect, it } from 'vitest';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { judgeFailure } from './attempt-failure.ts';

function judge(code: ErrorCode, elapsedMs = 0): string {
  return judgeFailure(new SeaError(code, 'said a peer'), elapsedMs, 1_000);
}

describe('judgeFailure', () => {
  it.each([
    ['TASK_TRAPPED', 'result'],
    ['OUTPUT_TOO_LARGE', 'result'],
    ['NOT_WASM', 'refused'],
    ['UNSUPPORTED', 'refused'],
    ['NO_SLOT', 'busy'],
    ['BUNDLE_UNAVAILABLE', 'unprepared'],
    ['PEER_GONE', 'gone'],
    ['ABORTED', 'gone'],
    ['HOST_FAILURE', 'fault'],
    ['TIMEOUT', 'fault'],
    ['BAD_MESSAGE', 'fault'],
    ['HANDLER_FAILED', 'fault'],
    ['BUNDLE_MISMATCH', 'fault'],
  ] as const)('%s: %s', (code, failure) => {
    expect(judge(code)).toBe(failure);
  });

  it('believes a time-out that took its time', () => {
    expect([judge('TASK_TIMEOUT', 899), judge('TASK_TIMEOUT', 900)]).toEqual(['fault', 'timeout']);
  });
});
