import { expect, it } from 'vitest';
import { late } from './late.ts';

it('asks once for what comes, however many want it', async () => {
  let asked = 0;
  const part = late(async () => ++asked);
  expect(asked).toBe(0);
  expect(await Promise.all([part(), part()])).toEqual([1, 1]);
  expect([await part(), asked]).toEqual([1, 1]);
});

it('tells everybody who waits of a failure, and asks again for the next', async () => {
  let asked = 0;
  const part = late(async () => {
    if (++asked < 3) throw new TypeError('Failed to fetch dynamically imported module');
    return 'here';
  });
  const outcomes = await Promise.allSettled([part(), part()]);
  expect(outcomes.map(one => one.status === 'rejected' && one.reason.code)).toEqual(['HOST_FAILURE', 'HOST_FAILURE']);
  await expect(part()).rejects.toMatchObject({ code: 'HOST_FAILURE', cause: { name: 'TypeError' } });
  expect([await part(), await part(), asked]).toEqual(['here', 'here', 3]);
});
