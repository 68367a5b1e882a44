/** What a picture job is: sizes, blur kernel and tiles, decided once from the picture's size and the user's options. */

import { checkInteger } from '../task.ts';
import { type Tile, tileAt, tileCount } from '../tiles.ts';

export interface PictureOptions {
  /** Size of the output as a share of the source's, above 0 and at most 1. Default 0.5. */
  readonly scale?: number;
  /** Reach of the blur in output pixels, 0 (none) to 64; its standard deviation is a third of it. Default 24. */
  readonly radius?: number;
  /** Side of an output tile in pixels, 1 to 1024. Default 128. */
  readonly tile?: number;
}

export interface PicturePlan {
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  readonly outputWidth: number;
  readonly outputHeight: number;
  readonly radius: number;
  /** Weights of the kernel from its centre outwards, radius + 1 of them; both sides together sum to 65536. */
  readonly taps: readonly number[];
  readonly tile: number;
  /** How many tiles, and so parts, there are. */
  readonly count: number;
}

/** Part of a line of pixels, `to` not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SOURCE_SIDE_MAX = 32_768; // pixels: area sums stay exact
const RADIUS_MAX = 64;
const TILE_SIDE_MAX = 1024;

/** Decides the job for a source of `width` x `height` pixels. Throws RangeError in words for options out of range. */
export function planPicture(width: number, height: number, options: PictureOptions = {}): PicturePlan {
  const { scale = 0.5, radius = 24, tile = 128 } = options;
  checkInteger(width, 1, SOURCE_SIDE_MAX, 'width');
  checkInteger(height, 1, SOURCE_SIDE_MAX, 'height');
  checkInteger(radius, 0, RADIUS_MAX, 'radius');
  checkInteger(tile, 1, TILE_SIDE_MAX, 'tile');
  if (!(scale > 0 && scale <= 1)) throw new RangeError(`scale must be above 0 and at most 1, not ${scale}`);
  const outputWidth = Math.max(1, Math.round(width * scale));
  const outputHeight = Math.max(1, Math.round(height * scale));
  return {
    sourceWidth: width,
    sourceHeight: height,
    outputWidth,
    outputHeight,
    radius,
    taps: gaussianTaps(radius),
    tile,
    count: tileCount(outputWidth, outputHeight, tile),
  };
}

/** Where tile `index` lies in the output. Throws RangeError beyond the last. */
export function pictureTile(plan: PicturePlan, index: number): Tile {
  return tileAt(plan.outputWidth, plan.outputHeight, plan.tile, index);
}

/** The source pixels along one axis that the tile's pixels and their blur depend on. */
export function sourceSpan(tileFrom: number, tileLength: number, radius: number, source: number, output: number): Span {
  const scaledFrom = Math.max(0, tileFrom - radius);
  const scaledTo = Math.min(output, tileFrom + tileLength + radius);
  return { from: Math.floor((scaledFrom * source) / output), to: Math.ceil((scaledTo * source) / output) };
}

/**
 * Gaussian weights in 1/65536 from the centre outwards, standard deviation radius / 3; the centre takes the rounding
 * errors of the sides (at most `radius` units), so that the kernel sums to 65536. Made by + * / alone, which round alike everywhere: Math.exp does not.
 */
export function gaussianTaps(radius: number): readonly number[] {
  if (radius === 0) return [65_536];
  const ratio = 1 / exponential(9 / (2 * radius * radius)); // weight at 1; weight at i is ratio^(i * i)
  const weights = [1];
  for (let i = 1, step = ratio; i <= radius; i++, step *= ratio * ratio) weights.push(weights[i - 1]! * step);
  const sum = weights.reduce((total, weight, i) => total + (i === 0 ? weight : 2 * weight), 0);
  const sides = weights.slice(1).map(weight => Math.round((weight / sum) * 65_536));
  return [65_536 - 2 * sides.reduce((total, tap) => total + tap, 0), ...sides];
}

/** e^x for 0 <= x <= 5 by its series, the same bits on every machine. */
function exponential(x: number): number {
  let sum = 1;
  for (let i = 1, term = 1; i <= 60; i++) {
    term = (term * x) / i;
    sum += term;
  }
  return sum;
}
