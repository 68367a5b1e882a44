/**
 * A picture to compute on: decoded once by the browser, read region by region. Only the decoded picture and one region
 * are in memory, so a job over a hundred megapixels costs no more than having the picture open.
 */

import { PageError } from '../errors.ts';
import { formatBytes, formatPixels } from '../format.ts';

/** Bytes of a file; bounds what is handed to the browser's decoder. */
export const FILE_BYTES_MAX = 200_000_000;
/** Pixels of a picture: 4 bytes each once decoded. */
export const PIXELS_MAX = 120_000_000;
/** Pixels of a side: what browsers draw and the task accepts. */
export const SIDE_MAX = 32_000;

export interface SourcePicture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Whether it is the built-in sample. */
  readonly isSample: boolean;
  readonly image: ImageBitmap | HTMLCanvasElement;
}

/** Decodes a file, turned as its EXIF says. Throws PageError PICTURE_UNREADABLE or PICTURE_TOO_LARGE. */
export async function decodePicture(file: Blob & { readonly name?: string }): Promise<SourcePicture> {
  if (file.size > FILE_BYTES_MAX) {
    throw new PageError(
      'PICTURE_TOO_LARGE',
      `The file has ${formatBytes(file.size)}; the page takes up to ${formatBytes(FILE_BYTES_MAX)}.`,
    );
  }
  const image = await decode(file);
  const { width, height } = image;
  if (width * height > PIXELS_MAX || Math.max(width, height) > SIDE_MAX) {
    image.close();
    throw new PageError(
      'PICTURE_TOO_LARGE',
      `The picture has ${width} × ${height} pixels (${formatPixels(width, height)}); the page takes up to ${PIXELS_MAX / 1e6} megapixels and ${SIDE_MAX} pixels a side.`,
    );
  }
  return { name: file.name ?? 'picture', width, height, isSample: false, image };
}

/** Gives the decoded pixels back to the browser. */
export function releasePicture(picture: SourcePicture): void {
  if ('close' in picture.image) picture.image.close();
}

/** Reads regions of a picture as RGBA bytes, row by row; each reader has one canvas of its own. */
export function regionReader(
  picture: SourcePicture,
): (x: number, y: number, width: number, height: number) => Uint8ClampedArray {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  return (x, y, width, height) => {
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    } else {
      context.clearRect(0, 0, width, height);
    }
    context.drawImage(picture.image, x, y, width, height, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
}

async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch {
    throw new PageError('PICTURE_UNREADABLE', 'This file is not a picture the browser can read.');
  }
}
