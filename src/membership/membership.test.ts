/** Membership as it works: production nodes in the simulator. */

import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { LogLevel } from '../ports/log.ts';
import { linksMutual, nearestRight } from '../sim/checkers.ts';
import { type NodeOptions, type SimNode, World } from '../sim/world.ts';
import { BEAT_MS, JOIN_TIMEOUT_MS, STRANGERS_BEATS_MAX } from './limits.ts';

const ENTRY = 'ws://entry';
const SECOND = 'ws://second';

/** A world with one listening node, online. */
async function sea(seed: string): Promise<{ world: World; entry: SimNode }> {
  const world = new World(seed, () => setImmediate());
  const entry = await world.addNode({ listenUrl: ENTRY });
  await entry.sea.goOnline([]);
  return { world, entry };
}

/** Adds nodes, one after another, all online and settled. */
async function joined(world: World, count: number, options: NodeOptions = {}): Promise<SimNode[]> {
  const nodes: SimNode[] = [];
  for (let i = 0; i < count; i++) {
    const node = await world.addNode(options);
    await world.until(node.sea.goOnline([ENTRY]), JOIN_TIMEOUT_MS);
    nodes.push(node);
  }
  await world.run(3 * BEAT_MS);
  return nodes;
}

const transports = ({ sea: node }: SimNode): string[] => node.links().map(({ transport }) => transport);
const isLinked = (a: SimNode, b: SimNode): boolean =>
  a.sea.connections().some(address => address.equals(b.sea.localId()));
const code = (expected: string): object => expect.objectContaining({ code: expected }) as object;

async function failure(promise: Promise<unknown>): Promise<SeaError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    error => error as SeaError,
  );
}

describe('joining', () => {
  test('the first newcomer links with the entry and lets its websocket go', async () => {
    const { world, entry } = await sea('first');
    const [node] = (await joined(world, 1)) as [SimNode];
    expect(transports(node)).toEqual(['webrtc']);
    expect(transports(entry)).toEqual(['webrtc']);
    expect(node.sea.online()).toBe(true);
  });

  test('in a small sea everybody is linked with everybody, and no websocket is left', async () => {
    const { world, entry } = await sea('small');
    const nodes = [entry, ...(await joined(world, 8))];
    for (const node of nodes) expect(transports(node)).toEqual(Array.from({ length: 8 }, () => 'webrtc'));
  });

  test('the own look-up finds the nearest at once: a newcomer has its place before the first beat', async () => {
    const { world } = await sea('place');
    await joined(world, 20);
    const node = await world.addNode();
    await world.until(node.sea.goOnline([ENTRY]), BEAT_MS);
    expect(transports(node).filter(transport => transport === 'webrtc').length).toBeGreaterThanOrEqual(8);
    await world.run(500);
    expect(nearestRight(world.nodes).faults).toEqual([]);
  });

  test('many at one moment', async () => {
    const { world } = await sea('crowd');
    const nodes = await Promise.all(Array.from({ length: 12 }, () => world.addNode()));
    await world.until(Promise.all(nodes.map(node => node.sea.goOnline([ENTRY]))), JOIN_TIMEOUT_MS);
    await world.run(3 * BEAT_MS);
    expect(nearestRight(world.nodes).faults).toEqual([]);
    expect(linksMutual(world.nodes, 48).faults).toEqual([]);
  });

  test('the first of several entries that answers is enough', async () => {
    const { world } = await sea('several');
    const node = await world.addNode();
    await world.until(node.sea.goOnline(['ws://dead', ENTRY, 'ws://also-dead']), 10_000);
    expect(node.sea.online()).toBe(true);
  });

  test('no entry answers: NO_BOOTSTRAP after a minute, with the reasons; offline, and a later try works', async () => {
    const { world } = await sea('dead');
    const node = await world.addNode();
    const beganMs = world.clock.now();
    const error = await failure(world.until(node.sea.goOnline(['ws://dead', 'ws://other']), JOIN_TIMEOUT_MS + 1));
    expect(error).toEqual(code('NO_BOOTSTRAP'));
    expect(error.message).toContain('ws://dead');
    expect(error.message).toContain('ws://other');
    expect(world.clock.now() - beganMs).toBe(JOIN_TIMEOUT_MS);
    expect(node.sea.online()).toBe(false);
    await world.until(node.sea.goOnline([ENTRY]), 10_000);
    expect(node.sea.online()).toBe(true);
  });

  test('with no entry known it fails at once', async () => {
    const world = new World('none', () => setImmediate());
    const node = await world.addNode();
    expect(await failure(world.until(node.sea.goOnline([]), 1))).toEqual(code('NO_BOOTSTRAP'));
  });

  test('given up by its signal, before and during', async () => {
    const { world } = await sea('abort');
    const node = await world.addNode();
    const controller = new AbortController();
    const joining = node.sea.goOnline(['ws://dead'], { signal: controller.signal });
    const outcome = failure(joining);
    await world.run(5_000);
    controller.abort();
    expect(await world.until(outcome, 0)).toEqual(code('ABORTED'));
    expect(await failure(node.sea.goOnline([ENTRY], { signal: controller.signal }))).toEqual(code('ABORTED'));
    expect(node.sea.online()).toBe(false);
    await world.run(2 * BEAT_MS);
    expect(node.sea.links()).toEqual([]);
  });

  test('two who wait for one attempt: it goes on while either does', async () => {
    const { world } = await sea('shared');
    const node = await world.addNode();
    const controller = new AbortController();
    const first = failure(node.sea.goOnline([ENTRY], { signal: controller.signal }));
    const second = node.sea.goOnline([ENTRY]);
    controller.abort();
    expect(await world.until(first, 0)).toEqual(code('ABORTED'));
    await world.until(second, 10_000);
    expect(node.sea.online()).toBe(true);
    await node.sea.goOnline([ENTRY]); // online already: at once
  });
});

describe('leaving', () => {
  test('closes every link on both sides, and is told once', async () => {
    const { world } = await sea('leave');
    const [a, b] = (await joined(world, 2)) as [SimNode, SimNode];
    const events: string[] = [];
    for (const name of ['online', 'offline'] as const) a.sea.on(name, () => events.push(name));
    await a.sea.goOffline();
    await a.sea.goOffline();
    expect(a.sea.online()).toBe(false);
    expect(a.sea.links()).toEqual([]);
    await world.run(4 * BEAT_MS);
    expect(isLinked(b, a)).toBe(false);
    expect(a.sea.links()).toEqual([]); // nobody drew it in again
    expect(events).toEqual(['offline']);
  });

  test('nobody looks for who said so', async () => {
    const { world } = await sea('said');
    const said: string[] = [];
    const log = { write: (_: LogLevel, text: string) => void said.push(text) };
    const [a] = (await joined(world, 4, { log })) as [SimNode];
    said.length = 0;
    await a.sea.goOffline();
    await world.run(12 * BEAT_MS);
    expect(new Set(said)).toEqual(new Set(['a neighbour is gone']));
  });

  test('and coming back, at once and later', async () => {
    const { world } = await sea('return');
    const [a, b] = (await joined(world, 2)) as [SimNode, SimNode];
    for (const pauseMs of [0, 30_000]) {
      await a.sea.goOffline();
      await world.run(pauseMs);
      await world.until(a.sea.goOnline([ENTRY]), 30_000);
      await world.run(4 * BEAT_MS);
      expect(isLinked(a, b)).toBe(true);
      expect(transports(a)).toEqual(['webrtc', 'webrtc']);
    }
  });

  test('in the midst of joining: CLOSED, and no link is made after all', async () => {
    const { world } = await sea('midst');
    await joined(world, 3);
    for (const afterMs of [0, 100, 300, 600, 900]) {
      const node = await world.addNode();
      const joining = node.sea.goOnline([ENTRY]).then(
        () => 'in',
        (error: SeaError) => error.code,
      );
      await world.run(afterMs);
      await node.sea.goOffline();
      expect(['in', 'CLOSED']).toContain(await world.until(joining, 1));
      await world.run(30_000);
      expect(node.sea.links()).toEqual([]);
      expect(node.sea.online()).toBe(false);
    }
  });

  test('a node that is not in the sea takes nobody in', async () => {
    const { world, entry } = await sea('closed door');
    await entry.sea.goOffline();
    const node = await world.addNode();
    expect(await failure(world.until(node.sea.goOnline([ENTRY], { timeoutMs: 5_000 }), 6_000))).toBeInstanceOf(
      SeaError,
    );
    expect(node.sea.online()).toBe(false);
    expect(entry.sea.links()).toEqual([]);
  });

  test('a node whose clock is two hours slow stays out and is told that, and by how much', async () => {
    const { world, entry } = await sea('slow clock');
    const { clock } = world;
    const slow: Clock = {
      now: () => clock.now(),
      wallMs: () => clock.wallMs() - 2 * 3_600_000,
      after: (delayMs, fn) => clock.after(delayMs, fn),
    };
    const node = await world.addNode({ platform: { clock: slow } });
    const error = await failure(world.until(node.sea.goOnline([ENTRY]), 2 * JOIN_TIMEOUT_MS));
    expect(error).toMatchObject({ code: 'NO_BOOTSTRAP', cause: { code: 'CLOCK_SKEW' } });
    expect((error as SeaError).message).toContain("this machine's clock is 120 min behind the other side's");
    expect([node.sea.online(), entry.sea.links()]).toEqual([false, []]);
  });
});

describe('losing links', () => {
  test('an entry that dies leaves the sea whole', async () => {
    const { world, entry } = await sea('entry dies');
    const nodes = await joined(world, 10);
    world.network.kill(entry.host);
    await world.run(120_000);
    expect(nearestRight(nodes).faults).toEqual([]);
    expect(nodes.some(node => isLinked(node, entry))).toBe(false);
    expect(nodes.every(node => node.sea.online())).toBe(true);
  });

  test('a node cut off from all comes back by an address it met before, though its bootstrap is dead', async () => {
    const { world, entry } = await sea('cached');
    const second = await world.addNode({ listenUrl: SECOND });
    await world.until(second.sea.goOnline([ENTRY]), 10_000);
    const [node] = (await joined(world, 1)) as [SimNode];
    expect(isLinked(node, second)).toBe(true);
    const events: string[] = [];
    for (const name of ['online', 'offline'] as const) node.sea.on(name, () => events.push(name));
    world.network.kill(entry.host);
    world.network.reachable = (a, b) => a !== node.host && b !== node.host;
    await world.run(200_000); // every link times out
    expect(node.sea.online()).toBe(false);
    expect(node.sea.links()).toEqual([]);
    expect(second.sea.links()).toEqual([]);
    world.network.reachable = () => true;
    await world.run(120_000);
    expect(node.sea.online()).toBe(true);
    expect(isLinked(node, second)).toBe(true);
    expect(events).toEqual(['offline', 'online']);
  });

  test('a listening node that was given an entry goes back to it, one that was given none waits for others', async () => {
    const { world, entry } = await sea('second');
    const second = await world.addNode({ listenUrl: SECOND });
    await world.until(second.sea.goOnline([ENTRY]), 10_000);
    await world.run(2 * BEAT_MS);
    world.network.reachable = () => false;
    await world.run(200_000);
    expect(second.sea.online()).toBe(false);
    expect(entry.sea.online()).toBe(true);
    world.network.reachable = () => true;
    await world.run(120_000);
    expect(second.sea.online()).toBe(true);
    expect(isLinked(second, entry)).toBe(true);
  });

  test('a bootstrap that comes back with no memory is found by those who stayed, and the newcomers with it', async () => {
    const { world, entry } = await sea('again');
    const [a, b] = (await joined(world, 2)) as [SimNode, SimNode];
    world.network.kill(entry.host);
    await world.run(120_000);
    expect([a.sea.online(), isLinked(a, b)]).toEqual([true, true]);
    const again = await world.addNode({ listenUrl: ENTRY });
    await again.sea.goOnline([]);
    const [newcomer] = (await joined(world, 1)) as [SimNode];
    expect(isLinked(newcomer, a)).toBe(false);
    await world.run((STRANGERS_BEATS_MAX + 6) * BEAT_MS);
    for (const node of [a, b]) for (const other of [again, newcomer]) expect(isLinked(node, other)).toBe(true);
  });

  test('a bootstrap that is started again at once is there again within moments', async () => {
    const { world, entry } = await sea('at once');
    const nodes = await joined(world, 2);
    await entry.sea.goOffline();
    world.network.kill(entry.host);
    const again = await world.addNode({ listenUrl: ENTRY });
    await again.sea.goOnline([]);
    await world.run(3 * BEAT_MS);
    for (const node of nodes) expect(isLinked(node, again)).toBe(true);
  });

  test('goOnline with an address, while online, goes there at once', async () => {
    const { world } = await sea('elsewhere');
    const [node] = (await joined(world, 1)) as [SimNode];
    const other = await world.addNode({ listenUrl: SECOND });
    await other.sea.goOnline([]);
    await node.sea.goOnline([SECOND]);
    await world.run(3 * BEAT_MS);
    expect(isLinked(node, other)).toBe(true);
  });

  test('two halves that were parted find together again', async () => {
    const { world } = await sea('parted');
    await joined(world, 11);
    world.network.reachable = (a, b) => a.index % 2 === b.index % 2;
    await world.run(200_000);
    const [even, odd] = [0, 1].map(rest => world.nodes.filter(({ host }) => host.index % 2 === rest));
    expect(nearestRight(even!).faults).toEqual([]);
    expect(nearestRight(odd!).faults).toEqual([]);
    expect(even!.some(a => odd!.some(b => isLinked(a, b)))).toBe(false);
    world.network.reachable = () => true;
    await world.run(400_000);
    expect(nearestRight(world.nodes).faults).toEqual([]);
  });
});

describe('who is linked', () => {
  test('nodes that cannot reach one another directly are called all the same', async () => {
    const { world } = await sea('blocked');
    world.network.negotiable = (a, b) => (a.index * 7 + b.index * 7) % 5 !== 0; // a fifth of the pairs
    const nodes = await joined(world, 15);
    for (const node of nodes) node.sea.handle('echo', value => value);
    for (const [i, from] of nodes.entries()) {
      const to = nodes[(i + 4) % nodes.length]!;
      expect(await world.until(from.sea.call(to.sea.localId(), 'echo', i), 20_000)).toBe(i);
    }
    expect(nodes.some(a => nodes.some(b => a !== b && !isLinked(a, b)))).toBe(true);
  });

  test('a leaf links with its nearest core nodes and answers; nothing goes through it', async () => {
    const { world } = await sea('leaf');
    await joined(world, 12);
    const [leaf, other] = (await joined(world, 2, { leaf: true, linksMax: 8 })) as [SimNode, SimNode];
    expect(leaf.sea.links().length).toBe(8);
    expect(isLinked(leaf, other)).toBe(false);
    leaf.sea.handle('echo', value => value);
    expect(await world.until(other.sea.call(leaf.sea.localId(), 'echo', 'hi'), 10_000)).toBe('hi');
    expect(nearestRight(world.nodes.slice(0, 13)).faults).toEqual([]); // leaves take nobody's place
  });

  test('nobody exceeds its budget, and the near ones keep their places', async () => {
    const { world } = await sea('budget');
    await joined(world, 24, { linksMax: 14 });
    await world.run(6 * BEAT_MS);
    expect(linksMutual(world.nodes, 48).faults).toEqual([]);
    const [, ...others] = world.nodes.map(({ sea: node }) => node.links().length); // the entry has the usual budget
    expect(Math.max(...others)).toBeLessThanOrEqual(14);
    expect(Math.min(...others)).toBeGreaterThanOrEqual(8);
    expect(nearestRight(world.nodes).faults).toEqual([]);
    expect(world.nodes.every(({ sea: node }) => node.online())).toBe(true);
  });

  test('a pinned link is not given up for another', async () => {
    const { world, entry } = await sea('steady');
    const logs: [LogLevel, string][] = [];
    const [node] = (await joined(world, 1, { log: { write: (level, text) => void logs.push([level, text]) } })) as [
      SimNode,
    ];
    await world.run(60 * BEAT_MS);
    expect(isLinked(node, entry)).toBe(true);
    expect(logs.filter(([level]) => level === 'warn' || level === 'error')).toEqual([]);
  });
});

test('at rest a node sends little: less than a kilobyte a second', async () => {
  const { world } = await sea('rest');
  await joined(world, 24);
  await world.run(30_000);
  const beforeBytes = world.trace.bytes;
  await world.run(60_000);
  const bytesPerSecond = (world.trace.bytes - beforeBytes) / world.nodes.length / 60;
  expect(bytesPerSecond).toBeGreaterThan(10); // it does go on
  expect(bytesPerSecond).toBeLessThan(1_000);
});

describe('being asked', () => {
  test('sea:nearest, the seed API: the nearest that the callee knows', async () => {
    const { world, entry } = await sea('nearest');
    const nodes = await joined(world, 6);
    const [asker] = nodes as [SimNode];
    for (const node of nodes) {
      const found = await world.until(asker.sea.call(entry.sea.localId(), 'sea:nearest', node.sea.localId()), 10_000);
      expect(String(found)).toBe(node.sea.localId().toString());
    }
    const own = await world.until(asker.sea.call(entry.sea.localId(), 'sea:nearest', entry.sea.localId()), 10_000);
    expect(String(own)).toBe(entry.sea.localId().toString());
  });

  test('what is no question is refused with its code', async () => {
    const { world, entry } = await sea('unfit');
    const [asker] = (await joined(world, 1)) as [SimNode];
    const ask = (scope: string, ...args: (string | number)[]): Promise<SeaError> =>
      failure(world.until(asker.sea.call(entry.sea.localId(), scope, ...args), 10_000));
    expect(await ask('sea:nearest')).toEqual(code('BAD_ARGUMENT'));
    expect(await ask('sea:nearest', 'x')).toEqual(code('BAD_ARGUMENT'));
    expect(await ask('sea:peers', 1)).toEqual(code('BAD_MESSAGE'));
    expect(await ask('sea:siblings', 1)).toEqual(code('BAD_MESSAGE'));
    expect(isLinked(asker, entry)).toBe(true);
  });
});
