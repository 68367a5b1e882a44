import { describe, expect, it } from 'vitest';
import { loadModule } from '../testing/load.ts';
import { runTask } from '../testing/run-task.ts';
import {
  checkView,
  colourOf,
  defaultView,
  type MandelbrotView,
  mandelbrotPart,
  mandelbrotPartCount,
  mandelbrotParts,
  mandelbrotTile,
  placeMandelbrotTile,
  readCounts,
} from './meta.ts';
import { countIterations, referenceMandelbrot } from './reference.ts';

const module = loadModule(new URL('./task.wasm', import.meta.url));
const small: MandelbrotView = { ...defaultView, width: 61, height: 43, iterations: 300, tile: 16 };

function changed(at: number, value: number, kind: 'setUint32' | 'setFloat64' = 'setUint32'): Uint8Array {
  const input = mandelbrotPart(small, 0);
  new DataView(input.buffer)[kind](at, value, true);
  return input;
}

describe('reference', () => {
  it('counts by hand', () => {
    expect(countIterations(0, 0, 50)).toBe(50); // stays at 0
    expect(countIterations(-2, 0, 50)).toBe(50); // 0, -2, 2, 2, …: at the limit, never over it
    expect(countIterations(1, 0, 50)).toBe(3); // 0, 1, 2, 5
    expect(countIterations(3, 0, 50)).toBe(1); // 0, 3
    expect(countIterations(1, 0, 2)).toBe(2); // not reached
  });
});

describe('the module', () => {
  it.each<[string, MandelbrotView]>([
    ['the whole set in tiles with odd edges', small],
    ['one pixel', { ...small, width: 1, height: 1 }],
    ['rows of 1, 2, 3 pixels', { ...small, width: 6, height: 2, tile: 3 }],
    ['a deep view', { ...small, centreX: -0.743643887037151, centreY: 0.13182590420533, span: 1e-9 }],
    ['a view far from the set', { ...small, centreX: 1e300, centreY: -1e300, span: 1e290 }],
    ['one iteration', { ...small, iterations: 1 }],
    ['most iterations', { ...small, width: 3, height: 3, iterations: 65_535 }],
  ])('equals the reference: %s', (_, view) => {
    for (const input of mandelbrotParts(view)) expect(runTask(module, input)).toEqual(referenceMandelbrot(input));
  });

  it('takes the largest tile', () => {
    const input = mandelbrotPart({ ...small, centreX: 9, width: 1024, height: 1024, tile: 1024 }, 0);
    expect(Buffer.from(runTask(module, input)).equals(referenceMandelbrot(input))).toBe(true);
  });

  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['one byte short', mandelbrotPart(small, 0).subarray(1)],
    ['one byte long', new Uint8Array(45)],
    ['width 0', changed(32, 0)],
    ['width 2049', changed(32, 2049)],
    ['height 0', changed(36, 0)],
    ['height beyond the memory', changed(36, 0xffff_ffff)],
    ['0 iterations', changed(40, 0)],
    ['65536 iterations', changed(40, 65_536)],
    ['a position that wraps', changed(24, 0xffff_fffe)],
    ['stride 0', changed(16, 0, 'setFloat64')],
    ['stride NaN', changed(16, Number.NaN, 'setFloat64')],
    ['infinite centre', changed(0, Number.POSITIVE_INFINITY, 'setFloat64')],
  ])('traps: %s', (_, input) => {
    expect(() => runTask(module, input)).toThrow(WebAssembly.RuntimeError);
  });
});

describe('meta', () => {
  it('cuts the default view into 48 parts of 44 bytes', () => {
    expect(mandelbrotPartCount(defaultView)).toBe(48);
    expect(mandelbrotPart(defaultView, 47)).toHaveLength(44);
    expect(() => mandelbrotPart(defaultView, 48)).toThrow(RangeError);
  });

  it('puts the middle of the view at its centre', () => {
    const view = { ...small, width: 3, height: 3, span: 3, centreX: 0, centreY: 0, tile: 3, iterations: 9 };
    const data = new DataView(mandelbrotPart(view, 0).buffer);
    expect([0, 8, 16].map(at => data.getFloat64(at, true))).toEqual([-1, 1, 1]);
    expect([...readCounts(mandelbrotTile(view, 0), referenceMandelbrot(mandelbrotPart(view, 0)))]).toEqual([
      3, 9, 2, 9, 9, 3, 3, 9, 2,
    ]);
  });

  it('assembles what one tile would have shown', () => {
    const whole = new Uint8ClampedArray(61 * 43 * 4);
    const pieces = new Uint8ClampedArray(61 * 43 * 4);
    const oneTile = { ...small, tile: 64 };
    placeMandelbrotTile(whole, oneTile, 0, runTask(module, mandelbrotPart(oneTile, 0)));
    let index = 0;
    for (const input of mandelbrotParts(small)) placeMandelbrotTile(pieces, small, index++, runTask(module, input));
    expect(pieces).toEqual(whole);
  });

  it('refuses an output of the wrong length', () => {
    expect(() => placeMandelbrotTile(new Uint8Array(61 * 43 * 4), small, 0, new Uint8Array(511))).toThrow(RangeError);
  });

  it('colours: black inside, opaque everywhere', () => {
    expect(colourOf(300, 300)).toEqual([0, 0, 0, 255]);
    expect(colourOf(0, 300)).toEqual([6, 12, 44, 255]);
    expect(colourOf(24, 300)).toEqual([18, 98, 160, 255]);
    expect(colourOf(120, 300)).toEqual(colourOf(0, 300));
  });

  it.each<Partial<MandelbrotView>>([
    { width: 0 },
    { height: 1.5 },
    { iterations: 65_536 },
    { tile: 1025 },
    { span: 0 },
    { span: Number.NaN },
    { centreX: Number.POSITIVE_INFINITY },
  ])('refuses %o', change => {
    expect(() => checkView({ ...small, ...change })).toThrow(RangeError);
    expect(() => [...mandelbrotParts({ ...small, ...change })]).toThrow(RangeError);
  });
});
