import { expect, it } from 'vitest';
import { inLanes } from './in-lanes.ts';

it('does everything, never more at once than it may', async () => {
  const done: number[] = [];
  let now = 0;
  let most = 0;
  await inLanes([1, 2, 3, 4, 5], 2, async item => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now--;
    done.push(item);
  });
  expect([done.sort(), most]).toEqual([[1, 2, 3, 4, 5], 2]);
  await inLanes([], 2, async () => expect.unreachable());
});

it('begins nothing more after a failure, which it throws', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await Promise.resolve();
    if (item === 1) throw new Error('no');
  };
  await expect(inLanes([1, 2, 3, 4], 2, work)).rejects.toThrow('no');
  expect(begun.length).toBeLessThan(4);
});
