import { expect, test } from 'vitest';
import { deferred } from './deferred.ts';

test('settles once, with what came first', async () => {
  const first = deferred<number>();
  first.resolve(1);
  first.reject(new Error('too late'));
  first.resolve(2);
  expect(await first.promise).toBe(1);
  const second = deferred<number>();
  second.reject(new Error('no'));
  second.resolve(3);
  await expect(second.promise).rejects.toThrow('no');
});

test('a rejection that nobody awaits is not reported', async () => {
  const reported: unknown[] = [];
  const listener = (reason: unknown): void => void reported.push(reason);
  process.on('unhandledRejection', listener);
  deferred<void>().reject(new Error('heard by nobody'));
  await new Promise(resolve => setTimeout(resolve, 10));
  process.off('unhandledRejection', listener);
  expect(reported).toEqual([]);
});
