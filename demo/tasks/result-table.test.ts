/** Rows as they come, and the files made of them. */

import { expect, it } from 'vitest';
import type { MapResult } from '../../src/index.ts';
import type { TableView } from './job-plan.ts';
import { ResultTable } from './result-table.ts';

const view: TableView = {
  kind: 'table',
  columns: ['part', 'value'],
  rowsOf: (index, output) => [...output].map(value => [index, value]),
  best: rows => [...rows].sort((a, b) => Number(b[1]) - Number(a[1])).slice(0, 2),
  answer: rows => `${rows.length} rows`,
  settled: rows => rows.length >= 3,
  fileName: 'values',
};

function result(index: number, ...output: number[]): MapResult {
  return { index, output: new Uint8Array(output), providers: [] };
}

it('shows the best with the beat and saves all in order', () => {
  const table = new ResultTable(view);
  table.take(result(1, 5));
  expect(table.shown.value).toEqual({ best: [], answer: '0 rows' });
  table.refresh();
  expect(table.shown.value).toEqual({ best: [[1, 5]], answer: '1 rows' });
  expect(table.settled()).toBe(false);
  table.take(result(0, 9, 7));
  table.refresh();
  expect(table.shown.value.best).toEqual([
    [0, 9],
    [0, 7],
  ]);
  expect(table.settled()).toBe(true);
  expect(table.toText('csv')).toBe('part,value\r\n0,9\r\n0,7\r\n1,5\r\n');
  expect(JSON.parse(table.toText('json'))[2]).toEqual({ part: 1, value: 5 });
});
