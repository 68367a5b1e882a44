/** What the checking page of `page-jobs.spec.ts` can do: turn PNG files into pixels, and draw the page's sample again. */

import { makeSamplePicture } from '../../demo/pictures/sample-picture.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA row by row, base64. */
  readonly rgba: string;
}

const pixelsApi = {
  /** The pixels of a PNG file in base64, by way of a canvas. */
  async ofPng(base64: string): Promise<Pixels> {
    const response = await fetch(`data:image/png;base64,${base64}`);
    const image = await createImageBitmap(await response.blob());
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return ofCanvas(canvas);
  },

  /** The pixels of the sample that the page offers. */
  ofSample(): Promise<Pixels> {
    return ofCanvas(makeSamplePicture().image as HTMLCanvasElement);
  },
};

async function ofCanvas(canvas: HTMLCanvasElement): Promise<Pixels> {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  return { width, height, rgba: await toBase64(data) };
}

function toBase64(bytes: Uint8ClampedArray<ArrayBuffer>): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^.*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });
}

export type PixelsApi = typeof pixelsApi;
Object.assign(globalThis, { pixels: pixelsApi });
