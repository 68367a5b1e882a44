/** Cutting a picture into tiles, row by row from the top left, and putting RGBA tiles back. */

export interface Tile {
  /** Position of its top left pixel. */
  readonly x: number;
  readonly y: number;
  /** Size in pixels; tiles at the right and bottom edge may be smaller than the others. */
  readonly width: number;
  readonly height: number;
}

/** How many tiles of `side` pixels cover the picture. */
export function tileCount(width: number, height: number, side: number): number {
  return Math.ceil(width / side) * Math.ceil(height / side);
}

/** The tile at `index`, which runs from 0 to tileCount - 1. Throws RangeError beyond. */
export function tileAt(width: number, height: number, side: number, index: number): Tile {
  if (!Number.isInteger(index) || index < 0 || index >= tileCount(width, height, side)) {
    throw new RangeError(`no tile ${index} in a picture of ${width} x ${height} pixels cut into ${side}`);
  }
  const columns = Math.ceil(width / side);
  const x = (index % columns) * side;
  const y = Math.floor(index / columns) * side;
  return { x, y, width: Math.min(side, width - x), height: Math.min(side, height - y) };
}

/** Copies a tile's RGBA rows into a picture `width` pixels wide. */
export function copyTile(
  target: Uint8Array | Uint8ClampedArray,
  width: number,
  tile: Tile,
  rgba: Uint8Array | Uint8ClampedArray,
): void {
  for (let row = 0; row < tile.height; row++) {
    const from = row * tile.width * 4;
    target.set(rgba.subarray(from, from + tile.width * 4), ((tile.y + row) * width + tile.x) * 4);
  }
}
