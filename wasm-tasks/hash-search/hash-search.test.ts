import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadModule } from '../testing/load.ts';
import { runTask } from '../testing/run-task.ts';
import {
  checkSearch,
  defaultSearch,
  type HashSearch,
  hashSearchPart,
  hashSearchPartCount,
  hashSearchParts,
  readHashSearch,
} from './meta.ts';
import { leadingZeroBits, referenceHashSearch, sha256 } from './reference.ts';

const module = loadModule(new URL('./task.wasm', import.meta.url));
const prefixOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 37 + 11) & 255);
const search: HashSearch = { prefix: prefixOf(9), difficulty: 8, start: 0n, count: 1000n, perPart: 1000 };

describe('reference', () => {
  it('is SHA-256', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const expected = createHash('sha256').update(prefixOf(length)).digest('hex');
      expect(Buffer.from(sha256(prefixOf(length))).toString('hex')).toBe(expected);
    }
  });

  it('counts zero bits', () => {
    expect(leadingZeroBits(Uint8Array.of(0x80))).toBe(0);
    expect(leadingZeroBits(Uint8Array.of(0, 1, 255))).toBe(15);
    expect(leadingZeroBits(new Uint8Array(32))).toBe(256);
  });
});

describe('the module', () => {
  // Every place of the nonce in its block, with one block after the prefix and with two, and with whole blocks before.
  it.each(Array.from({ length: 68 }, (_, length) => length).concat([119, 120, 127, 128, 1000, 4096]))(
    'equals the reference: a prefix of %i bytes',
    length => {
      const input = hashSearchPart({ ...search, prefix: prefixOf(length), count: 70n, difficulty: 5 }, 0);
      expect(runTask(module, input)).toEqual(referenceHashSearch(input));
    },
  );

  it.each<[string, Partial<HashSearch>]>([
    ['difficulty 0 takes the first', { difficulty: 0 }],
    ['none in the range', { difficulty: 256 }],
    ['12 bits', { difficulty: 12, count: 9000n, perPart: 9000 }],
    ['one nonce', { count: 1n, difficulty: 0, start: 77n }],
    ['ranges of 1 to 3 over a lane group', { count: 3n, difficulty: 1 }],
    ['across 2^32', { start: 2n ** 32n - 70n, count: 200n, difficulty: 6 }],
    ['the very last nonces', { start: 2n ** 64n - 30n, count: 30n, difficulty: 4 }],
  ])('equals the reference: %s', (_, change) => {
    const input = hashSearchPart({ ...search, ...change }, 0);
    expect(runTask(module, input)).toEqual(referenceHashSearch(input));
  });

  it('finds the lowest nonce and only within the range', () => {
    const all = readHashSearch(runTask(module, hashSearchPart({ ...search, difficulty: 7 }, 0)))!;
    const before = hashSearchPart({ ...search, difficulty: 7, count: all.nonce, perPart: 1000 }, 0);
    expect(readHashSearch(runTask(module, before))).toBeUndefined();
    const upTo = hashSearchPart({ ...search, difficulty: 7, count: all.nonce + 1n, perPart: 1000 }, 0);
    expect(readHashSearch(runTask(module, upTo))).toEqual(all);
  });

  it('finds 26 bits where they are, and not 27', () => {
    const known = 11_129_473n; // the lowest for this prefix: 0000003863c51f02…
    const prefix = new TextEncoder().encode('peersea');
    const around = { prefix, difficulty: 26, start: known - 5n, count: 20n, perPart: 20 };
    const find = readHashSearch(runTask(module, hashSearchPart(around, 0)));
    expect(find?.nonce).toBe(known);
    expect(Buffer.from(find!.digest).toString('hex').slice(0, 16)).toBe('0000003863c51f02');
    expect(readHashSearch(runTask(module, hashSearchPart({ ...around, difficulty: 27 }, 0)))).toBeUndefined();
  });

  const changed = (at: number, value: number, from: HashSearch = search): Uint8Array => {
    const input = hashSearchPart(from, 0);
    new DataView(input.buffer).setUint32(at, value, true);
    return input;
  };
  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['a short header', new Uint8Array(15).fill(1)],
    ['a prefix of 4097 bytes', new Uint8Array(16 + 4097).fill(1)],
    ['difficulty 257', changed(0, 257)],
    ['count 0', changed(4, 0)],
    ['count above 2^30', changed(4, 2 ** 30 + 1)],
    ['a range past 2^64 - 1', changed(4, 31, { ...search, start: 2n ** 64n - 30n, count: 30n })],
  ])('traps: %s', (_, input) => {
    expect(() => runTask(module, input)).toThrow(WebAssembly.RuntimeError);
  });
});

describe('meta', () => {
  it('cuts a search into parts that go on from one another', () => {
    const parts = [...hashSearchParts({ ...search, start: 5n, count: 25n, perPart: 10 })];
    const ranges = parts.map(part => {
      const data = new DataView(part.buffer);
      return [data.getBigUint64(8, true), data.getUint32(4, true)];
    });
    expect(ranges).toEqual([
      [5n, 10],
      [15n, 10],
      [25n, 5],
    ]);
    expect(() => hashSearchPart({ ...search, count: 25n, perPart: 10 }, 3)).toThrow(RangeError);
  });

  it('is lazy: a search of 2^64 nonces begins at once', () => {
    const endless = { ...search, count: 2n ** 64n, perPart: 1 };
    expect(hashSearchPartCount(endless)).toBe(2 ** 64);
    expect(hashSearchParts(endless).next().value).toHaveLength(25);
  });

  it('has 8192 parts by default', () => {
    expect(hashSearchPartCount({ ...defaultSearch, prefix: prefixOf(3) })).toBe(8192);
  });

  it.each<Partial<HashSearch>>([
    { prefix: prefixOf(4097) },
    { difficulty: 257 },
    { difficulty: -1 },
    { start: -1n },
    { count: 0n },
    { start: 2n ** 64n - 999n },
    { perPart: 0 },
  ])('refuses %o', change => {
    expect(() => checkSearch({ ...search, ...change })).toThrow(RangeError);
    expect(() => [...hashSearchParts({ ...search, ...change })]).toThrow(RangeError);
  });

  it.each([Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(2), new Uint8Array(41), new Uint8Array(40).fill(1)])(
    'refuses a malformed output (%#)',
    output => {
      expect(() => readHashSearch(output)).toThrow(RangeError);
    },
  );
});
