/**
 * The picture task in plain TypeScript on the whole picture at once, with no tiles: what the tiles put together must
 * equal. Light is the square of a colour byte (gamma 2), 0 to 65025, weighted by alpha; every rounding is of exact
 * integers.
 */

import { checkLength, type PictureOptions, planPicture } from './meta.ts';

const LIGHT_MAX = 65_025; // 255 squared

/** Four values a pixel, row by row, as light. */
interface LightPicture {
  readonly light: Uint16Array;
  readonly width: number;
  readonly height: number;
}

/** The output picture's RGBA (see planPicture for its size). Throws RangeError as pictureParts does. */
export function referencePicture(
  rgba: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  options: PictureOptions = {},
): Uint8ClampedArray<ArrayBuffer> {
  const plan = planPicture(width, height, options);
  checkLength(rgba, width, height);
  const scaled = scaleDown({ light: lightOf(rgba), width, height }, plan.outputWidth, plan.outputHeight);
  if (plan.radius === 0) return bytesOf(scaled.light);
  const kernel = [...plan.taps.slice(1).reverse(), ...plan.taps];
  return bytesOf(blurColumns(blurRows(scaled, kernel), kernel).light);
}

/** Squares the colours, weighted by alpha; alpha on the same scale. */
function lightOf(rgba: Uint8Array | Uint8ClampedArray): Uint16Array {
  return Uint16Array.from(rgba, (value, i) => {
    const alpha = rgba[i | 3]!;
    return (i & 3) === 3 ? alpha * 255 : Math.floor((value * value * alpha + 127) / 255);
  });
}

/**
 * Each output pixel is the mean of the source area it covers, rounded once. Lengths count in 1/output source pixels:
 * output pixel o covers [o * source, (o + 1) * source), source pixel s covers [s * output, (s + 1) * output).
 */
function scaleDown(from: LightPicture, width: number, height: number): LightPicture {
  const light = new Uint16Array(width * height * 4);
  const area = from.width * from.height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0, 0];
      for (const [sourceY, weightY] of covered(y, from.height, height)) {
        for (const [sourceX, weightX] of covered(x, from.width, width)) {
          const at = (sourceY * from.width + sourceX) * 4;
          for (let channel = 0; channel < 4; channel++) sums[channel]! += weightX * weightY * from.light[at + channel]!;
        }
      }
      sums.forEach((sum, channel) => {
        light[(y * width + x) * 4 + channel] = Math.floor((sum + Math.floor(area / 2)) / area);
      });
    }
  }
  return { light, width, height };
}

/** The source pixels under an output pixel along one axis, each with the length of its overlap. */
function covered(at: number, source: number, output: number): [pixel: number, weight: number][] {
  const pixels: [number, number][] = [];
  const [begin, end] = [at * source, (at + 1) * source];
  for (let pixel = Math.floor(begin / output); pixel * output < end; pixel++) {
    pixels.push([pixel, Math.min(end, (pixel + 1) * output) - Math.max(begin, pixel * output)]);
  }
  return pixels;
}

function blurRows({ light, width, height }: LightPicture, kernel: readonly number[]): LightPicture {
  const blurred = new Uint16Array(light.length);
  const radius = (kernel.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * 4; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) {
        const x = Math.min(width - 1, Math.max(0, (i >> 2) + k - radius)); // edge pixels repeat
        sum += kernel[k]! * light[(y * width + x) * 4 + (i & 3)]!;
      }
      blurred[y * width * 4 + i] = Math.floor((sum + 32_768) / 65_536);
    }
  }
  return { light: blurred, width, height };
}

function blurColumns({ light, width, height }: LightPicture, kernel: readonly number[]): LightPicture {
  const blurred = new Uint16Array(light.length);
  const radius = (kernel.length - 1) / 2;
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < width * 4; i++) {
      let sum = 0;
      for (let k = 0; k < kernel.length; k++) {
        const row = Math.min(height - 1, Math.max(0, y + k - radius));
        sum += kernel[k]! * light[row * width * 4 + i]!;
      }
      blurred[y * width * 4 + i] = Math.floor((sum + 32_768) / 65_536);
    }
  }
  return { light: blurred, width, height };
}

/** Back to bytes: colours freed of alpha, then the nearest square root. Fully transparent pixels are black. */
function bytesOf(light: Uint16Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(light.length);
  for (let i = 0; i < light.length; i++) {
    const alpha = light[i | 3]!;
    if ((i & 3) === 3) rgba[i] = Math.floor((alpha + 127) / 255);
    else if (alpha > 0) rgba[i] = rootOf(Math.floor((light[i]! * LIGHT_MAX + Math.floor(alpha / 2)) / alpha));
  }
  return rgba;
}

function rootOf(light: number): number {
  return Math.floor(Math.sqrt(Math.min(light, LIGHT_MAX)) + 0.5);
}
