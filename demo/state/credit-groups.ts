/** Receipts as lines of a table: neighbours that differ in their part alone are one line. Pure. */

import type { ReceiptKind, ReceiptView } from '../../src/credit/credit.ts';

/** A line holds what came within this time of its newest receipt, ms. */
const TOGETHER_MS = 600_000;

export interface ReceiptGroup {
  /** Of the newest receipt: unique in the table. */
  readonly key: string;
  readonly class: ReceiptView['class'];
  readonly bundle: string;
  /** The other side. */
  readonly peer: string;
  readonly parts: number;
  /** Of all parts. */
  readonly price: bigint;
  /** When its oldest and its newest receipt were kept, Unix ms. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Lines for receipts of one kind, newest first as those are. */
export function groupReceipts(receipts: readonly ReceiptView[], kind: ReceiptKind): ReceiptGroup[] {
  const groups: ReceiptGroup[] = [];
  for (const receipt of receipts) {
    const line = lineOf(receipt, kind);
    const at = groups.findLastIndex(group => belongsTo(group, line));
    if (at === -1) groups.push(line);
    else groups[at] = joined(groups[at]!, line);
  }
  return groups;
}

function lineOf(
  { keptMs, class: paid, bundle, price, subtask, requester, provider }: ReceiptView,
  kind: ReceiptKind,
): ReceiptGroup {
  const peer = kind === 'given' ? requester : provider;
  return { key: `${subtask} ${provider}`, class: paid, bundle, peer, parts: 1, price, fromMs: keptMs, toMs: keptMs };
}

function belongsTo(group: ReceiptGroup, line: ReceiptGroup): boolean {
  const isAlike = group.class === line.class && group.bundle === line.bundle && group.peer === line.peer;
  return isAlike && group.price === line.price * BigInt(group.parts) && group.toMs - line.fromMs <= TOGETHER_MS;
}

function joined(group: ReceiptGroup, line: ReceiptGroup): ReceiptGroup {
  return { ...group, parts: group.parts + 1, price: group.price + line.price, fromMs: line.fromMs };
}
