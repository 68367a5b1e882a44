import { describe, expect, it } from 'vitest';
import { checkInteger, viewOutput } from './task.ts';
import { copyTile, tileAt, tileCount } from './tiles.ts';

describe('tiles', () => {
  it('cuts row by row, smaller at the right and bottom edge', () => {
    expect(tileCount(1000, 750, 128)).toBe(48);
    expect(tileAt(1000, 750, 128, 0)).toEqual({ x: 0, y: 0, width: 128, height: 128 });
    expect(tileAt(1000, 750, 128, 7)).toEqual({ x: 896, y: 0, width: 104, height: 128 });
    expect(tileAt(1000, 750, 128, 8)).toEqual({ x: 0, y: 128, width: 128, height: 128 });
    expect(tileAt(1000, 750, 128, 47)).toEqual({ x: 896, y: 640, width: 104, height: 110 });
  });

  it('is one tile when the picture fits', () => {
    expect(tileCount(5, 3, 64)).toBe(1);
    expect(tileAt(5, 3, 64, 0)).toEqual({ x: 0, y: 0, width: 5, height: 3 });
  });

  it.each([-1, 48, 0.5, Number.NaN])('refuses index %s', index => {
    expect(() => tileAt(1000, 750, 128, index)).toThrow(RangeError);
  });

  it('covers every pixel once', () => {
    const [width, height, side] = [11, 7, 4];
    const target = new Uint8Array(width * height * 4);
    for (let index = 0; index < tileCount(width, height, side); index++) {
      const tile = tileAt(width, height, side, index);
      copyTile(target, width, tile, new Uint8Array(tile.width * tile.height * 4).fill(index + 1));
    }
    expect(target.includes(0)).toBe(false);
    expect([target[0], target[4 * 4], target[4 * 8], target[4 * 4 * width], target.at(-1)]).toEqual([1, 2, 3, 4, 6]);
  });
});

describe('checks', () => {
  it('lets integers within bounds through and says what is wrong otherwise', () => {
    expect(checkInteger(64, 0, 64, 'radius')).toBe(64);
    expect(() => checkInteger(65, 0, 64, 'radius')).toThrow('radius must be a whole number from 0 to 64, not 65');
    expect(() => checkInteger(1.5, 0, 64, 'radius')).toThrow(RangeError);
    expect(() => checkInteger(Number.NaN, 0, 64, 'radius')).toThrow(RangeError);
  });

  it('views an output of the right length, wherever it lies in its buffer', () => {
    expect(viewOutput(Uint8Array.of(9, 7, 1).subarray(1), 2).getUint16(0, true)).toBe(0x0107);
    expect(() => viewOutput(new Uint8Array(3), 2)).toThrow('expected an output of 2 bytes, got 3');
  });
});
