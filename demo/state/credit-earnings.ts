/** What was earned when: the prices of paid receipts, in steps of time. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Credit, ReceiptView } from '../../src/credit/credit.ts';

export const spans = {
  Hour: { stepMs: 120_000, steps: 30, words: 'the last hour' },
  Day: { stepMs: 3_600_000, steps: 24, words: 'the last day' },
  Month: { stepMs: 86_400_000, steps: 30, words: 'the last 30 days' },
} as const;

export type SpanName = keyof typeof spans;

export interface EarningsSeries {
  readonly span: SpanName;
  /** Earned in each step, oldest first; the last one ends now. */
  readonly steps: readonly bigint[];
  readonly total: bigint;
  readonly parts: number;
}

/** Receipts that the chart is made of at most. */
const RECEIPTS_READ = 10_000;

export class Earnings {
  readonly #source: () => Pick<Credit, 'receipts'> | undefined;
  readonly #wallMs: () => number;
  readonly #span: Signal<SpanName> = signal<SpanName>('Hour');
  readonly #series: Signal<EarningsSeries>;
  #receipts: readonly ReceiptView[] = [];

  constructor(source: () => Pick<Credit, 'receipts'> | undefined, wallMs: () => number) {
    this.#source = source;
    this.#wallMs = wallMs;
    this.#series = signal(earningsOf([], 'Hour', 0));
  }

  get series(): ReadonlySignal<EarningsSeries> {
    return this.#series;
  }

  show(span: SpanName): void {
    this.#span.value = span;
    this.#draw();
  }

  /** Reads the receipts anew. Without them the chart stays as it was: the table beside it says what is wrong. */
  async read(): Promise<void> {
    try {
      this.#receipts = (await this.#source()?.receipts({ kind: 'given', limit: RECEIPTS_READ })) ?? [];
    } catch {
      return; // the table of receipts reads them too, and complains
    }
    this.#draw();
  }

  #draw(): void {
    this.#series.value = earningsOf(this.#receipts, this.#span.value, this.#wallMs());
  }
}

/** The series that ends at `nowMs`. */
export function earningsOf(receipts: readonly ReceiptView[], span: SpanName, nowMs: number): EarningsSeries {
  const { stepMs, steps: count } = spans[span];
  const steps = Array.from({ length: count }, () => 0n);
  let total = 0n;
  let parts = 0;
  for (const { class: kind, keptMs, price } of receipts) {
    const at = count - 1 - Math.floor(Math.max(0, nowMs - keptMs) / stepMs);
    if (kind !== 'paid' || at < 0) continue;
    steps[at]! += price;
    total += price;
    parts += 1;
  }
  return { span, steps, total, parts };
}
