/** The four plans: parts, lazy inputs, what outputs mean, what is refused. Outputs are the tasks' references'. */

import { describe, expect, it, vi } from 'vitest';
import { referenceCollatz } from '../../wasm-tasks/collatz/reference.ts';
import { referenceHashSearch } from '../../wasm-tasks/hash-search/reference.ts';
import { referenceMandelbrot } from '../../wasm-tasks/mandelbrot/reference.ts';
import { pictureParts, type RegionReader } from '../../wasm-tasks/picture/meta.ts';
import { collatzStartFault, planCollatz } from './collatz-plan.ts';
import { planHashSearch } from './hash-search-plan.ts';
import type { JobPlan, PictureView, TableView } from './job-plan.ts';
import { places, planMandelbrot } from './mandelbrot-plan.ts';
import { type PixelSource, planPicture, tilesOf } from './picture-plan.ts';

function pictureView({ view }: JobPlan): PictureView {
  if (view.kind !== 'picture') throw new Error('not a picture');
  return view;
}

function tableView({ view }: JobPlan): TableView {
  if (view.kind !== 'table') throw new Error('not a table');
  return view;
}

function sourceOf(width: number, height: number, name = 'x'): PixelSource {
  return { name, width, height, image: {} as CanvasImageSource };
}

describe('a picture', () => {
  const width = 300;
  const height = 200;
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => (at * 31) % 256);
  const read: RegionReader = (x, y, columns, rows) => {
    const region = new Uint8ClampedArray(columns * rows * 4);
    for (let row = 0; row < rows; row++) {
      const from = ((y + row) * width + x) * 4;
      region.set(rgba.subarray(from, from + columns * 4), row * columns * 4);
    }
    return region;
  };

  it('is cut into the same inputs as the whole picture in memory would be', () => {
    const plan = planPicture(sourceOf(width, height), { scale: 0.5, blur: 5 }, () => read);
    const expected = [...pictureParts(rgba, width, height, { scale: 0.5, radius: 5, tile: 128 })];
    expect(plan.parts).toBe(2);
    expect([...plan.inputs()]).toEqual(expected);
  });

  it('is read only as parts are asked for, from the start at each run', () => {
    const reader = vi.fn(read);
    const plan = planPicture(sourceOf(width, height), { scale: 1, blur: 0 }, () => reader);
    expect(reader).not.toHaveBeenCalled();
    const inputs = plan.inputs()[Symbol.iterator]();
    inputs.next();
    expect(reader).toHaveBeenCalledTimes(1);
    expect([...plan.inputs()]).toHaveLength(plan.parts);
  });

  it('takes outputs of a tile’s length and no other', () => {
    const view = pictureView(planPicture(sourceOf(width, height), { scale: 1, blur: 0 }, () => read));
    const last = view.tileAt(5);
    expect(last).toEqual({ x: 256, y: 128, width: 44, height: 72 });
    expect(view.pixelsOf(5, new Uint8Array(44 * 72 * 4).fill(7))).toEqual(new Uint8ClampedArray(44 * 72 * 4).fill(7));
    expect(() => view.pixelsOf(5, new Uint8Array(44 * 72 * 4 - 1))).toThrow(RangeError);
  });

  it.each([
    [12_000, 9_000, 0.25, 64],
    [30_000, 4_000, 0.25, 12],
    [12_000, 4_000, 1, 64],
    [1, 1, 0.25, 64],
  ])('of %d × %d at scale %d and blur %d makes parts that the task takes', (sourceWidth, sourceHeight, scale, blur) => {
    const blank: RegionReader = (_x, _y, columns, rows) => new Uint8ClampedArray(columns * rows * 4);
    const plan = planPicture(sourceOf(sourceWidth, sourceHeight), { scale, blur }, () => blank);
    const middle = Math.floor(plan.parts / 2);
    let at = 0;
    for (const input of plan.inputs()) {
      expect(input.length).toBeGreaterThan(36);
      if (at++ >= middle || at > 200) break;
    }
  });

  it('is refused when the result would be too large to show', () => {
    expect(tilesOf(10_000, 5_000, 1, 0).outputWidth).toBe(10_000);
    expect(() => tilesOf(10_000, 5_001, 1, 0)).toThrow(expect.objectContaining({ code: 'PICTURE_TOO_LARGE' }));
  });

  it.each([
    ['My photo (1).JPG', 'my-photo-1-peersea.png'],
    ['.png', 'picture-peersea.png'],
    ['Überblick.webp', 'überblick-peersea.png'],
  ])('named %s is saved as %s', (name, fileName) => {
    expect(pictureView(planPicture(sourceOf(1, 1, name), { scale: 1, blur: 0 }, () => read)).fileName).toBe(fileName);
  });
});

describe('a Mandelbrot picture', () => {
  it('is coloured from iteration counts', () => {
    const plan = planMandelbrot({ place: places.find(({ name }) => name === 'The whole set')!, width: 64, height: 48 });
    const view = pictureView(plan);
    const [input] = plan.inputs();
    const pixels = view.pixelsOf(0, referenceMandelbrot(input!));
    expect(plan.parts).toBe(1);
    expect(pixels).toHaveLength(64 * 48 * 4);
    expect([...pixels.subarray((24 * 64 + 32) * 4, (24 * 64 + 32) * 4 + 4)]).toEqual([0, 0, 0, 255]); // inside
    expect([...pixels.subarray(0, 4)]).not.toEqual([0, 0, 0, 255]);
    expect(() => view.pixelsOf(0, new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('a Collatz search', () => {
  it('finds the longest chain and shows the best rows first', () => {
    const plan = planCollatz({ start: '1', count: 1_000_000 });
    const view = tableView(plan);
    const [first] = plan.inputs();
    const small = first!.slice();
    new DataView(small.buffer).setUint32(0, 30, true); // 1 … 30: the longest is 27 with 111 steps
    const rows = view.rowsOf(0, referenceCollatz(small));
    expect(plan.parts).toBe(16);
    expect(rows).toEqual([[0, '27', 111, '441']]);
    expect(view.best([[1, '5', 5, '5'], ...rows, [2, '9', 111, '9']])).toEqual([
      ...rows,
      [2, '9', 111, '9'],
      [1, '5', 5, '5'],
    ]);
    expect(view.answer(rows)).toBe('Longest chain: 111 steps, from 27.');
    expect(view.answer([])).toBe('No chain yet.');
    expect(view.settled(rows)).toBe(false);
  });

  it.each(['', '0', '-1', '12x', '1.5', '9'.repeat(156)])('does not start at %j', start => {
    expect(collatzStartFault(start)).toMatch(/^Type .+\.$/);
    expect(() => planCollatz({ start, count: 1_000_000 })).toThrow(expect.objectContaining({ code: 'BAD_NUMBER' }));
  });

  it('starts at grouped and at very big numbers', () => {
    expect(collatzStartFault("1'000 000")).toBeUndefined();
    expect(collatzStartFault('9'.repeat(154))).toBeUndefined();
  });
});

describe('a proof search', () => {
  const settings = { text: 'Peersea', difficulty: 16 };

  it('ends with the first find, checked here', () => {
    const plan = planHashSearch(settings);
    const view = tableView(plan);
    const [input] = plan.inputs();
    const small = input!.slice();
    new DataView(small.buffer).setUint32(0, 8, true); // a proof of 8 bits is not enough for this search
    new DataView(small.buffer).setUint32(4, 4_096, true);
    expect(plan).toMatchObject({ endsEarly: true, parts: 1 });
    expect(() => view.rowsOf(0, referenceHashSearch(small))).toThrow(RangeError);
    const easy = tableView(planHashSearch({ ...settings, difficulty: 8 }));
    const rows = easy.rowsOf(0, referenceHashSearch(small));
    expect(rows).toHaveLength(1);
    expect(rows[0]![2]).toMatch(/^00[0-9a-f]{62}$/);
    expect(easy.settled(rows)).toBe(true);
    expect(easy.answer(rows)).toMatch(/^Found: nonce \d+, checked here\./);
  });

  it('goes on after a part without a find', () => {
    const view = tableView(planHashSearch(settings));
    expect(view.rowsOf(0, new Uint8Array([0]))).toEqual([]);
    expect(view.settled([])).toBe(false);
    expect(view.answer([])).toBe('No proof yet: about one in 65,536 tries succeeds.');
  });

  it('does not believe a claim', () => {
    const view = tableView(planHashSearch(settings));
    const claim = new Uint8Array(41);
    claim[0] = 1; // nonce 0 with a digest of zeros
    expect(() => view.rowsOf(0, claim)).toThrow(RangeError);
    expect(() => view.rowsOf(0, new Uint8Array(3))).toThrow(RangeError);
  });

  it('looks at eight times the expected number of tries', () => {
    expect(planHashSearch({ text: '', difficulty: 24 }).parts).toBe(256);
  });

  it('is refused for a text that is too long', () => {
    expect(() => planHashSearch({ text: 'x'.repeat(4_097), difficulty: 16 })).toThrow(
      expect.objectContaining({ code: 'BAD_NUMBER' }),
    );
  });
});
