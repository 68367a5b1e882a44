/**
 * The colours of peers: 18 hues in 3 lightnesses. A peer's own comes from the last bytes of its address, so that every
 * page shows it alike, and neighbours on the ring of addresses do not look alike for being neighbours. All lie within a
 * band that stands out (3:1) on the light sheet and on the dark one. Made in OKLCH (Ottosson 2020), where equal steps
 * look equally far apart.
 */

const HUES = 18;
const LIGHTNESSES = [0.55, 0.595, 0.645] as const;
const CHROMA = 0.16;
const CHROMA_STEP = 0.005;

/** How many colours there are. */
export const COLOURS: number = HUES * LIGHTNESSES.length;

export type Rgb = readonly [red: number, green: number, blue: number];

/** The number of an address's own colour, 0 to COLOURS - 1. address: at least 6 hex digits. */
export function ownColour(address: string): number {
  const hue = Number.parseInt(address.slice(-4), 16) % HUES;
  return hue + HUES * (Number.parseInt(address.slice(-6, -4), 16) % LIGHTNESSES.length);
}

/** True for colours of the same or a neighbouring hue, which are hard to tell apart. */
export function lookAlike(a: number, b: number): boolean {
  const apart = Math.abs((a % HUES) - (b % HUES));
  return Math.min(apart, HUES - apart) <= 1;
}

/** Colour `number`, 0 to COLOURS - 1, as '#rrggbb'. */
export function colourAt(number: number): string {
  return toHex(inGamut(LIGHTNESSES[Math.floor(number / HUES)]!, ((number % HUES) * 360) / HUES));
}

/** The relative luminance of '#rrggbb' (WCAG 2.2), 0 to 1. */
export function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(at => linear(Number.parseInt(colour.slice(at, at + 2), 16) / 255));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** The contrast of two colours '#rrggbb' (WCAG 2.2), 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The colour of that lightness and hue with the most chroma, up to CHROMA, that a screen can show. */
function inGamut(lightness: number, hue: number): Rgb {
  for (let chroma = CHROMA; chroma > 0; chroma -= CHROMA_STEP) {
    const rgb = fromOklch(lightness, chroma, hue);
    if (rgb.every(part => part >= 0 && part <= 1)) return rgb;
  }
  return fromOklch(lightness, 0, hue);
}

function fromOklch(lightness: number, chroma: number, hueDegrees: number): Rgb {
  const hue = (hueDegrees * Math.PI) / 180;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function toHex(rgb: Rgb): string {
  return `#${rgb
    .map(part =>
      Math.round(encoded(part) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

function encoded(part: number): number {
  return part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055;
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
