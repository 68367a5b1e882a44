import { expect, test } from 'vitest';
import { asSeaError, type ErrorCode, errorCode, errorNumber, errorNumbers, isSeaError, SeaError } from './errors.ts';

/** The numbers on the wire that older versions know: a change here breaks them. */
const published: Readonly<Partial<Record<ErrorCode, number>>> = {
  BAD_MESSAGE: 1,
  TOO_LARGE: 2,
  WRONG_NETWORK: 3,
  BAD_VERSION: 4,
  BAD_SIGNATURE: 5,
  REPLAYED: 6,
  CLOCK_SKEW: 7,
  SELF_LINK: 8,
  DUPLICATE_LINK: 9,
  LINK_BUDGET: 10,
  LINK_CLOSED: 11,
  DIAL_FAILED: 12,
  OVERLOADED: 13,
  DECLINED: 14,
  NO_ROUTE: 20,
  PEER_GONE: 21,
  TIMEOUT: 22,
  ABORTED: 23,
  NO_HANDLER: 24,
  HANDLER_FAILED: 25,
  BAD_ARGUMENT: 26,
  NOT_ONLINE: 27,
  NO_BOOTSTRAP: 28,
  CLOSED: 29,
};

test('every code has a number of its own, and the published ones keep theirs', () => {
  const numbers = Object.values(errorNumbers);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(errorNumbers).toMatchObject(published);
});

test('codes and numbers translate both ways; an unknown number is undefined', () => {
  for (const code of Object.keys(errorNumbers) as ErrorCode[]) expect(errorCode(errorNumber(code))).toBe(code);
  expect([errorCode(0), errorCode(19), errorCode(65_535)]).toEqual([undefined, undefined, undefined]);
});

test('an error carries code, text, cause and peer', () => {
  const cause = new Error('below');
  const error = new SeaError('TIMEOUT', 'no answer', { cause, peer: 'abc' });
  expect([error.name, error.code, error.message, error.cause, error.peer]).toEqual([
    'SeaError',
    'TIMEOUT',
    'TIMEOUT: no answer',
    cause,
    'abc',
  ]);
  expect('cause' in new SeaError('TIMEOUT', '')).toBe(false);
});

test('errors are told apart by class and code', () => {
  const error = new SeaError('TIMEOUT', '');
  expect([isSeaError(error), isSeaError(error, 'TIMEOUT'), isSeaError(error, 'ABORTED')]).toEqual([true, true, false]);
  expect([isSeaError(new Error('TIMEOUT')), isSeaError({ code: 'TIMEOUT' }), isSeaError(undefined)]).toEqual([
    false,
    false,
    false,
  ]);
});

test('anything thrown becomes a SeaError; one that is stays itself', () => {
  const own = new SeaError('NO_ROUTE', '');
  expect(asSeaError(own, 'TIMEOUT')).toBe(own);
  const wrapped = asSeaError(new TypeError('not a function'), 'DIAL_FAILED');
  expect([wrapped.code, wrapped.message]).toEqual(['DIAL_FAILED', 'DIAL_FAILED: not a function']);
  expect(wrapped.cause).toBeInstanceOf(TypeError);
  expect(asSeaError('text').message).toBe('HANDLER_FAILED: text');
  expect(asSeaError(null).message).toBe('HANDLER_FAILED: null');
});
