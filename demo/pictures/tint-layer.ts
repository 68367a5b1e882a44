/**
 * The colours over a result picture: each tile is outlined and tinted in the colour of its peer, or in bands of its
 * peers' colours, strongly when it comes and faintly after. A canvas of the size on screen, however large the picture is.
 */

import { peerColour } from '../state/peer-palette.ts';
import type { Arrival, ResultPicture } from './result-picture.ts';

const FADE_MS = 1_400;
const TINT_FRESH = 0.62;
const TINT_SETTLED = 0.1;
const OUTLINE_FRESH = 1;
const OUTLINE_SETTLED = 0.55;

export class TintLayer {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #result: ResultPicture;
  readonly #still: boolean;
  readonly #stopListening: () => void;
  #frame: number | undefined;

  /** `still`: no fading, for those who asked for less motion. */
  constructor(canvas: HTMLCanvasElement, result: ResultPicture, still: boolean) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d')!;
    this.#result = result;
    this.#still = still;
    this.#stopListening = result.onArrival(() => this.#ask());
  }

  /** Fits the canvas to its place on screen, in CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#canvas.width = Math.max(1, Math.round(width * pixelRatio));
    this.#canvas.height = Math.max(1, Math.round(height * pixelRatio));
    this.#ask();
  }

  close(): void {
    this.#stopListening();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #ask(): void {
    this.#frame ??= requestAnimationFrame(nowMs => {
      this.#frame = undefined;
      if (this.#draw(nowMs)) this.#ask();
    });
  }

  /** Draws every tile; true while one still fades. */
  #draw(nowMs: number): boolean {
    const { arrivals } = this.#result;
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    for (const arrival of arrivals) this.#drawTile(arrival, this.#freshness(arrival, nowMs));
    const newest = arrivals.at(-1);
    return newest !== undefined && this.#freshness(newest, nowMs) > 0;
  }

  #freshness(arrival: Arrival, nowMs: number): number {
    if (this.#still) return 0;
    return Math.min(1, Math.max(0, 1 - (nowMs - arrival.atMs) / FADE_MS));
  }

  #drawTile({ tile, providers }: Arrival, freshness: number): void {
    const context = this.#context;
    const scaleX = this.#canvas.width / this.#result.view.width;
    const scaleY = this.#canvas.height / this.#result.view.height;
    const left = Math.round(tile.x * scaleX);
    const top = Math.round(tile.y * scaleY);
    const width = Math.round((tile.x + tile.width) * scaleX) - left;
    const height = Math.round((tile.y + tile.height) * scaleY) - top;
    const band = width / providers.length;
    const lineWidth = Math.min(2, Math.max(1, width / 40));
    context.lineWidth = lineWidth;
    providers.forEach((provider, at) => {
      const from = left + at * band;
      context.fillStyle = context.strokeStyle = peerColour(provider);
      context.globalAlpha = TINT_SETTLED + (TINT_FRESH - TINT_SETTLED) * freshness ** 2;
      context.fillRect(from, top, band, height);
      context.globalAlpha = OUTLINE_SETTLED + (OUTLINE_FRESH - OUTLINE_SETTLED) * freshness;
      context.strokeRect(
        from + lineWidth / 2,
        top + lineWidth / 2,
        Math.max(0, band - lineWidth),
        Math.max(0, height - lineWidth),
      );
    });
  }
}
