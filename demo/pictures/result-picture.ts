/** The result of a picture job: a canvas of the full size, and which peer computed which tile. */

import type { MapResult } from '../../src/index.ts';
import type { Tile } from '../../wasm-tasks/tiles.ts';
import type { JobSink } from '../state/job.ts';
import type { PictureView } from '../tasks/job-plan.ts';

/** A tile that came. */
export interface Arrival {
  readonly tile: Tile;
  /** Addresses of the peers that computed the accepted output, in order of address. */
  readonly providers: readonly string[];
  readonly atMs: number;
}

export class ResultPicture implements JobSink {
  readonly kind = 'picture';
  readonly view: PictureView;
  readonly canvas: HTMLCanvasElement;
  readonly arrivals: Arrival[] = [];
  readonly #context: CanvasRenderingContext2D;
  readonly #listeners = new Set<(arrival: Arrival) => void>();

  constructor(view: PictureView) {
    this.view = view;
    this.canvas = document.createElement('canvas');
    this.canvas.width = view.width;
    this.canvas.height = view.height;
    this.#context = this.canvas.getContext('2d')!;
  }

  take(result: MapResult): void {
    const tile = this.view.tileAt(result.index);
    const pixels = new ImageData(this.view.pixelsOf(result.index, result.output), tile.width, tile.height);
    this.#context.putImageData(pixels, tile.x, tile.y);
    const providers = result.providers.map(provider => provider.toString()).sort();
    const arrival = { tile, providers, atMs: performance.now() };
    this.arrivals.push(arrival);
    for (const listener of this.#listeners) listener(arrival);
  }

  settled(): boolean {
    return false;
  }

  refresh(): void {
    // every tile is drawn as it comes
  }

  /** Hears of each further tile. Returns a function that stops listening. */
  onArrival(listener: (arrival: Arrival) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The picture as a PNG file. */
  toPng(): Promise<Blob> {
    return new Promise((resolve, reject) => {
      this.canvas.toBlob(
        blob => (blob === null ? reject(new Error('the browser made no PNG')) : resolve(blob)),
        'image/png',
      );
    });
  }
}
