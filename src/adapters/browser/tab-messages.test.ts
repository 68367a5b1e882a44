import { expect, test } from 'vitest';
import { SeaError } from '../../base/errors.ts';
import { closeCodeOf, readLobbyMessage, readRoomMessage, reasonOfClose } from './tab-messages.ts';

const id = '0123456789abcdef0123456789abcdef';

test('reads what the lobby says', () => {
  expect(readLobbyMessage({ kind: 'seek', seek: id })).toEqual({ kind: 'seek', seek: id });
  expect(readLobbyMessage({ kind: 'offer', seek: id, room: id })).toEqual({ kind: 'offer', seek: id, room: id });
});

test.each([
  undefined,
  null,
  7,
  'seek',
  {},
  { kind: 'seek' },
  { kind: 'seek', seek: 'short' },
  { kind: 'seek', seek: id.toUpperCase() },
  { kind: 'offer', seek: id },
  { kind: 'take', seek: id },
])('the lobby ignores %j', data => {
  expect(readLobbyMessage(data)).toBeUndefined();
});

test('reads what a room says, and nothing besides', () => {
  const bytes = new Uint8Array([1, 2]);
  expect(readRoomMessage({ from: 'dialler', kind: 'frame', bytes, more: 1 })).toEqual({
    from: 'dialler',
    kind: 'frame',
    bytes,
  });
  expect(readRoomMessage({ from: 'listener', kind: 'welcome' })).toEqual({ from: 'listener', kind: 'welcome' });
  expect(readRoomMessage({ from: 'listener', kind: 'taken', count: 0 })).toEqual({
    from: 'listener',
    kind: 'taken',
    count: 0,
  });
  expect(readRoomMessage({ from: 'listener', kind: 'close', code: 11 })).toEqual({
    from: 'listener',
    kind: 'close',
    code: 11,
  });
});

test.each([
  null,
  { kind: 'ping' },
  { from: 'me', kind: 'ping' },
  { from: 'dialler', kind: 'frame', bytes: [1] },
  { from: 'dialler', kind: 'frame', bytes: 'x' },
  { from: 'dialler', kind: 'taken', count: -1 },
  { from: 'dialler', kind: 'taken', count: 0.5 },
  { from: 'dialler', kind: 'close' },
  { from: 'dialler', kind: 'dance' },
])('a room ignores %j', data => {
  expect(readRoomMessage(data)).toBeUndefined();
});

test('a reason travels as its number', () => {
  expect(closeCodeOf(new SeaError('TOO_LARGE', 'x'))).toBe(2);
  expect(reasonOfClose(2).message).toBe('LINK_CLOSED: the other tab closed it: TOO_LARGE');
  expect(reasonOfClose(123_456).code).toBe('LINK_CLOSED');
});
