import { expect, test } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { holderFailure } from './holder-failure.ts';

test('says what a code of a holder means, and keeps who said it', () => {
  const told = new SeaError('NO_RIGHT', 'raw', { peer: 'ab' });
  expect(holderFailure(told)).toMatchObject({
    message: 'NO_RIGHT: the holder knows no lease that this link gives a right to',
    peer: 'ab',
    cause: told,
  });
});

test('leaves what says enough, and what nobody said', () => {
  const gone = new SeaError('PEER_GONE', 'raw', { peer: 'ab' });
  for (const error of [gone, new SeaError('NO_RIGHT', 'a delete link'), new Error('raw'), undefined])
    expect(holderFailure(error)).toBe(error);
});
