/** Result tables as files: CSV (RFC 4180) and JSON. */

import type { ResultRow } from './job-plan.ts';

/** A header line and one line per row, ended by CRLF; cells with commas, quotes or line ends are quoted. */
export function toCsv(columns: readonly string[], rows: readonly ResultRow[]): string {
  return [columns, ...rows].map(cells => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

/** An array of objects with the columns as keys. */
export function toJson(columns: readonly string[], rows: readonly ResultRow[]): string {
  const objects = rows.map(row => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
  return `${JSON.stringify(objects, undefined, 2)}\n`;
}

function csvCell(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
