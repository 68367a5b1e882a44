/** Picture jobs: scale a picture down and blur it, tile by tile, reading the source only as tiles are asked for. */

import {
  type PicturePlan,
  picturePartFrom,
  pictureTile,
  planPicture as planTiles,
  type RegionReader,
} from '../../wasm-tasks/picture/meta.ts';
import { PageError } from '../errors.ts';
import { formatPixels } from '../format.ts';
import type { JobPlan } from './job-plan.ts';

export const BLUR_MAX = 64;
export const BLUR_DEFAULT = 12;
/** Output pixels: what browsers keep in one canvas. */
export const OUTPUT_PIXELS_MAX = 50_000_000;

/** Shares of the source's size that are offered. */
export const scales: readonly { readonly name: string; readonly scale: number }[] = [
  { name: 'Full size', scale: 1 },
  { name: 'Half size', scale: 0.5 },
  { name: 'Quarter size', scale: 0.25 },
];

const TILE_SIDE = 128; // output pixels
const TILE_SIDE_LARGE = 256;
const TILE_SIDE_MIN = 16;
const LARGE_OUTPUT_PIXELS = 4_000_000;
/** Longest side of the source region of a part: 4 bytes a pixel squared stay under the task's 8 MiB. */
const REGION_SIDE_MAX = 1_400;

/** A source of pixels, with as much of a picture as a plan needs. */
export interface PixelSource {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly image: CanvasImageSource;
}

export interface PictureSettings {
  readonly scale: number;
  /** Reach of the blur in output pixels, 0 to BLUR_MAX. */
  readonly blur: number;
}

/** The plan of a picture job. `readerOf` opens the source's pixels, once per run. Throws PageError PICTURE_TOO_LARGE. */
export function planPicture(
  source: PixelSource,
  { scale, blur }: PictureSettings,
  readerOf: () => RegionReader,
): JobPlan {
  const tiles = tilesOf(source.width, source.height, scale, blur);
  const { outputWidth: width, outputHeight: height } = tiles;
  return {
    task: 'picture',
    summary: `${source.name}, ${width} × ${height}, ${blur === 0 ? 'no blur' : `blur ${blur}`}`,
    parts: tiles.count,
    endsEarly: false,
    inputs: () => inputsOf(tiles, readerOf()),
    view: {
      kind: 'picture',
      width,
      height,
      backdrop: source.image,
      tileAt: index => pictureTile(tiles, index),
      pixelsOf: (index, output) => pixelsOf(tiles, index, output),
      fileName: `${baseName(source.name)}-peersea.png`,
    },
  };
}

/** Sizes and tiles of the job. Throws PageError PICTURE_TOO_LARGE. */
export function tilesOf(width: number, height: number, scale: number, blur: number): PicturePlan {
  const tiles = planTiles(width, height, { scale, radius: blur, tile: tileSide(width, height, scale, blur) });
  const { outputWidth, outputHeight } = tiles;
  if (outputWidth * outputHeight <= OUTPUT_PIXELS_MAX) return tiles;
  throw new PageError(
    'PICTURE_TOO_LARGE',
    `The result would have ${formatPixels(outputWidth, outputHeight)}; the page shows up to ${OUTPUT_PIXELS_MAX / 1e6}.`,
  );
}

/** Tiles small enough that a part with its blur's reach fits the task, large enough to be worth a message. */
function tileSide(width: number, height: number, scale: number, blur: number): number {
  const wanted = width * height * scale * scale > LARGE_OUTPUT_PIXELS ? TILE_SIDE_LARGE : TILE_SIDE;
  const fitting = Math.floor(REGION_SIDE_MAX * scale) - 2 * blur;
  return Math.max(TILE_SIDE_MIN, Math.min(wanted, fitting));
}

function* inputsOf(tiles: PicturePlan, read: RegionReader): Generator<Uint8Array, void, undefined> {
  for (let index = 0; index < tiles.count; index++) yield picturePartFrom(read, tiles, index);
}

function pixelsOf(tiles: PicturePlan, index: number, output: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const { width, height } = pictureTile(tiles, index);
  if (output.length !== width * height * 4) {
    throw new RangeError(`expected a tile of ${width * height * 4} bytes, got ${output.length}`);
  }
  return new Uint8ClampedArray(output);
}

/** A file name without its ending, of letters, digits and dashes. */
function baseName(name: string): string {
  const base = name
    .replace(/\.[^.]*$/, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  return base === '' ? 'picture' : base.toLowerCase();
}
