/**
 * The built-in sample: a lighthouse over the sea at dusk, drawn here so that a lone visitor can try a job at one click
 * and nothing need be fetched. The same strokes at every visit: its chance is seeded.
 */

import type { SourcePicture } from './source-picture.ts';

const WIDTH = 2000;
const HEIGHT = 1500;
const HORIZON = 800;
const SUN_X = 1270;
const SUN_Y = 690;

type Context = CanvasRenderingContext2D;
type Chance = () => number;

/** Draws the sample, 2000 × 1500 pixels. */
export function makeSamplePicture(): SourcePicture {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const chance = seeded(20_240_607);
  drawSky(context, chance);
  drawSun(context);
  drawClouds(context, chance);
  drawIslands(context, chance);
  drawSea(context, chance);
  drawBoat(context, 690, 905, 1.25);
  drawBoat(context, 980, 838, 0.5);
  drawCliff(context, chance);
  drawLighthouse(context, 1690, 735);
  drawGulls(context, chance);
  return { name: 'Lighthouse at dusk', width: WIDTH, height: HEIGHT, isSample: true, image: canvas };
}

function drawSky(context: Context, chance: Chance): void {
  const sky = context.createLinearGradient(0, 0, 0, HORIZON);
  const stops = ['#0f2038', '#1d3a58', '#4d5f77', '#a8796d', '#e3a06a', '#f7cf8b'];
  stops.forEach((colour, at) => {
    sky.addColorStop((at / (stops.length - 1)) ** 0.85, colour);
  });
  context.fillStyle = sky;
  context.fillRect(0, 0, WIDTH, HORIZON);
  for (let star = 0; star < 260; star++) {
    const y = chance() ** 2 * 420;
    context.globalAlpha = (1 - y / 420) * (0.3 + 0.7 * chance());
    context.fillStyle = '#f3f1e4';
    disc(context, chance() * WIDTH, y, 0.6 + 1.5 * chance() ** 3);
  }
  context.globalAlpha = 1;
}

function drawSun(context: Context): void {
  const glow = context.createRadialGradient(SUN_X, SUN_Y, 40, SUN_X, SUN_Y, 520);
  glow.addColorStop(0, 'rgba(255, 226, 165, 0.85)');
  glow.addColorStop(0.25, 'rgba(250, 190, 120, 0.4)');
  glow.addColorStop(1, 'rgba(250, 170, 110, 0)');
  context.fillStyle = glow;
  context.fillRect(0, 0, WIDTH, HORIZON);
  context.fillStyle = '#fff2d0';
  disc(context, SUN_X, SUN_Y, 62);
}

/** Long flat streaks, lit from below near the sun. */
function drawClouds(context: Context, chance: Chance): void {
  for (let cloud = 0; cloud < 46; cloud++) {
    const y = 300 + chance() * 420;
    const x = chance() * WIDTH;
    const length = 160 + chance() * 620;
    const lit = Math.max(0, 1 - Math.hypot(x - SUN_X, (y - SUN_Y) * 2) / 1100);
    for (let strand = 0; strand < 6; strand++) {
      context.globalAlpha = 0.05 + 0.09 * chance();
      context.fillStyle = mix([70, 74, 98], [255, 178, 120], lit);
      context.beginPath();
      context.ellipse(
        x + (chance() - 0.5) * length,
        y + (chance() - 0.5) * 22,
        length * (0.25 + 0.3 * chance()),
        3 + 9 * chance(),
        0,
        0,
        2 * Math.PI,
      );
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

function drawIslands(context: Context, chance: Chance): void {
  const ranges = [
    { from: 0, to: 760, height: 92, colour: '#5b5668' },
    { from: -100, to: 420, height: 150, colour: '#3e4257' },
    { from: 1380, to: 2100, height: 70, colour: '#6f5f68' },
  ];
  for (const { from, to, height, colour } of ranges) {
    const phase = chance() * 6;
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(from, HORIZON);
    for (let x = from; x <= to; x += 4) {
      const across = (x - from) / (to - from);
      const ridge = 0.6 + 0.25 * Math.sin(across * 7 + phase) + 0.1 * Math.sin(across * 23 + phase) + 0.04 * chance();
      context.lineTo(x, HORIZON - height * Math.sin(Math.PI * across) * ridge);
    }
    context.lineTo(to, HORIZON);
    context.fill();
  }
}

/** Rows of waves that grow towards the viewer, each with glints where the sun's path lies. */
function drawSea(context: Context, chance: Chance): void {
  const water = context.createLinearGradient(0, HORIZON, 0, HEIGHT);
  water.addColorStop(0, '#d59a70');
  water.addColorStop(0.08, '#97786f');
  water.addColorStop(0.35, '#3a566a');
  water.addColorStop(1, '#0e2434');
  context.fillStyle = water;
  context.fillRect(0, HORIZON, WIDTH, HEIGHT - HORIZON);
  for (let row = 0; row < 150; row++) {
    const near = (row / 150) ** 1.7;
    const y = HORIZON + 3 + near * (HEIGHT - HORIZON);
    drawWaveRow(context, chance, y, near);
  }
  context.globalAlpha = 1;
}

function drawWaveRow(context: Context, chance: Chance, y: number, near: number): void {
  const waves = Math.round(60 - 30 * near);
  const spread = 60 + 330 * near;
  for (let wave = 0; wave < waves; wave++) {
    const x = chance() * WIDTH;
    const length = (14 + 130 * near) * (0.5 + chance());
    const onPath = Math.exp(-(((x - SUN_X) / spread) ** 2));
    context.globalAlpha = 0.1 + 0.55 * onPath * (0.4 + 0.6 * chance()) + 0.08 * near;
    context.fillStyle = onPath > 0.25 * chance() + 0.12 ? '#ffd79a' : mix([12, 32, 46], [92, 122, 134], chance());
    crest(context, x, y, length, 1.2 + 9 * near);
  }
}

function crest(context: Context, x: number, y: number, length: number, height: number): void {
  context.beginPath();
  context.moveTo(x - length / 2, y);
  context.quadraticCurveTo(x - length / 6, y - height, x, y - height * 0.55);
  context.quadraticCurveTo(x + length / 5, y - height * 0.9, x + length / 2, y);
  context.quadraticCurveTo(x, y - height * 0.2, x - length / 2, y);
  context.fill();
}

function drawBoat(context: Context, x: number, y: number, scale: number): void {
  context.save();
  context.translate(x, y);
  context.scale(scale, scale);
  context.fillStyle = '#f1e6cf';
  fillPath(context, [
    [4, -150],
    [4, -22],
    [88, -22],
  ]);
  context.fillStyle = '#c9b79c';
  fillPath(context, [
    [-4, -132],
    [-4, -22],
    [-58, -22],
  ]);
  context.fillStyle = '#2b2530';
  context.fillRect(-3, -158, 5, 146);
  context.fillStyle = '#8c2f39';
  fillPath(context, [
    [-74, -14],
    [86, -14],
    [64, 12],
    [-56, 12],
  ]);
  context.fillStyle = '#f1e6cf';
  context.fillRect(-70, -14, 152, 4);
  context.globalAlpha = 0.25;
  context.fillStyle = '#101f2c';
  for (let line = 0; line < 9; line++) context.fillRect(-52 + line * 4, 16 + line * 9, 112 - line * 9, 4);
  context.restore();
}

function drawCliff(context: Context, chance: Chance): void {
  const layers = [
    { from: 1390, top: 745, colour: '#3b3a44' },
    { from: 1450, top: 770, colour: '#2b2c37' },
    { from: 1540, top: 860, colour: '#1d202b' },
  ];
  for (const { from, top, colour } of layers) {
    context.fillStyle = colour;
    context.beginPath();
    context.moveTo(from, 1010);
    for (let x = from; x <= WIDTH; x += 10) {
      const rise = Math.min(1, (x - from) / 170) ** 0.55;
      context.lineTo(x, 1000 - (1000 - top) * rise + (chance() - 0.5) * 16);
    }
    context.lineTo(WIDTH, 1150);
    for (let x = WIDTH; x >= from; x -= 16)
      context.lineTo(x, 1005 + ((x - from) / (WIDTH - from)) * 120 + chance() * 14);
    context.fill();
  }
  for (let stroke = 0; stroke < 700; stroke++) {
    const x = 1470 + chance() * (WIDTH - 1470);
    context.globalAlpha = 0.12 + 0.2 * chance();
    context.fillStyle = chance() < 0.45 ? '#8d6f63' : '#12141c';
    context.fillRect(x, 800 + chance() * 240, 3 + 16 * chance(), 1 + 5 * chance());
  }
  context.globalAlpha = 1;
}

function drawLighthouse(context: Context, x: number, foot: number): void {
  drawBeam(context, x, foot - 372);
  const width = (up: number): number => 46 - up * 0.062;
  for (let band = 0; band < 6; band++) {
    const low = band * 56;
    const high = low + 56;
    context.fillStyle = band % 2 === 0 ? '#efe7d8' : '#a5333c';
    fillPath(context, [
      [x - width(low), foot + 46 - low],
      [x + width(low), foot + 46 - low],
      [x + width(high), foot + 46 - high],
      [x - width(high), foot + 46 - high],
    ]);
  }
  const shade = context.createLinearGradient(x - 46, 0, x + 46, 0);
  shade.addColorStop(0, 'rgba(255, 205, 150, 0.35)');
  shade.addColorStop(0.4, 'rgba(20, 20, 40, 0)');
  shade.addColorStop(1, 'rgba(10, 14, 30, 0.62)');
  context.fillStyle = shade;
  fillPath(context, [
    [x - 46, foot + 46],
    [x + 46, foot + 46],
    [x + 25, foot - 290],
    [x - 25, foot - 290],
  ]);
  context.fillStyle = '#20222d';
  context.fillRect(x - 42, foot - 302, 84, 14);
  context.fillRect(x - 24, foot - 372, 48, 6);
  fillPath(context, [
    [x - 30, foot - 372],
    [x, foot - 424],
    [x + 30, foot - 372],
  ]);
  context.fillStyle = '#fff1bf';
  context.fillRect(x - 20, foot - 366, 40, 64);
  context.fillStyle = '#20222d';
  for (const post of [-20, -2, 16]) context.fillRect(x + post, foot - 366, 4, 64);
  for (const storey of [40, 130, 220]) context.fillRect(x - 7, foot - storey, 14, 24);
}

function drawBeam(context: Context, x: number, y: number): void {
  const beam = context.createLinearGradient(x, y, x - 1100, y - 190);
  beam.addColorStop(0, 'rgba(255, 240, 190, 0.62)');
  beam.addColorStop(1, 'rgba(255, 240, 190, 0)');
  context.fillStyle = beam;
  fillPath(context, [
    [x, y + 24],
    [x - 1150, y - 330],
    [x - 1150, y - 60],
    [x, y + 60],
  ]);
}

function drawGulls(context: Context, chance: Chance): void {
  context.strokeStyle = '#171a26';
  context.lineWidth = 4;
  context.lineCap = 'round';
  for (let gull = 0; gull < 11; gull++) {
    const x = 360 + chance() * 800;
    const y = 240 + chance() * 330;
    const wing = 12 + chance() * 26;
    context.beginPath();
    context.moveTo(x - wing, y - wing * 0.25);
    context.quadraticCurveTo(x - wing * 0.4, y - wing * 0.55, x, y);
    context.quadraticCurveTo(x + wing * 0.4, y - wing * 0.55, x + wing, y - wing * 0.3);
    context.stroke();
  }
}

function disc(context: Context, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function fillPath(context: Context, points: readonly (readonly [number, number])[]): void {
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.fill();
}

function mix(from: readonly number[], to: readonly number[], share: number): string {
  return `rgb(${from.map((part, at) => Math.round(part + (to[at]! - part) * share)).join(' ')})`;
}

/** Mulberry32 (Ettinger 2017): numbers in [0, 1), the same for the same seed. */
function seeded(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
