/** A job as the page runs it: which task, how its inputs are made one by one, and what its outputs mean. */

import type { Tile } from '../../wasm-tasks/tiles.ts';

export type TaskName = 'picture' | 'mandelbrot' | 'collatz' | 'hash-search';

/** Outputs are tiles of one picture. */
export interface PictureView {
  readonly kind: 'picture';
  readonly width: number;
  readonly height: number;
  /** What the result will be made from, shown faintly until tiles arrive. */
  readonly backdrop?: CanvasImageSource;
  tileAt(index: number): Tile;
  /** The tile's pixels, RGBA row by row, from the output of part `index`. Throws RangeError for an output of another length. */
  pixelsOf(index: number, output: Uint8Array): Uint8ClampedArray<ArrayBuffer>;
  /** The name under which the picture is saved, with .png. */
  readonly fileName: string;
}

/** One line of a result table: a cell per column. Numbers too big for a double are decimal text. */
export type ResultRow = readonly (string | number)[];

/** Outputs are rows of a table. */
export interface TableView {
  readonly kind: 'table';
  readonly columns: readonly string[];
  /** Rows that part `index` contributes; often one, sometimes none. */
  rowsOf(index: number, output: Uint8Array): ResultRow[];
  /** The rows worth showing, best first, of all that came so far. */
  best(rows: readonly ResultRow[]): ResultRow[];
  /** The answer in one sentence, of all rows that came so far. */
  answer(rows: readonly ResultRow[]): string;
  /** True when the rows so far settle the question and the rest need not be computed. */
  settled(rows: readonly ResultRow[]): boolean;
  /** The name under which the table is saved, without ending. */
  readonly fileName: string;
}

export interface JobPlan {
  readonly task: TaskName;
  /** What is computed, in a few words: "picture, 2000 × 1500, blur 4". */
  readonly summary: string;
  /** How many parts there are, at most. */
  readonly parts: number;
  /** True when the job ends at the first find, mostly long before its last part. */
  readonly endsEarly: boolean;
  /** The inputs of parts 0, 1, …, each made when it is asked for. */
  inputs(): Iterable<Uint8Array>;
  readonly view: PictureView | TableView;
}
