/** Channels and talks as they stand in the page's address. */

import { expect, it } from 'vitest';
import { CHANNEL_LENGTH_MAX, channelName, isSamePlace, placeOf, restOf } from './chat-place.ts';

const address = 'ab'.repeat(32);

it.each([
  ['tea', 'tea'],
  ['  Tea Room ', 'tea-room'],
  ['#tea/room', 'tea-room'],
  ['Öresund 2', 'öresund-2'],
  ['--', undefined],
  ['', undefined],
  ['x'.repeat(CHANNEL_LENGTH_MAX), 'x'.repeat(CHANNEL_LENGTH_MAX)],
  ['x'.repeat(CHANNEL_LENGTH_MAX + 1), undefined],
])('%j is the channel %j', (typed, name) => {
  expect(channelName(typed)).toBe(name);
});

it('an address leads where it came from; what is none leads to the harbour', () => {
  for (const place of [
    { kind: 'channel', name: 'öresund-2' },
    { kind: 'talk', address },
  ] as const) {
    expect(placeOf(restOf(place))).toEqual(place);
  }
  expect(placeOf(`@${address.toUpperCase()}`)).toEqual({ kind: 'talk', address });
  for (const rest of ['', '%', '!!', `${'x'.repeat(99)}`]) {
    expect(placeOf(rest)).toEqual({ kind: 'channel', name: 'harbour' });
  }
  expect(placeOf('@abc')).toEqual({ kind: 'channel', name: 'abc' });
  expect(isSamePlace(placeOf('Tea'), placeOf('tea'))).toBe(true);
  expect(isSamePlace(placeOf('tea'), placeOf(`@${address}`))).toBe(false);
});
