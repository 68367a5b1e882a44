import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { calleeError } from './callee-error.ts';

const callee = HashAddress.from('1a2b3c4d'.repeat(8));

test('says what happened, of which scope, and where', () => {
  expect(calleeError('NO_HANDLER', '"great"', callee).message).toBe('NO_HANDLER: nobody handles "great" at 1a2b3c4d…');
  expect(calleeError('HANDLER_FAILED', '"great"', callee)).toMatchObject({
    code: 'HANDLER_FAILED',
    message: 'HANDLER_FAILED: the handler of "great" failed at 1a2b3c4d…',
    peer: callee.toString(),
  });
});

test('a code without words of its own, and a scope that looks like a pattern', () => {
  expect(calleeError('WRONG_CHAIN', `"$' $& %"`, callee).message).toBe(
    `WRONG_CHAIN: "$' $& %" was answered with this code at 1a2b3c4d…`,
  );
});
