/** What is kept for others: shown with the beat, not with every shard. */

import { expect, it } from 'vitest';
import { FakeSea } from '../testing/fake-sea.ts';
import { Holding } from './holding.ts';

it('is brought up to date by the beat', () => {
  const sea = new FakeSea();
  const holding = new Holding();
  holding.refresh(); // before there is a sea
  sea.storage.held = { quotaBytes: 9, usedBytes: 4, shards: 1, endsAtMs: 7, servedBytes: 0 };
  holding.follow(sea.asSea());
  const first = holding.status.value;
  expect(first).toEqual(sea.storage.held);

  sea.storage.held = { ...sea.storage.held, shards: 2 };
  sea.emit('holding', sea.storage.held);
  expect(holding.status.value).toBe(first);
  holding.refresh();
  expect(holding.status.value.shards).toBe(2);

  const before = holding.status.value;
  holding.refresh();
  expect(holding.status.value).toBe(before); // nothing to draw anew
  sea.storage.held = { ...sea.storage.held, servedBytes: 5 };
  holding.refresh();
  expect(holding.status.value.servedBytes).toBe(5);
});
