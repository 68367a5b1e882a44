/** The result of a table job: the rows that came, the best of them, and the answer so far. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { MapResult } from '../../src/index.ts';
import type { JobSink } from '../state/job.ts';
import { toCsv, toJson } from './export.ts';
import type { ResultRow, TableView } from './job-plan.ts';

/** A row with the peer that computed it. */
export interface ShownTable {
  readonly best: readonly ResultRow[];
  readonly answer: string;
}

export class ResultTable implements JobSink {
  readonly kind = 'table';
  readonly view: TableView;
  readonly #rows: ResultRow[] = [];
  readonly #shown: Signal<ShownTable>;
  #changed = false;

  constructor(view: TableView) {
    this.view = view;
    this.#shown = signal({ best: [], answer: view.answer([]) });
  }

  /** What the page shows; brought up to date by `refresh`. */
  get shown(): ReadonlySignal<ShownTable> {
    return this.#shown;
  }

  take(result: MapResult): void {
    this.#rows.push(...this.view.rowsOf(result.index, result.output));
    this.#changed = true;
  }

  settled(): boolean {
    return this.view.settled(this.#rows);
  }

  refresh(): void {
    if (!this.#changed) return;
    this.#changed = false;
    this.#shown.value = { best: this.view.best(this.#rows), answer: this.view.answer(this.#rows) };
  }

  /** All rows in the order of their first cell, as a file's text. */
  toText(form: 'csv' | 'json'): string {
    const rows = [...this.#rows].sort((a, b) => Number(a[0]) - Number(b[0]));
    return form === 'csv' ? toCsv(this.view.columns, rows) : toJson(this.view.columns, rows);
  }
}
