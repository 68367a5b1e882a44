import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { toHex } from '../base/bytes.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { BLOCK_BYTES_MAX, CONTENT_BYTES_MAX, LIST_ENTRIES_MAX } from './limits.ts';
import { type Entry, lengthOf, readList, writeList } from './list.ts';

const a = ContentId.fromDigest(new Uint8Array(32).fill(0xaa));
const b = ContentId.fromDigest(new Uint8Array(32).fill(0xbb));
const entries: readonly Entry[] = [
  { id: a, length: 262_144, isList: false },
  { id: b, length: 300_000, isList: true },
];

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'fine';
  } catch (error) {
    if (isSeaError(error)) return error.code;
    throw error;
  }
}

describe('a list', () => {
  it('has these bytes, and is read from them', () => {
    expect(toHex(writeList(entries))).toBe(
      `82018283${`5820${'aa'.repeat(32)}`}1a00040000f483${`5820${'bb'.repeat(32)}`}1a000493e0f5`,
    );
    expect(readList(writeList(entries))).toEqual(entries);
    expect(lengthOf(entries)).toBe(562_144);
  });

  it('may be empty: the list of a content without bytes', () => {
    expect(toHex(writeList([]))).toBe('820180');
    expect(readList(writeList([]))).toEqual([]);
    expect(lengthOf([])).toBe(0);
  });

  it('holds as many entries as a block has room for', () => {
    const full = Array.from({ length: LIST_ENTRIES_MAX }, () => ({ id: a, length: CONTENT_BYTES_MAX, isList: true }));
    expect(writeList(full).length).toBeLessThan(BLOCK_BYTES_MAX);
    expect(readList(writeList(full))).toHaveLength(64);
    expect(codeOf(() => readList(writeList([...full, ...full.slice(0, 1)])))).toBe('BAD_MESSAGE');
  });

  const digest = a.digest;
  const unfit: readonly (readonly [string, Value, string])[] = [
    ['another version', [2, []], 'UNSUPPORTED'],
    ['a field too many', [1, [], 0], 'BAD_MESSAGE'],
    ['no entries', [1], 'BAD_MESSAGE'],
    ['no array', { version: 1 }, 'BAD_MESSAGE'],
    ['an entry that is none', [1, [7]], 'BAD_MESSAGE'],
    ['a short digest', [1, [[digest.slice(1), 1, false]]], 'BAD_MESSAGE'],
    ['an entry of no bytes', [1, [[digest, 0, false]]], 'BAD_MESSAGE'],
    ['a list of no bytes', [1, [[digest, 0, true]]], 'BAD_MESSAGE'],
    ['a block too long', [1, [[digest, BLOCK_BYTES_MAX + 1, false]]], 'BAD_MESSAGE'],
    ['a list longer than any content', [1, [[digest, CONTENT_BYTES_MAX + 1, true]]], 'BAD_MESSAGE'],
    ['a negative length', [1, [[digest, -1, false]]], 'BAD_MESSAGE'],
    ['a flag that is a number', [1, [[digest, 1, 0]]], 'BAD_MESSAGE'],
    ['an entry with a field too many', [1, [[digest, 1, false, 0]]], 'BAD_MESSAGE'],
    ['an entry with a field too few', [1, [[digest, 1]]], 'BAD_MESSAGE'],
  ];
  it.each(unfit)('with %s is refused', (_what, value, code) => {
    expect(codeOf(() => readList(encodeValue(value)))).toBe(code);
  });

  it.each([
    ['no CBOR', Uint8Array.of(0xff)],
    ['nothing', new Uint8Array(0)],
    ['a list with bytes behind it', Uint8Array.of(...writeList(entries), 0)],
    ['a number in too wide a form', Uint8Array.of(0x82, 0x18, 0x01, 0x80)],
  ])('is not read from %s: BAD_MESSAGE', (_what, bytes) => {
    expect(codeOf(() => readList(bytes))).toBe('BAD_MESSAGE');
  });

  it('is read totally: whatever the bytes, a list or a code', () => {
    const random = new SeededRandom('lists');
    const good = writeList(entries);
    const codes = new Set<string>();
    for (let round = 0; round < 5_000; round++) {
      const bytes = good.slice();
      bytes[below(random, bytes.length)] = below(random, 256);
      codes.add(codeOf(() => readList(bytes)));
    }
    expect([...codes].sort()).toEqual(['BAD_MESSAGE', 'UNSUPPORTED', 'fine']);
  });
});
