/** Which panels are unfolded. */

import { expect, it } from 'vitest';
import { Side } from './side.ts';

it('unfolds and folds each panel by itself', () => {
  const side = new Side();
  expect([...side.open.value]).toEqual([]);
  side.toggle('Sea');
  side.unfold('Contribute');
  side.unfold('Contribute');
  expect([...side.open.value].sort()).toEqual(['Contribute', 'Sea']);
  side.toggle('Sea');
  expect([...side.open.value]).toEqual(['Contribute']);
});
