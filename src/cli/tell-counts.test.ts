/** Counts are told when they change, and at most once a minute. */

import { expect, test } from 'vitest';
import { Events } from '../base/events.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { SeaEvents } from '../sea-api.ts';
import { type Counts, TELL_COUNTS_MS, tellCounts } from './tell-counts.ts';

function scene() {
  const events = new Events<SeaEvents>(() => {});
  const figures = { completed: 0, usedBytes: 0, earned: 0n };
  const sea = {
    on: events.on.bind(events),
    contribution: () => ({ slots: 1, running: [], completed: figures.completed, failed: 0, computeMs: 1.6 }),
    credit: { status: () => ({ earned: figures.earned }) },
    storage: { status: () => ({ shards: 0, usedBytes: figures.usedBytes }) },
  };
  const clock = new ManualClock();
  const told: Counts[] = [];
  const end = tellCounts(sea as never, clock, counts => void told.push(counts));
  return {
    clock,
    end,
    told: () => told.splice(0),
    change: (name: 'contribution' | 'credit' | 'holding', changes: Partial<typeof figures> = {}) => {
      Object.assign(figures, changes);
      events.emit(name, undefined as never);
    },
  };
}

const none: Counts = { computed: 0, failed: 0, computeMs: 2, earned: '0', shards: 0, keptBytes: 0 };

test('the first change at once, further ones together a minute later', () => {
  const { clock, told, change } = scene();
  change('contribution');
  expect(told()).toEqual([]); // another running part counts nothing yet
  change('contribution', { completed: 1 });
  expect(told()).toEqual([{ ...none, computed: 1 }]);
  change('credit', { earned: 10n ** 18n });
  change('holding', { usedBytes: 5 });
  clock.pass(TELL_COUNTS_MS - 1);
  expect(told()).toEqual([]);
  clock.pass(1);
  const all = { ...none, computed: 1, earned: '1000000000000000000', keptBytes: 5 };
  expect(told()).toEqual([all]);
  clock.pass(3 * TELL_COUNTS_MS);
  expect([told(), clock.waiting]).toEqual([[], 0]); // nothing has changed
  change('contribution', { completed: 2 });
  expect(told()).toEqual([{ ...all, computed: 2 }]);
});

test('once ended it tells no more, and no clock runs', () => {
  const { clock, told, change, end } = scene();
  change('contribution', { completed: 1 });
  change('contribution', { completed: 2 });
  end();
  clock.pass(TELL_COUNTS_MS);
  change('contribution', { completed: 3 });
  expect([told().length, clock.waiting]).toEqual([1, 0]);
});
