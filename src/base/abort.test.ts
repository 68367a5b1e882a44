import { expect, test, vi } from 'vitest';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { abortable, abortError, checkAborted, sleep, whenAborted, withTimeout } from './abort.ts';
import { deferred } from './deferred.ts';
import { SeaError } from './errors.ts';

function aborted(reason?: unknown): AbortSignal {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}

test('the reason of an abort is ABORTED, or the SeaError it was aborted with', () => {
  const closed = new SeaError('CLOSED', 'over');
  expect(abortError(aborted(closed))).toBe(closed);
  const wrapped = abortError(aborted('enough'));
  expect(wrapped.code).toBe('ABORTED');
  expect(wrapped.cause).toBe('enough');
});

test('checkAborted throws for a signal that fired and for no other', () => {
  expect(() => checkAborted(undefined)).not.toThrow();
  expect(() => checkAborted(new AbortController().signal)).not.toThrow();
  expect(() => checkAborted(aborted())).toThrow('ABORTED');
});

test('whenAborted calls once, at once for a signal that has fired, never when forgotten', () => {
  const heard: string[] = [];
  const controller = new AbortController();
  whenAborted(controller.signal, error => heard.push(`kept ${error.code}`));
  const forget = whenAborted(controller.signal, () => heard.push('forgotten'));
  forget();
  controller.abort();
  controller.abort();
  expect(heard).toEqual(['kept ABORTED']);
  whenAborted(aborted(new SeaError('CLOSED', '')), error => heard.push(`late ${error.code}`));
  expect(heard).toEqual(['kept ABORTED', 'late CLOSED']);
  whenAborted(undefined, () => heard.push('never'))();
  expect(heard.length).toBe(2);
});

test('many wait for one signal behind one listener of it', () => {
  const controller = new AbortController();
  const added = vi.spyOn(controller.signal, 'addEventListener');
  const removed = vi.spyOn(controller.signal, 'removeEventListener');
  const heard: number[] = [];
  const wait = (): (() => void)[] =>
    Array.from({ length: 20 }, (_, i) => whenAborted(controller.signal, () => heard.push(i)));
  for (const forget of wait()) forget();
  expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  const forgets = wait();
  forgets[3]!();
  forgets[3]!(); // a second time it is nobody's
  whenAborted(controller.signal, () => forgets[19]!()); // forgotten while it is told
  expect(added.mock.calls.length).toBe(2);
  controller.abort();
  expect(heard).toEqual([0, 1, 2, ...Array.from({ length: 16 }, (_, i) => i + 4)]);
});

test('abortable gives the outcome of the promise, or the abort if that comes first', async () => {
  expect(await abortable(Promise.resolve(7), undefined)).toBe(7);
  const controller = new AbortController();
  expect(await abortable(Promise.resolve(8), controller.signal)).toBe(8);
  await expect(abortable(Promise.reject(new Error('own')), controller.signal)).rejects.toThrow('own');
  const waiting = abortable(new Promise(() => {}), controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(abortable(new Promise(() => {}), controller.signal)).rejects.toMatchObject({ code: 'ABORTED' });
});

test('abortable leaves no listener on a signal that lives on', async () => {
  const { signal } = new AbortController();
  const added = vi.spyOn(signal, 'addEventListener');
  const removed = vi.spyOn(signal, 'removeEventListener');
  await abortable(Promise.resolve(), signal);
  await abortable(Promise.reject(new Error('own')), signal).catch(() => {});
  await sleep(instantClock(), 5, { signal });
  expect(added.mock.calls.length).toBe(3);
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
});

function instantClock(): ManualClock {
  const clock = new ManualClock();
  void Promise.resolve().then(() => clock.pass(1_000));
  return clock;
}

test('withTimeout names what was late, and takes its timer with it', async () => {
  const clock = new ManualClock();
  const slow = withTimeout(clock, new Promise(() => {}), 100, 'the answer');
  clock.pass(99);
  expect(clock.waiting).toBe(1);
  clock.pass(1);
  await expect(slow).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'TIMEOUT: the answer took more than 100 ms',
  });
  expect(await withTimeout(clock, Promise.resolve('in time'), 100, '')).toBe('in time');
  await expect(withTimeout(clock, Promise.reject(new Error('own')), 100, '')).rejects.toThrow('own');
  expect(clock.waiting).toBe(0);
});

test('a promise that fails after its timeout disturbs nobody', async () => {
  const clock = new ManualClock();
  const late = deferred<void>();
  const slow = withTimeout(clock, late.promise, 1, 'it');
  clock.pass(1);
  await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' });
  late.reject(new Error('too late to matter'));
  await new Promise(resolve => setTimeout(resolve, 0)); // an unhandled rejection would fail the run here
});

test('sleep ends with its time or with its signal, and takes its timer with it', async () => {
  const clock = new ManualClock();
  let awake = false;
  const nap = sleep(clock, 10).then(() => (awake = true));
  clock.pass(9);
  await Promise.resolve();
  expect(awake).toBe(false);
  clock.pass(1);
  await nap;
  const controller = new AbortController();
  const broken = sleep(clock, 10, { signal: controller.signal });
  controller.abort(new SeaError('CLOSED', ''));
  await expect(broken).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(sleep(clock, 10, { signal: aborted() })).rejects.toMatchObject({ code: 'ABORTED' });
  expect(clock.waiting).toBe(0);
});
