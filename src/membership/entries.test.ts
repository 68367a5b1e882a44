import { expect, test } from 'vitest';
import { deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import type { Link } from '../link/link.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { enter } from './entries.ts';
import { ENTRY_AGAIN_MS, ENTRY_RETRY_MS, ENTRY_STAGGER_MS, ENTRY_TIMEOUT_MS } from './limits.ts';

interface Dial {
  readonly url: string;
  readonly atMs: number;
  readonly signal: AbortSignal;
  answer(): Link;
  fail(code?: 'DIAL_FAILED' | 'WRONG_NETWORK' | 'CLOCK_SKEW'): void;
}

/** Entries played by hand. A dial heeds its signal, as the adapters do, unless `deaf`. */
class Doors {
  readonly clock = new ManualClock();
  readonly dials: Dial[] = [];
  readonly closed: Link[] = [];
  readonly unanswered: SeaError[] = [];
  readonly controller = new AbortController();
  readonly #deaf: boolean;
  readonly outcome: Promise<Link>;
  settled: 'no' | 'in' | SeaError = 'no';

  constructor(urls: readonly string[] | (() => readonly string[]), deaf: boolean = false) {
    this.#deaf = deaf;
    const random = new SeededRandom('doors');
    const { clock } = this;
    this.outcome = enter(
      {
        clock,
        random,
        dial: (url, signal) => this.#dial(url, signal),
        onUnanswered: error => void this.unanswered.push(error),
      },
      typeof urls === 'function' ? urls : () => urls,
      this.controller.signal,
    );
    this.outcome.then(
      () => {
        this.settled = 'in';
      },
      error => {
        this.settled = error as SeaError;
      },
    );
  }

  async pass(ms: number): Promise<void> {
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
    this.clock.pass(ms);
    for (let turn = 0; turn < 30; turn++) await Promise.resolve();
  }

  #dial(url: string, signal: AbortSignal): Promise<Link> {
    const { promise, resolve, reject } = deferred<Link>();
    if (!this.#deaf) signal.addEventListener('abort', () => reject(new SeaError('ABORTED', 'given up')));
    const close = (): void => void this.closed.push(link);
    const link = { url, close } as unknown as Link;
    this.dials.push({
      url,
      atMs: this.clock.now(),
      signal,
      answer: () => {
        resolve(link);
        return link;
      },
      fail: (code = 'DIAL_FAILED') => reject(new SeaError(code, `at ${url}`)),
    });
    return promise;
  }
}

test('entries start one after another; the first to answer wins and the others are given up', async () => {
  const doors = new Doors(['a', 'b', 'c']);
  await doors.pass(0);
  expect(doors.dials.length).toBe(1);
  await doors.pass(ENTRY_STAGGER_MS);
  expect(doors.dials.length).toBe(2);
  const link = doors.dials[1]!.answer();
  await doors.pass(0);
  expect(await doors.outcome).toBe(link);
  expect(doors.dials[0]!.signal.aborted).toBe(true);
  await doors.pass(10 * ENTRY_STAGGER_MS);
  expect(doors.dials.length).toBe(2); // the third was never tried
  expect(doors.closed).toEqual([]);
  expect(doors.clock.waiting).toBe(0);
});

test('a link that comes too late is closed: after another won, at the same moment, after its own time', async () => {
  const doors = new Doors(['a', 'b', 'c'], true);
  await doors.pass(2 * ENTRY_STAGGER_MS);
  await doors.pass(ENTRY_STAGGER_MS);
  const [first, second, third] = doors.dials as [Dial, Dial, Dial];
  const winner = first.answer();
  const alike = second.answer();
  await doors.pass(0);
  const late = third.answer();
  await doors.pass(0);
  expect(await doors.outcome).toBe(winner);
  expect(doors.closed).toEqual([alike, late]);

  const slow = new Doors(['a'], true);
  await slow.pass(ENTRY_TIMEOUT_MS);
  const tooLate = slow.dials[0]!.answer();
  await slow.pass(0);
  expect(slow.closed).toEqual([tooLate]);
  expect(slow.settled).toBe('no');
});

test('an entry that does not answer is dialled anew beside the dials under way; one that refuses is not', async () => {
  const doors = new Doors(['a']);
  await doors.pass(ENTRY_AGAIN_MS - 1);
  expect(doors.dials.length).toBe(1);
  for (const dials of [2, 3, 3]) {
    await doors.pass(dials === 2 ? 1 : ENTRY_AGAIN_MS);
    expect(doors.dials.length).toBe(dials);
  }
  const link = doors.dials[1]!.answer();
  await doors.pass(0);
  expect(await doors.outcome).toBe(link);
  expect(doors.dials.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
  expect(doors.clock.waiting).toBe(0);

  const refused = new Doors(['a']);
  await refused.pass(0);
  refused.dials[0]!.fail();
  await refused.pass(ENTRY_RETRY_MS);
  expect(refused.dials.length).toBe(2); // the next round
  await refused.pass(ENTRY_AGAIN_MS - 1);
  expect(refused.dials.length).toBe(2);
});

test('round after round, with a growing wait, over entries as they are known by then', async () => {
  const urls = ['a'];
  const doors = new Doors(() => urls);
  await doors.pass(0);
  doors.dials[0]!.fail();
  await doors.pass(ENTRY_RETRY_MS - 1);
  expect(doors.dials.length).toBe(1);
  await doors.pass(1);
  doors.dials[1]!.fail();
  urls[0] = 'b';
  await doors.pass(2 * ENTRY_RETRY_MS - 1);
  expect(doors.dials.length).toBe(2);
  await doors.pass(1);
  expect(doors.dials.map(({ url }) => url)).toEqual(['a', 'a', 'b']);
  doors.dials[2]!.answer();
  await doors.pass(0);
  expect(doors.settled).toBe('in');
});

test('when time is up: NO_BOOTSTRAP with what each entry said last, not that time was up', async () => {
  const doors = new Doors(['a', 'b']);
  await doors.pass(ENTRY_STAGGER_MS);
  for (const dial of doors.dials) dial.fail(dial.url === 'a' ? 'WRONG_NETWORK' : 'DIAL_FAILED');
  await doors.pass(ENTRY_RETRY_MS);
  doors.controller.abort(new SeaError('TIMEOUT', 'a minute has passed')); // in the midst of a round
  await doors.pass(0);
  expect(doors.settled).toMatchObject({ code: 'NO_BOOTSTRAP' });
  const { message } = doors.settled as SeaError;
  expect(message).toContain('WRONG_NETWORK: at a');
  expect(message).toContain('DIAL_FAILED: at b');
  expect(message).not.toContain('minute');
  expect(doors.clock.waiting).toBe(0);
});

test('when the clock was the reason at one entry, that is the cause that is told', async () => {
  const doors = new Doors(['a', 'b', 'c']);
  await doors.pass(2 * ENTRY_STAGGER_MS);
  for (const [i, dial] of doors.dials.entries()) dial.fail(i === 1 ? 'CLOCK_SKEW' : 'DIAL_FAILED');
  await doors.pass(0);
  doors.controller.abort(new SeaError('TIMEOUT', 'a minute has passed'));
  await doors.pass(0);
  expect(doors.settled).toMatchObject({ code: 'NO_BOOTSTRAP', cause: { code: 'CLOCK_SKEW' } });
  expect((doors.settled as SeaError).message).toContain('CLOCK_SKEW: at ');
});

test('given up by the caller: its reason', async () => {
  const doors = new Doors(['a']);
  await doors.pass(0);
  doors.controller.abort();
  await doors.pass(0);
  expect(doors.settled).toMatchObject({ code: 'ABORTED' });
  expect(doors.dials[0]!.signal.aborted).toBe(true);
});

test('with no entry at all there is nothing to wait for', async () => {
  const doors = new Doors([]);
  await doors.pass(0);
  expect(doors.settled).toMatchObject({ code: 'NO_BOOTSTRAP' });
});

test('why the first round failed is told while it goes on, and once', async () => {
  const doors = new Doors(['a']);
  await doors.pass(0);
  expect(doors.unanswered).toEqual([]);
  doors.dials[0]!.fail();
  await doors.pass(0);
  expect(doors.unanswered.map(({ message }) => message)).toEqual([
    'NO_BOOTSTRAP: no entry answered (DIAL_FAILED: at a)',
  ]);
  expect(doors.settled).toBe('no');
  await doors.pass(ENTRY_RETRY_MS);
  doors.dials[1]!.fail();
  await doors.pass(0);
  expect([doors.dials.length, doors.unanswered.length, doors.settled]).toEqual([2, 1, 'no']);
});
