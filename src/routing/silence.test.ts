/** Hops that say nothing, on a net of routers: passed over, asked last for a while, never held to be offenders. */

import { expect, test } from 'vitest';
import { utf8Encode } from '../base/bytes.ts';
import { HIGH_WATER_BYTES } from '../link/limits.ts';
import { HOP_PATIENCE_MS, HOP_TIMEOUT_MS, HOP_TIMER_LATE_MS, SLOW_HOP_MS } from './limits.ts';
import { recording, TestNet, type TestNode } from './testing/test-net.ts';

/** Two ways from `a` to the target: over the hop that seems best, and over another. */
async function fork(): Promise<{ net: TestNet; a: TestNode; best: TestNode; target: TestNode }> {
  const net = new TestNet();
  const [a, best, other, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
  await net.link([a, best], [a, other], [other, target], [best, target]);
  return { net, a, best, target };
}

function open(from: TestNode, to: TestNode): void {
  from.router.open(to.address, {}, utf8Encode('hello'), recording());
}

test('a silent hop is asked last for a while, twice as long each time; one answer in time ends that', async () => {
  const { net, a, best: frozen, target } = await fork();
  const asked = async (): Promise<string[]> => {
    open(a, target);
    await net.settle();
    return net.story().filter(line => line.startsWith('8>') && line.endsWith('route'));
  };
  for (const waitMs of [SLOW_HOP_MS, 2 * SLOW_HOP_MS]) {
    net.frozen.add(frozen);
    await asked();
    await net.pass(HOP_TIMEOUT_MS);
    net.frozen.clear();
    net.story();
    await net.pass(waitMs - 1);
    expect(await asked()).toEqual(['8>4 route']);
    await net.pass(1);
  }
  expect(await asked()).toEqual(['8>1 route']);
  net.frozen.add(frozen);
  await asked();
  await net.pass(HOP_TIMEOUT_MS);
  net.frozen.clear();
  await net.pass(SLOW_HOP_MS);
  net.story();
  expect(await asked()).toEqual(['8>1 route']);
});

test('many paths in one silence count once, and the links stay', async () => {
  const { net, a, best: frozen, target } = await fork();
  net.frozen.add(frozen);
  for (let i = 0; i < 100; i++) open(a, target);
  await net.pass(HOP_TIMEOUT_MS);
  expect(target.arrivals.length).toBe(100);
  net.frozen.clear();
  await net.pass(SLOW_HOP_MS);
  net.story();
  open(a, target);
  await net.settle();
  expect(net.story()).toContain('8>1 route');
  expect([a.offences, a.link(frozen).open]).toEqual([[], true]);
});

test('where only a silent hop leads on it is tried all the same', async () => {
  const net = new TestNet();
  const [a, b, c] = [net.node('8'), net.node('4'), net.node('2')];
  await net.link([a, b], [b, c]);
  net.frozen.add(b);
  open(a, c);
  await net.pass(HOP_TIMEOUT_MS);
  net.frozen.clear();
  open(a, c);
  await net.settle();
  expect(c.arrivals.length).toBe(1);
});

test('the second of a hop begins when the message has left', async () => {
  const { net, a, best: busy, target } = await fork();
  const channel = net.channel(a, busy);
  channel.bufferedBytes = HIGH_WATER_BYTES; // what was sent before is still on its way
  open(a, target);
  await net.pass(3 * HOP_TIMEOUT_MS);
  expect(net.story()).toEqual([]);
  channel.bufferedBytes = 0;
  channel.sink!.onWritable();
  await net.settle();
  expect(net.story()[0]).toBe('8>1 route');
  expect(target.arrivals.length).toBe(1);
});

test('a message that does not leave at all goes another way in the end', async () => {
  const { net, a, best: stuck, target } = await fork();
  net.channel(a, stuck).bufferedBytes = HIGH_WATER_BYTES;
  open(a, target);
  for (let ms = 0; ms < HOP_PATIENCE_MS; ms += HOP_TIMEOUT_MS) await net.pass(HOP_TIMEOUT_MS);
  expect(net.story()[0]).toBe('8>4 route');
  expect(target.arrivals.length).toBe(1);
});

test('who was busy itself reads first what came meanwhile', async () => {
  const { net, a, target } = await fork();
  open(a, target);
  net.clock.stall(HOP_TIMEOUT_MS + HOP_TIMER_LATE_MS + 1);
  net.clock.pass(0); // timers first, as event loops have it
  await net.settle();
  expect(net.story().filter(line => line.endsWith('route'))).toEqual(['8>1 route', '1>0 route']);
  expect(target.arrivals.length).toBe(1);
});
