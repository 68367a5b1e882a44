/** The ring's quarters. */

import { expect, it } from 'vitest';
import { ringPoint } from './ring-point.ts';

it.each([
  ['0000', { x: 100, y: 20 }],
  ['4000', { x: 180, y: 100 }],
  ['8000', { x: 100, y: 180 }],
  ['c000', { x: 20, y: 100 }],
  ['2000', { x: 156.57, y: 43.43 }],
])('%s', (digits, point) => {
  expect(ringPoint(digits + '0'.repeat(60), 100, 80)).toEqual(point);
});
