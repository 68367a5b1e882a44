/** Where an address lies on the ring that the page draws. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The point of an address (its first 4 hex digits) on a circle: 0000 at the top, growing clockwise. Centre and radius
 * in the units of the drawing, y down; rounded to hundredths.
 */
export function ringPoint(address: string, centre: number, radius: number): Point {
  const angle = (Number.parseInt(address.slice(0, 4), 16) / 65_536) * 2 * Math.PI;
  return { x: hundredths(centre + radius * Math.sin(angle)), y: hundredths(centre - radius * Math.cos(angle)) };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
