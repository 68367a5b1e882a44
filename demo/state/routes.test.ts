/** Ways of calls: lit for a moment, told in words, gathered where they are the same. */

import { expect, it } from 'vitest';
import type { CallRoute } from '../../src/index.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { LIT_MAX, LIT_MS, RECENT_MAX, Routes } from './routes.ts';

function route(target: number, changes: Partial<CallRoute> = {}): CallRoute {
  return { scope: 'app', asked: addressOf(target), target: addressOf(target), hops: [], tookMs: 3, ...changes };
}

function setUp(): { sea: FakeSea; routes: Routes; pass(ms: number): void } {
  let nowMs = 0;
  const sea = new FakeSea();
  const routes = new Routes(() => nowMs);
  routes.follow(sea.asSea());
  const pass = (ms: number): void => {
    nowMs += ms;
    routes.refresh();
  };
  return { sea, routes, pass };
}

it('are lit at once, for a second and a half, longer when used again', () => {
  const { sea, routes, pass } = setUp();
  sea.emit('route', route(7, { hops: ['03'.repeat(8)] }));
  expect(routes.lit.value).toMatchObject([{ target: '07'.repeat(32), hops: ['0303030303030303'], calls: 1 }]);
  const shown = routes.lit.value;
  pass(LIT_MS - 1);
  expect(routes.lit.value).toBe(shown);
  sea.emit('route', route(7, { hops: ['03'.repeat(8)] }));
  pass(1);
  expect(routes.lit.value).toBe(shown);
  pass(LIT_MS - 1);
  expect(routes.lit.value).toEqual([]);
});

it('are told newest first, the same as one entry, a few at most', () => {
  const { sea, routes, pass } = setUp();
  sea.emit('route', route(1, { scope: 'compute:run' }));
  sea.emit('route', route(2, { scope: 'con:attach', tookMs: 5 }));
  sea.emit('route', route(1, { scope: 'compute:run', tookMs: 9 }));
  expect(routes.recent.value).toEqual([]);
  pass(1);
  expect(routes.recent.value.map(({ purpose, calls, tookMs }) => [purpose, calls, tookMs])).toEqual([
    ['job', 2, 9],
    ['talk', 1, 5],
  ]);
  for (let i = 0; i < 40; i++) sea.emit('route', route(i));
  pass(1);
  expect(routes.recent.value).toHaveLength(RECENT_MAX);
  expect(routes.lit.value).toHaveLength(LIT_MAX);
});

it('leave out what keeps the sea together', () => {
  const { sea, routes, pass } = setUp();
  for (const scope of ['sea:peers', 'sea:siblings', 'sea:link', 'records:find', 'pubsub:link'])
    sea.emit('route', route(7, { scope }));
  pass(1);
  expect([routes.lit.value, routes.recent.value]).toEqual([[], []]);
  sea.emit('route', route(7, { scope: 'sea:nearest' }));
  expect(routes.lit.value).toMatchObject([{ purpose: 'call' }]);
});

it('say what money was spoken of: what is asked before the work, the receipt after it', () => {
  const { sea, routes, pass } = setUp();
  for (const scope of ['credit:quote', 'credit:settle']) sea.emit('route', route(7, { scope }));
  pass(1);
  expect(routes.recent.value.map(({ purpose }) => purpose)).toEqual(['receipt', 'price']);
});
