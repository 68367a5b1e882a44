/**
 * A Mandelbrot picture as parts, one tile each.
 *
 * Input, 44 bytes, little-endian: f64 left, f64 top (the plane's point at the middle of the picture's top left pixel),
 * f64 stride (distance of neighbouring pixels), u32 x, y, width, height (the tile in the picture; sides at most 2048),
 * u32 iterations (1 to 65535). Output: width * height u16, row by row: the number of iterations until |z| > 2, or
 * `iterations` where that was not reached. Any other input traps.
 */

import { checkInteger, type TaskMeta, viewOutput } from '../task.ts';
import { copyTile, type Tile, tileAt, tileCount } from '../tiles.ts';

export const mandelbrot: TaskMeta = {
  name: 'mandelbrot',
  title: 'Mandelbrot set',
  description: 'Draws a piece of the Mandelbrot set, one tile a part, in 64-bit floating point.',
  memoryBytesMax: 16 * 1024 * 1024,
  inputBytesMax: 44,
  outputBytesMax: 1024 * 1024 * 2,
};

export interface MandelbrotView {
  /** The plane's point in the middle of the picture. */
  readonly centreX: number;
  readonly centreY: number;
  /** Width of the picture in the plane. */
  readonly span: number;
  /** Size of the picture, pixels, each at most 16384. */
  readonly width: number;
  readonly height: number;
  /** At most 65535. */
  readonly iterations: number;
  /** Side of a tile, pixels, at most 1024. */
  readonly tile: number;
}

/** The whole set in 48 tiles, 1 to 140 ms each and 40 on average: parts as uneven as parts of real work are. */
export const defaultView: MandelbrotView = {
  centreX: -0.5,
  centreY: 0,
  span: 3,
  width: 2048,
  height: 1536,
  iterations: 2000,
  tile: 256,
};

/** Throws RangeError for a view that the task would refuse. Returns the view. */
export function checkView(view: MandelbrotView): MandelbrotView {
  checkInteger(view.width, 1, 16384, 'width');
  checkInteger(view.height, 1, 16384, 'height');
  checkInteger(view.iterations, 1, 65535, 'iterations');
  checkInteger(view.tile, 1, 1024, 'tile');
  if (!Number.isFinite(view.centreX) || !Number.isFinite(view.centreY))
    throw new RangeError('the centre must be finite');
  if (!Number.isFinite(view.span) || !(view.span / view.width > 0)) throw new RangeError('the span must be above 0');
  return view;
}

/** How many parts the view has. */
export function mandelbrotPartCount(view: MandelbrotView): number {
  return tileCount(view.width, view.height, view.tile);
}

/** Where the part's pixels lie in the picture. */
export function mandelbrotTile(view: MandelbrotView, index: number): Tile {
  return tileAt(view.width, view.height, view.tile, index);
}

/** The input of one part. */
export function mandelbrotPart(view: MandelbrotView, index: number): Uint8Array<ArrayBuffer> {
  const { x, y, width, height } = mandelbrotTile(view, index);
  const stride = view.span / view.width;
  const data = new DataView(new ArrayBuffer(44));
  data.setFloat64(0, view.centreX - (stride * (view.width - 1)) / 2, true);
  data.setFloat64(8, view.centreY + (stride * (view.height - 1)) / 2, true);
  data.setFloat64(16, stride, true);
  for (const [i, value] of [x, y, width, height, view.iterations].entries()) data.setUint32(24 + 4 * i, value, true);
  return new Uint8Array(data.buffer);
}

/** The inputs of all parts, made as they are asked for. Throws RangeError (see checkView) at the first. */
export function* mandelbrotParts(view: MandelbrotView): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  checkView(view);
  for (let index = 0; index < mandelbrotPartCount(view); index++) yield mandelbrotPart(view, index);
}

/** The iteration counts in an output, row by row. Throws RangeError when the length is not the tile's. */
export function readCounts(tile: Tile, output: Uint8Array): Uint16Array {
  const data = viewOutput(output, tile.width * tile.height * 2);
  return Uint16Array.from({ length: tile.width * tile.height }, (_, i) => data.getUint16(2 * i, true));
}

/** Colours a part's output and puts it in its place in the RGBA picture of the whole view. */
export function placeMandelbrotTile(
  target: Uint8Array | Uint8ClampedArray,
  view: MandelbrotView,
  index: number,
  output: Uint8Array,
): void {
  const tile = mandelbrotTile(view, index);
  const counts = readCounts(tile, output);
  const rgba = new Uint8Array(counts.length * 4);
  for (let i = 0; i < counts.length; i++) rgba.set(colourOf(counts[i]!, view.iterations), 4 * i);
  copyTile(target, view.width, tile, rgba);
}

/** Stops of the palette, RGB: midnight, sea, foam, sand, dusk, and round again. */
const stops: readonly (readonly [number, number, number])[] = [
  [6, 12, 44],
  [18, 98, 160],
  [224, 246, 255],
  [250, 186, 60],
  [96, 24, 56],
];
const STEPS_PER_STOP = 24; // iterations from one stop to the next

const palette: readonly (readonly [number, number, number, number])[] = Array.from(
  { length: stops.length * STEPS_PER_STOP },
  (_, i) => {
    const from = stops[Math.floor(i / STEPS_PER_STOP)]!;
    const to = stops[(Math.floor(i / STEPS_PER_STOP) + 1) % stops.length]!;
    const part = (i % STEPS_PER_STOP) / STEPS_PER_STOP;
    const mix = (channel: 0 | 1 | 2): number => Math.round(from[channel] + (to[channel] - from[channel]) * part);
    return [mix(0), mix(1), mix(2), 255];
  },
);

/** RGBA of a pixel by its iterations; black inside the set. */
export function colourOf(count: number, iterations: number): readonly [number, number, number, number] {
  return count >= iterations ? [0, 0, 0, 255] : palette[count % palette.length]!;
}
