import { describe, expect, it } from 'vitest';
import { loadModule } from '../testing/load.ts';
import { runTask } from '../testing/run-task.ts';
import {
  type CollatzRange,
  checkRange,
  collatzPart,
  collatzPartCount,
  collatzParts,
  defaultRange,
  mergeCollatz,
  NUMBER_MAX,
  parseNumber,
  readCollatz,
} from './meta.ts';
import { chainSteps, referenceCollatz } from './reference.ts';

const module = loadModule(new URL('./task.wasm', import.meta.url));

describe('reference', () => {
  it('counts chains known from the literature', () => {
    expect([1n, 2n, 3n, 7n, 27n, 97n, 871n].map(chainSteps)).toEqual([0, 1, 7, 16, 111, 118, 178]);
    expect(chainSteps(837_799n)).toBe(524);
    expect(chainSteps(93_571_393_692_802_302n)).toBe(2091);
  });
});

describe('the module', () => {
  it.each<[string, bigint, number]>([
    ['1 alone', 1n, 1],
    ['from 1 over the tail table and beyond', 1n, 20_000],
    ['one number', 27n, 1],
    ['around 2^32', 2n ** 32n - 50n, 100],
    ['around 2^56, where limbs begin', 2n ** 56n - 50n, 100],
    ['around 2^64', 2n ** 64n - 50n, 100],
    ['above 2^127', 2n ** 127n, 200],
    ['across a carry through all limbs', 2n ** 448n - 3n, 6],
    ['the largest: ones only, climbs to 3^512', NUMBER_MAX - 2n, 3],
    ['decimal with 100 digits', 10n ** 99n + 7n, 20],
  ])('equals the reference: %s', (_, start, count) => {
    const input = collatzPart({ start, count, perPart: 2 ** 24 }, 0);
    expect(runTask(module, input)).toEqual(referenceCollatz(input));
  });

  it('finds the longest chain below a million', () => {
    const output = runTask(module, collatzPart({ start: 1n, count: 999_999, perPart: 2 ** 24 }, 0));
    expect(readCollatz(output)).toEqual({ best: 837_799n, steps: 524, totalSteps: 131_434_272n });
  });

  const good = collatzPart({ start: 5n, count: 3, perPart: 3 }, 0);
  const withCount = (count: number): Uint8Array => {
    const input = good.slice();
    new DataView(input.buffer).setUint32(0, count, true);
    return input;
  };
  const pastTheEnd = Uint8Array.from({ length: 68 }, (_, i) => (i === 0 ? 2 : i < 4 ? 0 : 255));
  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['one byte short', good.subarray(1)],
    ['one byte long', new Uint8Array(69).fill(1)],
    ['count 0', withCount(0)],
    ['count above 2^24', withCount(2 ** 24 + 1)],
    ['start 0', new Uint8Array(68).fill(1, 0, 1)],
    ['a range past 2^512 - 1', pastTheEnd],
  ])('traps: %s', (_, input) => {
    expect(() => runTask(module, input)).toThrow(WebAssembly.RuntimeError);
  });
});

describe('meta', () => {
  const range: CollatzRange = { start: 1000n, count: 25, perPart: 10 };

  it('cuts a range into parts that together give the result of the whole', () => {
    const results = [...collatzParts(range)].map(input => readCollatz(runTask(module, input)));
    expect(results).toHaveLength(3);
    const whole = readCollatz(referenceCollatz(collatzPart({ ...range, perPart: 25 }, 0)));
    expect(results.reduce(mergeCollatz)).toEqual(whole);
  });

  it('merges: the longer chain, of equal ones the lower number, whatever the order', () => {
    const a = { best: 9n, steps: 19, totalSteps: 30n };
    expect(mergeCollatz(a, { best: 8n, steps: 3, totalSteps: 5n })).toEqual({ ...a, totalSteps: 35n });
    const lower = { best: 4n, steps: 19, totalSteps: 1n };
    expect(mergeCollatz(a, lower)).toEqual(mergeCollatz(lower, a));
    expect(mergeCollatz(a, lower).best).toBe(4n);
  });

  it('has 77 parts by default and stops there', () => {
    expect(collatzPartCount(defaultRange)).toBe(77);
    expect(new DataView(collatzPart(defaultRange, 76).buffer).getUint32(0, true)).toBe(10_000_000 - 76 * 131_072);
    expect(() => collatzPart(defaultRange, 77)).toThrow(RangeError);
  });

  it('reads decimal text', () => {
    expect(parseNumber(" 1'000_000 000 ")).toBe(1_000_000_000n);
    expect(parseNumber(NUMBER_MAX.toString())).toBe(NUMBER_MAX);
  });

  it.each(['', '0', '-1', '1.5', '1e9', '0x10', (NUMBER_MAX + 1n).toString(), '9'.repeat(200)])(
    'refuses the text %s',
    text => {
      expect(() => parseNumber(text)).toThrow(RangeError);
    },
  );

  it.each<Partial<CollatzRange>>([
    { start: 0n },
    { start: NUMBER_MAX },
    { count: 0 },
    { count: 1.5 },
    { perPart: 0 },
    { perPart: 2 ** 24 + 1 },
  ])('refuses %o', change => {
    expect(() => checkRange({ ...range, ...change })).toThrow(RangeError);
    expect(() => [...collatzParts({ ...range, ...change })]).toThrow(RangeError);
  });

  it('accepts a range that ends at the largest number', () => {
    expect(checkRange({ start: NUMBER_MAX - 24n, count: 25, perPart: 10 }).count).toBe(25);
  });

  it('refuses an output of another length', () => {
    expect(() => readCollatz(new Uint8Array(75))).toThrow(RangeError);
  });
});
