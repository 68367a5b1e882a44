/** What the contribute panel shows. */

import { expect, it } from 'vitest';
import type { RunningPart } from '../../src/index.ts';
import { addressOf, FakeSea, idle } from '../testing/fake-sea.ts';
import { Contribution, groupRunning, LINGER_MS } from './contribution.ts';

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

it('shows a task until a moment after its last part, and nothing of it after a stop', () => {
  let nowMs = 0;
  const sea = new FakeSea();
  const contribution = new Contribution(() => nowMs);
  const running = (): unknown => {
    contribution.refresh();
    return contribution.figures.value.running.map(({ taskName, parts }) => [taskName, parts]);
  };
  contribution.follow(sea.asSea());
  const contributing = { ...idle, slots: 1 };
  sea.emit('contribution', { ...contributing, running: [part(7, 'a')] });
  expect(running()).toEqual([['task a', 1]]);
  sea.emit('contribution', { ...contributing, running: [part(7, 'b')] });
  expect(running()).toEqual([
    ['task b', 1],
    ['task a', 0],
  ]);
  nowMs += LINGER_MS;
  expect(running()).toEqual([['task b', 1]]);
  sea.emit('contribution', contributing);
  expect(running()).toEqual([]); // it ran for longer than one needs to read
  sea.emit('contribution', { ...contributing, running: [part(7, 'b')] });
  sea.emit('contribution', contributing);
  expect(running()).toEqual([['task b', 0]]);
  sea.emit('contribution', idle);
  expect(running()).toEqual([]);
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
