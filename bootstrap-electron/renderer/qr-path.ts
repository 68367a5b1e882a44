/** A QR code as the path of an SVG: no markup made of text, which the page's policy is there to refuse. */

import { encode } from 'uqr';

export interface QrPath {
  /** Modules on a side, the quiet border of 4 included. */
  readonly size: number;
  /** SVG path data of the dark modules, one unit each. */
  readonly path: string;
}

/** ISO/IEC 18004 asks for 4 light modules around the code. */
const BORDER = 4;

/** The code of `text`, error correction M or better. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER, boostEcc: true });
  const runs = data.flatMap((row, y) => darkRuns(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  return { size, path: runs.join('') };
}

/** Start and length of each run of dark modules. */
function darkRuns(row: readonly boolean[]): [start: number, length: number][] {
  const runs: [number, number][] = [];
  row.forEach((isDark, x) => {
    const last = runs.at(-1);
    if (!isDark) return;
    if (last !== undefined && last[0] + last[1] === x) last[1] += 1;
    else runs.push([x, 1]);
  });
  return runs;
}
