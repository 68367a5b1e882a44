/** Which Node versions will do. */

import { expect, test } from 'vitest';
import { isNodeNewEnough } from './project.mjs';

test('20.19 and what came after it', () => {
  expect(['20.19.0', '20.20.2', '22.0.0', '26.1.0'].map(isNodeNewEnough)).toEqual([true, true, true, true]);
  expect(['20.18.9', '18.20.4', '9.99.0', 'x'].map(isNodeNewEnough)).toEqual([false, false, false, false]);
});
