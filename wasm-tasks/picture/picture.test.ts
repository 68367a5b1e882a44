import { describe, expect, it } from 'vitest';
import { loadModule } from '../testing/load.ts';
import { runTask } from '../testing/run-task.ts';
import {
  gaussianTaps,
  type PictureOptions,
  picture,
  picturePart,
  picturePartFrom,
  pictureParts,
  pictureTarget,
  pictureTile,
  placeTile,
  planPicture,
} from './meta.ts';
import { sourceSpan } from './plan.ts';
import { referencePicture } from './reference.ts';

const module = loadModule(new URL('./task.wasm', import.meta.url));

/** Noise with smooth areas; `alpha` 255 or, when 'varied', everything from clear to opaque. */
function makePicture(width: number, height: number, alpha: 255 | 'varied' = 255): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  let state = width * 7919 + height;
  for (let i = 0; i < rgba.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const smooth = ((i >> 2) % width) + Math.floor(i / 4 / width);
    const value = state & 0x4000_0000 ? state >>> 24 : smooth;
    rgba[i] = (i & 3) < 3 ? value : alpha === 255 ? 255 : state & 0x2000_0000 ? state >>> 24 : (smooth & 1) * 255;
  }
  return rgba;
}

/** The whole job: every part run, every tile placed. */
function assemble(rgba: Uint8Array, width: number, height: number, options: PictureOptions): Uint8ClampedArray {
  const target = pictureTarget(planPicture(width, height, options));
  let index = 0;
  for (const input of pictureParts(rgba, width, height, options)) placeTile(target, index++, runTask(module, input));
  expect(index).toBe(target.plan.count);
  return target.rgba;
}

const sameBytes = (a: Uint8ClampedArray, b: Uint8ClampedArray): boolean => Buffer.from(a).equals(Buffer.from(b));

describe('kernel', () => {
  it('is what a Gaussian of that width is, in 1/65536', () => {
    expect(gaussianTaps(0)).toEqual([65_536]);
    // exp(-4.5) = 0.011109: 65536 / (1 + 2 * 0.011109) and the rest to the sides
    expect(gaussianTaps(1)).toEqual([64_112, 712]);
    // exp(-1.125 * i * i) = 1, 0.324652, 0.011109; sum 1.671523
    expect(gaussianTaps(2)).toEqual([39_206, 12_729, 436]);
  });

  it('is within rounding of the true one, sums to 65536 and fits u16', () => {
    for (let radius = 1; radius <= 64; radius++) {
      const taps = gaussianTaps(radius);
      const weights = Array.from({ length: radius + 1 }, (_, i) => Math.exp((-4.5 * i * i) / (radius * radius)));
      const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
      expect(taps).toHaveLength(radius + 1);
      expect(taps.reduce((total, tap, i) => total + (i === 0 ? tap : 2 * tap), 0)).toBe(65_536);
      for (const [i, tap] of taps.entries()) {
        expect(Math.abs(tap - (weights[i]! / sum) * 65_536)).toBeLessThan(i === 0 ? radius + 0.001 : 0.501);
      }
      expect(taps[0]).toBeLessThan(65_536);
    }
  });
});

describe('reference', () => {
  it('leaves a picture alone at scale 1 and radius 0', () => {
    const rgba = makePicture(9, 7);
    expect([...referencePicture(rgba, 9, 7, { scale: 1, radius: 0 })]).toEqual([...rgba]);
  });

  it('averages light, not bytes', () => {
    const blackAndWhite = Uint8Array.of(0, 0, 0, 255, 255, 255, 255, 255);
    // (0 + 65025) / 2 rounds to 32513; its root is 180.31
    expect([...referencePicture(blackAndWhite, 2, 1, { scale: 0.5, radius: 0 })]).toEqual([180, 180, 180, 255]);
  });

  it('takes no colour from transparent pixels', () => {
    const redAndClearGreen = Uint8Array.of(200, 0, 0, 255, 0, 250, 0, 0);
    expect([...referencePicture(redAndClearGreen, 2, 1, { scale: 0.5, radius: 0 })]).toEqual([200, 0, 0, 128]);
  });

  it('keeps one colour one colour, up to the edges', () => {
    const rgba = new Uint8Array(40 * 30 * 4).map((_, i) => [17, 130, 255, 255][i & 3]!);
    const output = referencePicture(rgba, 40, 30, { scale: 0.4, radius: 5 });
    expect([...output]).toEqual([...rgba.subarray(0, 16 * 12 * 4)]);
  });

  it('spreads a point as the kernel says', () => {
    const rgba = new Uint8Array(5 * 5 * 4).map((_, i) => ((i & 3) === 3 || i >> 2 === 12 ? 255 : 0));
    const output = referencePicture(rgba, 5, 5, { scale: 1, radius: 1 });
    // 65025 * (64112/65536)^2 = 62229: root 249.46; the side 65025 * 64112 * 712 / 65536^2 = 691: root 26.3
    expect([output[4 * 12], output[4 * 11], output[4 * 7], output[4 * 6]]).toEqual([249, 26, 26, 3]);
  });
});

describe('the module', () => {
  it.each<[number, number, 255 | 'varied', PictureOptions]>([
    [1, 1, 255, {}],
    [1, 1, 'varied', { scale: 1, radius: 0 }],
    [2, 1, 255, { radius: 64 }],
    [1, 33, 'varied', { scale: 0.3, radius: 4, tile: 3 }],
    [33, 1, 'varied', { scale: 0.9, radius: 2, tile: 1 }],
    [64, 48, 255, { scale: 0.5, radius: 3, tile: 8 }],
    [65, 47, 'varied', { scale: 0.5, radius: 3, tile: 7 }],
    [61, 53, 'varied', { scale: 1, radius: 9, tile: 16 }],
    [61, 53, 'varied', { scale: 0.77, radius: 0, tile: 16 }],
    [61, 53, 255, { scale: 0.01, radius: 8, tile: 16 }],
    [97, 89, 255, { scale: 0.6, radius: 64, tile: 13 }], // a halo wider than the picture
    [200, 150, 255, { tile: 31 }],
    [1030, 5, 'varied', { scale: 1, radius: 1, tile: 1024 }],
  ])('assembled equals the whole: %i x %i, alpha %s, %o', (width, height, alpha, options) => {
    const rgba = makePicture(width, height, alpha);
    expect(sameBytes(assemble(rgba, width, height, options), referencePicture(rgba, width, height, options))).toBe(
      true,
    );
  });

  it('does a photo of 2000 x 1500 by default in 48 tiles', () => {
    const rgba = makePicture(2000, 1500);
    expect(planPicture(2000, 1500).count).toBe(48);
    expect(sameBytes(assemble(rgba, 2000, 1500, {}), referencePicture(rgba, 2000, 1500))).toBe(true);
  });

  it('has the memory for the largest part that can be made', () => {
    const plan = planPicture(3700, 3700, { scale: 0.83, radius: 64, tile: 1024 });
    const grey = (_x: number, _y: number, width: number, height: number): Uint8Array =>
      new Uint8Array(width * height * 4).fill(119);
    const input = picturePartFrom(grey, plan, 4);
    expect(input.length).toBeGreaterThan(0.9 * picture.inputBytesMax);
    const output = runTask(module, input);
    expect(output).toHaveLength(picture.outputBytesMax);
    expect(output.every(byte => byte === 119)).toBe(true);
  });

  const [width, height] = [40, 30];
  const good = picturePart(makePicture(width, height), planPicture(width, height, { radius: 3, tile: 10 }), 1);
  const changed = (at: number, value: number): Uint8Array => {
    const input = good.slice();
    new DataView(input.buffer).setUint32(at, value, true);
    return input;
  };
  it.each<[string, Uint8Array]>([
    ['empty', new Uint8Array(0)],
    ['a header alone', good.subarray(0, 36)],
    ['one byte short', good.subarray(0, good.length - 1)],
    ['one byte long', Uint8Array.from([...good, 0])],
    ['source width 0', changed(0, 0)],
    ['source width 32769', changed(0, 32_769)],
    ['output height 0', changed(12, 0)],
    ['an output larger than the source', changed(8, 41)],
    ['a tile outside of the output', changed(16, 20)],
    ['a tile that reaches outside', changed(16, 11)],
    ['a position that wraps', changed(16, 0xffff_ffff)],
    ['a tile of no width', changed(24, 0)],
    ['a tile height that wraps', changed(28, 0xffff_ffff)],
    ['another radius', changed(32, 4)],
    ['radius 65', changed(32, 65)],
    ['radius 0 with weights', changed(32, 0)],
    ['weights that do not sum to 65536', changed(36, 1)],
  ])('traps: %s', (_, input) => {
    expect(() => runTask(module, input)).toThrow(WebAssembly.RuntimeError);
  });
});

describe('meta', () => {
  it('gives a tile the source that its blur reaches, and no more', () => {
    expect(sourceSpan(0, 10, 3, 40, 20)).toEqual({ from: 0, to: 26 });
    expect(sourceSpan(10, 10, 3, 40, 20)).toEqual({ from: 14, to: 40 });
    expect(sourceSpan(3, 2, 0, 10, 7)).toEqual({ from: 4, to: 8 }); // 30/7 to 50/7
  });

  it('makes parts lazily, of a quarter to half a MiB by default', () => {
    const rgba = makePicture(2000, 1500);
    const sizes = [...pictureParts(rgba, 2000, 1500)].map(part => part.length / 1024);
    expect(Math.min(...sizes)).toBeGreaterThan(200);
    expect(Math.max(...sizes)).toBeLessThan(512);
    expect(pictureParts(rgba, 2000, 1500).next().value?.length).toBe(36 + 50 + 304 * 304 * 4);
  });

  it('reads the same of a Uint8ClampedArray, as a canvas gives it', () => {
    const rgba = makePicture(20, 10);
    const clamped = [...pictureParts(Uint8ClampedArray.from(rgba), 20, 10, { tile: 4 })];
    expect(clamped).toEqual([...pictureParts(rgba, 20, 10, { tile: 4 })]);
  });

  it('reads a source region by region, some rows at a time, and refuses a reader that gives too little', () => {
    const rgba = makePicture(40, 30);
    const plan = planPicture(40, 30, { radius: 3, tile: 8 });
    const read = (x: number, y: number, width: number, height: number): Uint8Array =>
      Uint8Array.from({ length: width * height * 4 }, (_, i) => {
        const [column, row] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
        return rgba[((y + row) * 40 + x + column) * 4 + (i & 3)]!;
      });
    for (const rowsAtOnce of [1, 7, 30]) {
      expect(picturePartFrom(read, plan, 4, rowsAtOnce)).toEqual(picturePart(rgba, plan, 4));
    }
    expect(() => picturePartFrom(() => new Uint8Array(8), plan, 4)).toThrow(RangeError);
  });

  it('places a tile where it belongs and refuses one of the wrong size', () => {
    const target = pictureTarget(planPicture(20, 10, { tile: 4 }));
    expect(pictureTile(target.plan, 4)).toEqual({ x: 4, y: 4, width: 4, height: 1 });
    placeTile(target, 4, new Uint8Array(16).fill(9));
    expect(target.rgba.indexOf(9)).toBe((4 * 10 + 4) * 4);
    expect(() => placeTile(target, 4, new Uint8Array(64))).toThrow('expected a tile of 16 bytes, got 64');
    expect(() => placeTile(target, 6, new Uint8Array(64))).toThrow(RangeError);
  });

  it.each<[number, number, PictureOptions]>([
    [0, 10, {}],
    [10, 32_769, {}],
    [10, 10, { scale: 0 }],
    [10, 10, { scale: 1.01 }],
    [10, 10, { scale: Number.NaN }],
    [10, 10, { radius: 65 }],
    [10, 10, { radius: 0.5 }],
    [10, 10, { tile: 0 }],
  ])('refuses %i x %i with %o', (width, height, options) => {
    expect(() => planPicture(width, height, options)).toThrow(RangeError);
  });

  it('refuses bytes of another length and parts that are too large', () => {
    expect(() => pictureParts(new Uint8Array(399), 10, 10).next()).toThrow('expected 400 bytes');
    const options = { scale: 0.1, radius: 64, tile: 1024 };
    expect(() => pictureParts(makePicture(2000, 1500), 2000, 1500, options).next()).toThrow('choose smaller tiles');
    expect(picture.inputBytesMax).toBe(8 * 1024 * 1024);
  });
});
