/**
 * A user's own picture, scaled down and blurred, as parts of one output tile each. A part carries the source pixels that
 * its tile depends on, so the tiles put together equal the whole picture worked at once, byte for byte.
 *
 * Input, little-endian: nine u32 (source width, source height, output width, output height, tile x, tile y, tile width,
 * tile height, radius); unless the radius is 0, radius + 1 u16 weights from the centre outwards; then RGBA of the source
 * region (see sourceSpan), row by row. Output: RGBA of the tile, row by row. Any other input traps.
 */

import type { TaskMeta } from '../task.ts';
import { copyTile } from '../tiles.ts';
import { type PictureOptions, type PicturePlan, pictureTile, planPicture, sourceSpan } from './plan.ts';

export { gaussianTaps, type PictureOptions, type PicturePlan, pictureTile, planPicture } from './plan.ts';

export const picture: TaskMeta = {
  name: 'picture',
  title: 'Scale and blur a picture',
  description: 'Scales your picture down and gives it a Gaussian blur in linear light, one tile a part.',
  memoryBytesMax: 32 * 1024 * 1024,
  inputBytesMax: 8 * 1024 * 1024,
  outputBytesMax: 4 * 1024 * 1024,
};

type Rgba = Uint8Array | Uint8ClampedArray;

const HEADER_BYTES = 36;

/** An RGBA picture that is filled tile by tile. */
export interface PictureTarget {
  readonly plan: PicturePlan;
  /** outputWidth * outputHeight * 4 bytes, transparent black until the tiles arrive. */
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** An empty output picture for a plan. */
export function pictureTarget(plan: PicturePlan): PictureTarget {
  return { plan, rgba: new Uint8ClampedArray(plan.outputWidth * plan.outputHeight * 4) };
}

/**
 * The inputs of all parts in the order of the tiles, each made when it is asked for. rgba: width * height * 4 bytes,
 * not changed and not kept longer than the iteration. Throws RangeError for a wrong length or options out of range.
 */
export function* pictureParts(
  rgba: Rgba,
  width: number,
  height: number,
  options: PictureOptions = {},
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const plan = planPicture(width, height, options);
  checkLength(rgba, width, height);
  for (let index = 0; index < plan.count; index++) yield picturePart(rgba, plan, index);
}

/** The input of the part that makes tile `index`. Throws RangeError when it would exceed `picture.inputBytesMax`. */
export function picturePart(rgba: Rgba, plan: PicturePlan, index: number): Uint8Array<ArrayBuffer> {
  return picturePartFrom(
    (x, y, width) => {
      const from = (y * plan.sourceWidth + x) * 4;
      return rgba.subarray(from, from + width * 4);
    },
    plan,
    index,
    1,
  );
}

/** Reads RGBA of a region of the source, row by row. */
export type RegionReader = (x: number, y: number, width: number, height: number) => Rgba;

/**
 * As picturePart, for a source that is not in memory as a whole: the tile's region is read `rowsAtOnce` rows at a time,
 * by default all at once. Throws RangeError when the reader gives another number of bytes.
 */
export function picturePartFrom(
  read: RegionReader,
  plan: PicturePlan,
  index: number,
  rowsAtOnce: number = plan.sourceHeight,
): Uint8Array<ArrayBuffer> {
  const tile = pictureTile(plan, index);
  const { sourceWidth, sourceHeight, outputWidth, outputHeight, radius, taps } = plan;
  const across = sourceSpan(tile.x, tile.width, radius, sourceWidth, outputWidth);
  const down = sourceSpan(tile.y, tile.height, radius, sourceHeight, outputHeight);
  const rowBytes = (across.to - across.from) * 4;
  const regionAt = HEADER_BYTES + (radius === 0 ? 0 : taps.length * 2);
  const bytes = regionAt + rowBytes * (down.to - down.from);
  if (bytes > picture.inputBytesMax)
    throw new RangeError(`a part of ${bytes} bytes is too large: choose smaller tiles`);
  const input = new Uint8Array(bytes);
  const data = new DataView(input.buffer);
  const header = [
    sourceWidth,
    sourceHeight,
    outputWidth,
    outputHeight,
    tile.x,
    tile.y,
    tile.width,
    tile.height,
    radius,
  ];
  for (const [i, value] of header.entries()) data.setUint32(4 * i, value, true);
  if (radius > 0) for (const [i, tap] of taps.entries()) data.setUint16(HEADER_BYTES + 2 * i, tap, true);
  for (let y = down.from; y < down.to; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, down.to - y);
    const region = read(across.from, y, across.to - across.from, rows);
    checkLength(region, across.to - across.from, rows);
    input.set(region, regionAt + (y - down.from) * rowBytes);
  }
  return input;
}

/** Puts the output of part `index` in its place. Throws RangeError when its length is not the tile's. */
export function placeTile(target: PictureTarget, index: number, output: Uint8Array): void {
  const tile = pictureTile(target.plan, index);
  const bytes = tile.width * tile.height * 4;
  if (output.length !== bytes) throw new RangeError(`expected a tile of ${bytes} bytes, got ${output.length}`);
  copyTile(target.rgba, target.plan.outputWidth, tile, output);
}

/** Throws RangeError unless the bytes are a picture of that size. */
export function checkLength(rgba: Rgba, width: number, height: number): void {
  if (rgba.length === width * height * 4) return;
  throw new RangeError(`expected ${width * height * 4} bytes for ${width} x ${height} pixels, got ${rgba.length}`);
}
