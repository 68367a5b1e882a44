/** A text as the dark modules of a QR code. */

import { encode } from 'uqr';

export interface QrDrawing {
  /** Modules on a side, the border included. */
  readonly size: number;
  /** The dark modules, as a path of steps of one. */
  readonly path: string;
}

/** Light modules around it, as the standard asks. */
const BORDER = 4;

/** At most 2,953 bytes of text; a link has a third of that. */
export function drawQr(text: string): QrDrawing {
  const { size, data } = encode(text, { ecc: 'L', border: BORDER });
  return { size, path: pathOf(data) };
}

/** One step right for each run of dark modules of a row. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  let path = '';
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < row.length; ) {
      let end = x;
      while (row[end] === true) end += 1;
      if (end > x) path += `M${x} ${y}h${end - x}v1h${x - end}z`;
      x = Math.max(end, x + 1);
    }
  }
  return path;
}
