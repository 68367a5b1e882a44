import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { concat } from '../base/bytes.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { SeaError } from '../base/errors.ts';
import { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import { LinkTable } from '../link/link-table.ts';
import { type FakeLinkOptions, fakeLink } from '../link/testing/fake-channel.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { prefixOf } from '../routing/prefix.ts';
import type { Body, Caller, Handler } from '../rpc/exchange.ts';
import { allOnline, linksMutual, nearestRight } from '../sim/checkers.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { type SimNode, World } from '../sim/world.ts';
import { BEAT_MS, KEPT_SHARE } from './limits.ts';
import { Parting } from './parting.ts';
import { thinBuckets } from './wanted.ts';

const address = (hex: string): HashAddress => HashAddress.from(hex.padEnd(64, '0'));
/** Eight siblings of the node 00…, and its bucket 0. */
const siblings = ['01', '02', '03', '04', '05', '06', '07', '08'];
const farOnes = ['80', '90', 'a0', 'b0', 'c0'];
/** What a far peer is linked with that needs the node 00… no more: near ones of its own, and four on this side. */
const rich = ['81', '82', '83', '84', '91', 'a1', 'b1', 'c1', '00', '10', '20', '30'];

/** One node, 00…, linked with eight siblings and five far peers that could all spare it; its calls are answered by hand. */
function makeNode(linksMax: number = 16, options: FakeLinkOptions = {}) {
  const clock = new ManualClock();
  const nothing = (): void => {};
  const table = new LinkTable(address('00'), new Scope(clock), {
    onNeighbour: nothing,
    onNeighbourGone: nothing,
    onLinkClosed: nothing,
    onRouting: nothing,
  });
  const calls: { readonly target: string; readonly answer: Deferred<Body> }[] = [];
  let handler: Handler | undefined;
  const caller = {
    call(target: HashAddress) {
      const answer = deferred<Body>();
      calls.push({ target: target.toString().slice(0, 2), answer });
      return answer.promise;
    },
    handle(_scope: string, given: Handler) {
      handler = given;
      return nothing;
    },
  };
  const paths = new Map<Link, number>();
  const parting = new Parting({
    self: address('00'),
    random: new SeededRandom('parting'),
    caller: caller as unknown as Caller,
    links: () => ({ table, linksMax }),
    paths: link => paths.get(link) ?? 0,
  });
  parting.start();
  const digest = concat(...rich.map(hex => prefixOf(address(hex))));
  const links = new Map<string, Link>();
  for (const hex of [...siblings, ...farOnes]) {
    const { link } = fakeLink(clock, address(hex), { transport: 'webrtc', ...options });
    links.set(hex, link);
    table.add(link);
    table.setDigest(link, digest);
    clock.pass(1);
  }
  const asked = async (hex: string, direct: boolean = true): Promise<unknown> =>
    (await handler!({ caller: address(hex), direct } as Parameters<Handler>[0])).value;
  const retired = (): string[] => [...links].filter(([, link]) => !link.open).map(([hex]) => hex);
  return { table, parting, calls, paths, links, asked, retired };
}

describe('asking', () => {
  test('nobody while the links are within three quarters of the budget', async () => {
    const { parting, calls } = makeNode(13 / KEPT_SHARE);
    await parting.beat();
    expect(calls).toEqual([]);
  });

  test('a far peer that could spare the link; it goes when that one agrees', async () => {
    const { parting, calls, retired } = makeNode();
    const beat = parting.beat();
    expect(farOnes).toContain(calls[0]!.target);
    calls[0]!.answer.resolve({ value: true });
    await beat;
    expect(retired()).toEqual([calls[0]!.target]);
  });

  test.each([
    ['disagrees', (answer: Deferred<Body>) => answer.resolve({ value: false })],
    ['says something else', (answer: Deferred<Body>) => answer.resolve({ value: 1 })],
    ['has gone', (answer: Deferred<Body>) => answer.reject(new SeaError('PEER_GONE', 'gone'))],
  ])('the link stays when the peer %s, and the next beat asks again', async (_what, settle) => {
    const { parting, calls, retired } = makeNode();
    const beat = parting.beat();
    settle(calls[0]!.answer);
    await beat;
    expect(retired()).toEqual([]);
    void parting.beat();
    expect(calls.length).toBe(2);
  });

  test('one at a time, and until three are left in the bucket', async () => {
    const { parting, calls, retired } = makeNode(12);
    for (const left of [2, 1]) {
      const beat = parting.beat();
      await parting.beat();
      expect(calls.length).toBe(3 - left);
      calls.at(-1)!.answer.resolve({ value: true });
      await beat;
    }
    await parting.beat(); // eleven links are more than nine, but none of them can be spared
    expect([calls.length, retired().length]).toEqual([2, 2]);
  });

  test('nobody whose link is pinned, carries something, or is needed by the other end', async () => {
    const { parting, calls, table, paths, links } = makeNode();
    table.pin(address('80'), 'con');
    paths.set(links.get('90')!, 1);
    table.setDigest(links.get('a0')!, concat(...rich.slice(0, -1).map(hex => prefixOf(address(hex)))));
    table.setDigest(links.get('b0')!, new Uint8Array(0));
    const targets = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const beat = parting.beat();
      calls[i]!.answer.resolve({ value: false });
      targets.add(calls[i]!.target);
      await beat;
    }
    expect([...targets]).toEqual(['c0']);
  });

  test('nobody over a server: such links are no part of the budget', async () => {
    const { parting, calls } = makeNode(16, { transport: 'websocket' });
    await parting.beat();
    expect(calls).toEqual([]);
  });
});

describe('being asked', () => {
  test('agrees, and lets the link go, until three are left in the bucket', async () => {
    const { asked, retired } = makeNode(48);
    expect(await asked('90')).toBe(true);
    expect(await asked('b0')).toBe(true);
    expect(await asked('80')).toBe(false);
    expect(await asked('90')).toBe(false); // it is on its way out already
    expect(retired()).toEqual(['90', 'b0']);
  });

  test('not by a sibling, a stranger, or one that is no neighbour by itself', async () => {
    const { asked, retired } = makeNode();
    expect([await asked('01'), await asked('d0'), await asked('80', false)]).toEqual([false, false, false]);
    expect(retired()).toEqual([]);
  });

  test('not for a pinned link, nor one that carries more than this very call', async () => {
    const { asked, table, paths, links, retired } = makeNode();
    const unpin = table.pin(address('80'), 'con');
    paths.set(links.get('90')!, 2);
    expect([await asked('80'), await asked('90')]).toEqual([false, false]);
    unpin();
    paths.set(links.get('90')!, 1);
    expect([await asked('80'), await asked('90')]).toEqual([true, true]);
    expect(retired()).toEqual(['80', '90']);
  });

  test('not while it asks somebody itself', async () => {
    const { parting, asked, calls, retired } = makeNode();
    const beat = parting.beat();
    const { target, answer } = calls[0]!;
    const other = farOnes.find(hex => hex !== target)!;
    expect([await asked(other), await asked(target)]).toEqual([false, false]);
    answer.resolve({ value: true });
    await beat;
    expect(retired()).toEqual([target]);
    expect(await asked(other)).toBe(true);
  });
});

test('the victim is idle where one is, and never pinned', () => {
  const { parting, table, paths, links } = makeNode();
  const victim = (): string | undefined => parting.victim(address('40'))?.address.toString().slice(0, 2);
  expect(victim()).toBe('c0'); // the youngest
  table.pin(address('b0'), 'con');
  for (const hex of ['c0', 'a0', '90']) paths.set(links.get(hex)!, 1);
  expect(victim()).toBe('80');
  paths.set(links.get('80')!, 3);
  expect(victim()).toBe('c0');
  for (const hex of farOnes) table.pin(address(hex), 'con');
  expect(victim()).toBeUndefined();
});

test('a whole sea: links beyond the share go, nobody lacks one for it, and all comes to rest', async () => {
  const linksMax = 24;
  const world = new World('share', () => setImmediate());
  const linked = ({ sea }: SimNode): Set<string> => new Set(sea.connections().map(String));
  const entry = await world.addNode({ listenUrl: 'ws://entry', linksMax });
  await entry.sea.goOnline([]);
  const joining: Promise<void>[] = [];
  for (let i = 1; i < 45; i++) {
    const { sea } = await world.addNode({ linksMax });
    joining.push(sea.goOnline(['ws://entry']));
    await world.run(200);
  }
  await world.until(Promise.all(joining), 60_000);
  expect(Math.max(...world.nodes.map(node => linked(node).size))).toBeGreaterThan(linksMax * KEPT_SHARE);
  await world.run(12 * BEAT_MS);
  const sets = world.nodes.map(linked);
  expect(sets.reduce((sum, { size }) => sum + size, 0) / sets.length).toBeLessThanOrEqual(linksMax * KEPT_SHARE);
  for (const { faults } of [allOnline(world.nodes), nearestRight(world.nodes), linksMutual(world.nodes, linksMax)])
    expect(faults).toEqual([]);
  for (const { sea } of world.nodes) {
    const peers = sea.connections().map(peer => ({ address: peer, leaf: false }));
    expect(thinBuckets(sea.localId(), peers)).toEqual([]);
  }
  await world.run(6 * BEAT_MS);
  expect(world.nodes.map(linked)).toEqual(sets);
});
