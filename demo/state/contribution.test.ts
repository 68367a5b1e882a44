/** What the contribute panel shows. */

import { expect, it } from 'vitest';
import type { RunningPart } from '../../src/index.ts';
import { addressOf, FakeSea, idle } from '../testing/fake-sea.ts';
import { Contribution, groupRunning } from './contribution.ts';

function part(requester: number, bundleId: string): RunningPart {
  return { requester: addressOf(requester), taskName: `task ${bundleId}`, bundleId, sinceMs: 0 };
}

it('groups what runs by requester and task, most parts first', () => {
  const running = [part(9, 'a'), part(7, 'a'), part(9, 'b'), part(7, 'a')];
  expect(groupRunning({ ...idle, running })).toEqual([
    { taskName: 'task a', requester: addressOf(7).toString(), parts: 2 },
    { taskName: 'task a', requester: addressOf(9).toString(), parts: 1 },
    { taskName: 'task b', requester: addressOf(9).toString(), parts: 1 },
  ]);
});

it('counts finished parts at once and shows them with the beat', () => {
  let nowMs = 10_000;
  const sea = new FakeSea();
  sea.status = { ...idle, slots: 2, completed: 5 };
  const contribution = new Contribution(() => nowMs);
  contribution.follow(sea.asSea());
  contribution.refresh();
  expect(contribution.figures.value.completed).toBe(5);
  sea.emit('contribution', { ...sea.status, completed: 8 });
  expect(contribution.figures.value.completed).toBe(5);
  contribution.refresh();
  expect(contribution.figures.value).toMatchObject({ slots: 2, completed: 8, perMinute: 8 });
  nowMs += 60_000;
  contribution.refresh();
  expect(contribution.figures.value).toMatchObject({ completed: 8, perMinute: 0 });
});

it('shows a stop at once', () => {
  const sea = new FakeSea();
  const contribution = new Contribution(() => 0);
  contribution.follow(sea.asSea());
  sea.contribute({ slots: 3 });
  expect(contribution.figures.value.slots).toBe(3);
  sea.contribute({ slots: 0 });
  expect(contribution.figures.value.slots).toBe(0);
});
