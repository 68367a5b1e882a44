import { expect, test } from 'vitest';
import { equal } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import { FRAGMENT_BYTES, FRAGMENT_COST_MIN, MESSAGE_BYTES_MAX } from './limits.ts';
import { type Fragment, fragments, PathEnd } from './path.ts';
import { addressOf, recording } from './testing/test-net.ts';

const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7);

/** An end whose fragments are kept. */
function pathEnd(): { end: PathEnd; sent: Fragment[]; ends: (string | undefined)[] } {
  const sent: Fragment[] = [];
  const ends: (string | undefined)[] = [];
  const sink = {
    fragment: (_end: PathEnd, fragment: Fragment) => void sent.push(fragment),
    ended: (_end: PathEnd, code: string | undefined) => void ends.push(code),
  };
  return { end: new PathEnd(addressOf('1'), true, sink), sent, ends };
}

test('a message becomes fragments, at least one, and only the last says that no more follow', () => {
  const sizes = (length: number): [number, boolean][] =>
    [...fragments(numbered(length), false)].map(({ bytes, more }) => [bytes.length, more]);
  expect(sizes(0)).toEqual([[0, false]]);
  expect(sizes(1)).toEqual([[1, false]]);
  expect(sizes(FRAGMENT_BYTES)).toEqual([[FRAGMENT_BYTES, false]]);
  expect(sizes(FRAGMENT_BYTES + 1)).toEqual([
    [FRAGMENT_BYTES, true],
    [1, false],
  ]);
});

test('a message over the limit is refused before any of it is sent', () => {
  const { end, sent } = pathEnd();
  expect(() => end.send(new Uint8Array(MESSAGE_BYTES_MAX + 1))).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  expect(sent).toEqual([]);
});

test('fragments come together as the message they were', () => {
  const { end } = pathEnd();
  const heard = recording();
  end.listen(heard);
  const message = numbered(2 * FRAGMENT_BYTES + 5);
  for (const fragment of fragments(message, false)) expect(end.take(fragment)).toBe(true);
  expect(end.heldBytes).toBe(0);
  expect(heard.messages.map(heardMessage => equal(heardMessage, message))).toEqual([true]);
  expect(heard.ended).toBeUndefined();
});

test('the last message ends the path after it', () => {
  const { end } = pathEnd();
  const heard = recording();
  end.listen(heard);
  end.take({ bytes: numbered(3), more: false, last: true });
  expect(heard.messages).toEqual([numbered(3)]);
  expect(heard.ended).toBeNull();
  end.take({ bytes: numbered(4), more: false, last: false });
  expect(heard.messages.length).toBe(1);
});

test('an unfinished message may grow to the limit and not past it', () => {
  const { end } = pathEnd();
  const part = { bytes: new Uint8Array(MESSAGE_BYTES_MAX / 2), more: true, last: false };
  expect(end.take(part)).toBe(true);
  expect(end.take(part)).toBe(true);
  expect(end.take({ bytes: numbered(1), more: true, last: false })).toBe(false);
});

test('a message sent crumb by crumb costs the sender its bound', () => {
  const { end } = pathEnd();
  const crumb = { bytes: new Uint8Array(0), more: true, last: false };
  for (let i = 0; i < 3; i++) end.take(crumb);
  expect(end.heldBytes).toBe(3 * FRAGMENT_COST_MIN);
  for (let i = 3; i < MESSAGE_BYTES_MAX / FRAGMENT_COST_MIN; i++) expect(end.take(crumb)).toBe(true);
  expect(end.take({ bytes: numbered(1), more: false, last: false })).toBe(false);
});

test('an end that is over sends nothing, hears nothing and ends once', () => {
  const { end, sent, ends } = pathEnd();
  const heard = recording();
  end.listen(heard);
  end.send(numbered(2), true);
  end.send(numbered(2));
  end.end('ABORTED');
  end.fail(new SeaError('PEER_GONE', ''));
  expect(sent).toEqual([{ bytes: numbered(2), more: false, last: true }]);
  expect(ends).toEqual([]);
  expect(heard.ended).toBeUndefined(); // it ended here, nobody need tell us
  const other = pathEnd();
  other.end.end('ABORTED');
  other.end.end('TIMEOUT');
  expect(other.ends).toEqual(['ABORTED']);
});

test('what ends it from outside is told once', () => {
  const { end } = pathEnd();
  const heard = recording();
  end.listen(heard);
  const reason = new SeaError('PEER_GONE', 'gone');
  end.fail(reason);
  end.fail(undefined);
  expect(heard.ended).toBe(reason);
});
