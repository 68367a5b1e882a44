/** A picture made of numbers, with its PNG file: what the page must decode, cut up, compute and put together again. */

import { crc32, deflateSync } from 'node:zlib';

export interface TestPicture {
  readonly width: number;
  readonly height: number;
  /** Opaque, row by row. */
  readonly rgba: Uint8Array;
  readonly png: Buffer;
}

/** Slopes, a fine pattern and noise; the same at every call. */
export function testPicture(width: number, height: number): TestPicture {
  const rgba = new Uint8Array(width * height * 4);
  let chance = 1;
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
    rgba.set([(x * 255) / width, (y * 255) / height, ((x ^ y) & 255) ^ (chance >>> 28), 255], 4 * at);
  }
  return { width, height, rgba, png: encodePng(rgba, width, height) };
}

/** A PNG file of 8-bit RGB without filters or colour profile. The alpha of `rgba` is left out. */
function encodePng(rgba: Uint8Array, width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + 3 * width)); // each row begins with its filter, 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 4 * (y * width + x);
      rows.set(rgba.subarray(from, from + 3), y * (1 + 3 * width) + 1 + 3 * x);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // bits of a channel, RGB
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(content));
  return Buffer.concat([length, content, sum]);
}
