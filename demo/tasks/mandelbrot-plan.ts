/** Mandelbrot jobs: places worth seeing, sizes, and how they become a plan. */

import {
  checkView,
  colourOf,
  type MandelbrotView,
  mandelbrotPartCount,
  mandelbrotParts,
  mandelbrotTile,
  readCounts,
} from '../../wasm-tasks/mandelbrot/meta.ts';
import type { JobPlan } from './job-plan.ts';

/** A point of the plane and how wide the picture is there. */
export interface Place {
  readonly name: string;
  readonly centreX: number;
  readonly centreY: number;
  readonly span: number;
  /** Iterations that show the place's detail. */
  readonly iterations: number;
}

export const places: readonly Place[] = [
  { name: 'Seahorse valley', centreX: -0.7435, centreY: 0.1314, span: 0.003, iterations: 2000 },
  { name: 'The whole set', centreX: -0.65, centreY: 0, span: 3.4, iterations: 500 },
  { name: 'Elephant valley', centreX: 0.2865, centreY: 0.0122, span: 0.018, iterations: 1500 },
  { name: 'Chain of spirals', centreX: -1.25066, centreY: 0.02012, span: 0.0004, iterations: 2000 },
  { name: 'Lightning', centreX: -0.16, centreY: 1.0405, span: 0.026, iterations: 1200 },
  {
    name: 'A small set far down',
    centreX: -0.743643887037151,
    centreY: 0.13182590420533,
    span: 0.000012,
    iterations: 4000,
  },
];

export const pictureSizes: readonly { readonly name: string; readonly width: number; readonly height: number }[] = [
  { name: '1024 × 768', width: 1024, height: 768 },
  { name: '2048 × 1536', width: 2048, height: 1536 },
  { name: '4096 × 3072', width: 4096, height: 3072 },
];

export interface MandelbrotSettings {
  readonly place: Place;
  readonly width: number;
  readonly height: number;
}

/** The plan of a Mandelbrot picture. */
export function planMandelbrot({ place, width, height }: MandelbrotSettings): JobPlan {
  const { centreX, centreY, span, iterations } = place;
  const view = checkView({ centreX, centreY, span, width, height, iterations, tile: 128 });
  return {
    task: 'mandelbrot',
    summary: `Mandelbrot set, ${place.name}, ${width} × ${height}`,
    parts: mandelbrotPartCount(view),
    endsEarly: false,
    inputs: () => mandelbrotParts(view),
    view: {
      kind: 'picture',
      width,
      height,
      tileAt: index => mandelbrotTile(view, index),
      pixelsOf: (index, output) => pixelsOf(view, index, output),
      fileName: 'mandelbrot.png',
    },
  };
}

function pixelsOf(view: MandelbrotView, index: number, output: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const counts = readCounts(mandelbrotTile(view, index), output);
  const pixels = new Uint8ClampedArray(counts.length * 4);
  counts.forEach((count, at) => {
    pixels.set(colourOf(count, view.iterations), 4 * at);
  });
  return pixels;
}
