import { expect, test } from 'vitest';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SeaError } from './errors.ts';
import { Scope } from './scope.ts';

function makeScope(): { clock: ManualClock; scope: Scope; seen: string[] } {
  const clock = new ManualClock();
  return { clock, scope: new Scope(clock), seen: [] };
}

test('close undoes everything once, newest first', () => {
  const { scope, seen } = makeScope();
  scope.defer(() => seen.push('first'));
  const forget = scope.defer(() => seen.push('forgotten'));
  scope.defer(() => seen.push('last'));
  forget();
  scope.close();
  scope.close();
  expect(seen).toEqual(['last', 'first']);
  expect(scope.closed).toBe(true);
});

test('the same function deferred twice is undone twice', () => {
  const { scope, seen } = makeScope();
  const undo = (): void => void seen.push('undone');
  scope.defer(undo);
  scope.defer(undo)();
  scope.defer(undo);
  scope.close();
  expect(seen).toEqual(['undone', 'undone']);
});

test('timers run once, unless cancelled or the scope closes first', () => {
  const { clock, scope, seen } = makeScope();
  scope.after(10, () => seen.push('runs'));
  const cancel = scope.after(10, () => seen.push('cancelled'));
  scope.after(11, () => seen.push('too late'));
  cancel();
  clock.pass(10);
  cancel();
  scope.close();
  clock.pass(100);
  expect(seen).toEqual(['runs']);
  expect(clock.waiting).toBe(0);
});

test('a timer that has run leaves nothing behind', () => {
  const { clock, scope, seen } = makeScope();
  const cancel = scope.after(1, () => seen.push('ran'));
  clock.pass(1);
  cancel();
  scope.close();
  expect(seen).toEqual(['ran']);
});

test('every runs on and on, at the first delay and then the period, until it is cancelled', () => {
  const { clock, scope } = makeScope();
  const at: number[] = [];
  const cancel = scope.every(10, () => at.push(clock.now()), 3);
  clock.pass(35);
  expect(at).toEqual([3, 13, 23, 33]);
  cancel();
  clock.pass(100);
  expect(at.length).toBe(4);
  expect(clock.waiting).toBe(0);
});

test('every can be cancelled from within, and ends with the scope', () => {
  const { clock, scope } = makeScope();
  let own = 0;
  const cancel = scope.every(10, () => {
    own++;
    cancel();
  });
  let others = 0;
  scope.every(10, () => others++);
  clock.pass(25);
  scope.close();
  clock.pass(100);
  expect([own, others, clock.waiting]).toEqual([1, 2, 0]);
});

test('a closed scope runs undo functions at once and no timers at all', () => {
  const { clock, scope, seen } = makeScope();
  scope.close();
  scope.defer(() => seen.push('at once'))();
  scope.after(1, () => seen.push('never'));
  scope.every(1, () => seen.push('never'));
  clock.pass(10);
  expect(seen).toEqual(['at once']);
});

test('the signal fires before the undo functions, with the reason given', () => {
  const { scope, seen } = makeScope();
  scope.defer(() => seen.push(`undo, aborted ${scope.signal.aborted}`));
  const reason = new SeaError('ABORTED', 'enough');
  scope.close(reason);
  expect(seen).toEqual(['undo, aborted true']);
  expect(scope.signal.reason).toBe(reason);
  const other = new Scope(new ManualClock());
  other.close();
  expect(other.signal.reason).toMatchObject({ code: 'CLOSED' });
});

test('a child closes with its parent and for the same reason, or before it', () => {
  const { clock, scope, seen } = makeScope();
  const early = scope.fork();
  const late = scope.fork();
  early.defer(() => seen.push('early'));
  late.defer(() => seen.push('late'));
  late.after(5, () => seen.push('timer'));
  early.close();
  expect([early.closed, scope.closed]).toEqual([true, false]);
  const reason = new SeaError('ABORTED', 'enough');
  scope.close(reason);
  clock.pass(10);
  expect(seen).toEqual(['early', 'late']);
  expect(late.signal.reason).toBe(reason);
  expect(scope.fork().closed).toBe(true);
});

test('an undo function that throws does not keep the others from running', () => {
  const { scope, seen } = makeScope();
  scope.defer(() => seen.push('first'));
  scope.defer(() => {
    throw new Error('stuck');
  });
  scope.defer(() => seen.push('last'));
  expect(() => scope.close()).toThrow('stuck');
  expect(seen).toEqual(['last', 'first']);
});

test('an undo function may undo another that waits', () => {
  const { scope, seen } = makeScope();
  const forget = scope.defer(() => seen.push('forgotten'));
  scope.defer(() => forget());
  scope.close();
  expect(seen).toEqual([]);
});
