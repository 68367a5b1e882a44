/** The mandelbrot task in plain TypeScript: the same input bytes give the same output bytes. */

/** Iterations of z -> z^2 + c from 0 until |z| > 2, at most `iterations`. Every operation is one IEEE 754 rounding. */
export function countIterations(cRe: number, cIm: number, iterations: number): number {
  let re = 0;
  let im = 0;
  for (let count = 0; count < iterations; count++) {
    const re2 = re * re;
    const im2 = im * im;
    if (re2 + im2 > 4) return count;
    const product = re * im;
    im = product + product + cIm;
    re = re2 - im2 + cRe;
  }
  return iterations;
}

/** What `run` gives for a well-formed input (its form: meta.ts). */
export function referenceMandelbrot(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const data = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const [left, top, stride] = [0, 8, 16].map(at => data.getFloat64(at, true)) as [number, number, number];
  const [x, y, width, height, iterations] = [24, 28, 32, 36, 40].map(at => data.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const output = new DataView(new ArrayBuffer(width * height * 2));
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const count = countIterations(left + (x + column) * stride, top - (y + row) * stride, iterations);
      output.setUint16(2 * (row * width + column), count, true);
    }
  }
  return new Uint8Array(output.buffer);
}
