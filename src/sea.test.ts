/** The facade: production nodes in the simulator. */

import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { MemoryDeviceLock } from './adapters/memory/memory-device-lock.ts';
import { MemorySmallStore } from './adapters/memory/memory-small-store.ts';
import { HashAddress } from './address/hash-address.ts';
import { nearest } from './address/xor.ts';
import { SeaError } from './base/errors.ts';
import type { SigningKey } from './ports/crypto.ts';
import type { Argument } from './rpc/arguments.ts';
import type { SeaEvents } from './sea-api.ts';
import { SeededRandom } from './sim/seeded-random.ts';
import { SimCrypto, SimKeys } from './sim/sim-crypto.ts';
import { type SimNode, World } from './sim/world.ts';

const ENTRY = 'ws://entry';

async function sea(seed: string, count: number): Promise<{ world: World; nodes: SimNode[] }> {
  const world = new World(seed, () => setImmediate());
  const entry = await world.addNode({ listenUrl: ENTRY });
  await entry.sea.goOnline([]);
  for (let i = 1; i < count; i++) {
    const { sea: node } = await world.addNode();
    await world.until(node.goOnline([ENTRY]), 20_000);
  }
  await world.run(10_000);
  return { world, nodes: [...world.nodes] };
}

const code = (expected: string): object => expect.objectContaining({ code: expected }) as object;

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    value => `no failure but ${String(value)}`,
    error => error as unknown,
  );
}

describe('calls', () => {
  test('carry data, bytes and addresses both ways', async () => {
    const { world, nodes } = await sea('calls', 3);
    const [, a, b] = nodes.map(({ sea: node }) => node) as [unknown, SimNode['sea'], SimNode['sea']];
    const seen: Argument[][] = [];
    b.handle('swap', (...args) => {
      seen.push(args);
      return args.toReversed();
    });
    const bytes = new Uint8Array(100_000).fill(7);
    const answer = (await world.until(
      a.call(b.localId(), 'swap', 1, bytes, { of: a.localId() }),
      10_000,
    )) as Argument[];
    expect(seen[0]!.length).toBe(3);
    expect(await world.until(a.call(b.localId().toString(), 'swap', 1), 10_000)).toEqual([1]);
    await expect(a.call('nobody', 'swap')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(a.call(7 as never, 'swap')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect((answer[0] as { of: HashAddress }).of.equals(a.localId())).toBe(true);
    expect(Buffer.compare(answer[1] as Uint8Array, bytes)).toBe(0);
    expect(answer[2]).toBe(1);
  });

  test('to any point of the sea reach the node nearest to it, and the way there is told', async () => {
    const { world, nodes } = await sea('points', 6);
    const { sea: a } = nodes[1]!;
    const routes: SeaEvents['route'][] = [];
    const stop = a.on('route', route => routes.push(route));
    const others = nodes
      .map(({ sea: node }) => ({ address: node.localId() }))
      .filter(({ address }) => !address.equals(a.localId()));
    const point = HashAddress.from('5a'.repeat(32));
    const answer = await world.until(a.callWith({ nearest: true }, point, 'sea:nearest', point), 10_000);
    const route = routes.find(({ asked }) => asked.equals(point))!;
    expect(route.target.toString()).toBe(nearest(point, others)[0]!.address.toString());
    expect(route).toMatchObject({ scope: 'sea:nearest', hops: [] });
    expect(route.tookMs).toBeGreaterThan(0);
    expect(answer).toBeInstanceOf(HashAddress);
    stop();
    const heard = routes.length;
    await world.until(a.callWith({ nearest: true }, point, 'sea:nearest', point), 10_000);
    expect(routes.length).toBe(heard);
  });

  test('a handler that answers nothing, throws, or is none', async () => {
    const { world, nodes } = await sea('errors', 2);
    const [b, a] = nodes.map(({ sea: node }) => node) as [SimNode['sea'], SimNode['sea']];
    b.handle('nothing', () => undefined);
    b.handle('plain', () => {
      throw new Error('private');
    });
    b.handle('coded', async () => {
      throw new SeaError('DECLINED', 'no');
    });
    const call = (scope: string): Promise<unknown> => world.until(failure(a.call(b.localId(), scope)), 10_000);
    expect(await world.until(a.call(b.localId(), 'nothing'), 10_000)).toBeNull();
    expect(await call('plain')).toEqual(code('HANDLER_FAILED'));
    expect(await call('coded')).toEqual(code('DECLINED'));
    expect(await call('none')).toEqual(code('NO_HANDLER'));
    const unfit = a.call(b.localId(), 'nothing', (() => 1) as unknown as Argument);
    expect(await failure(unfit)).toEqual(code('BAD_ARGUMENT'));
  });

  test('the platform keeps its scopes to itself, an application has every other one once', async () => {
    const { nodes } = await sea('scopes', 1);
    const [{ sea: node }] = nodes as [SimNode];
    for (const scope of ['sea:peers', 'sea:mine', 'compute:x', 'con:x', 'storage:', 'pubsub:y', ''])
      expect(() => node.handle(scope, () => 1), scope).toThrow(code('BAD_ARGUMENT'));
    const release = node.handle('seashell', () => 1);
    expect(() => node.handle('seashell', () => 2)).toThrow(code('BAD_ARGUMENT'));
    release();
    node.handle('seashell', () => 3);
    expect(await node.call(node.localId(), 'seashell')).toBe(3);
  });

  test('offline: only oneself can be called', async () => {
    const world = new World('offline', () => setImmediate());
    const { sea: node } = await world.addNode();
    node.handle('own', value => value);
    expect(await world.until(node.call(node.localId(), 'own', 4), 0)).toBe(4);
    const other = HashAddress.from('11'.repeat(32));
    expect(await failure(node.call(other, 'own'))).toEqual(code('NOT_ONLINE'));
  });

  test('to nobody: NO_ROUTE within the deadline; deadline and signal of its own', async () => {
    const { world, nodes } = await sea('nobody', 4);
    const { sea: node } = nodes[1]!;
    const nobody = HashAddress.from('11'.repeat(32));
    expect(await world.until(failure(node.call(nobody, 'x')), 10_000)).toEqual(code('NO_ROUTE'));
    nodes[2]!.sea.handle('stuck', () => new Promise(() => {}));
    const beganMs = world.clock.now();
    const late = failure(node.callWith({ timeoutMs: 700 }, nodes[2]!.sea.localId(), 'stuck'));
    expect(await world.until(late, 10_000)).toEqual(code('TIMEOUT'));
    expect(world.clock.now() - beganMs).toBe(700);
    const controller = new AbortController();
    const aborted = failure(node.callWith({ signal: controller.signal }, nodes[2]!.sea.localId(), 'stuck'));
    await world.run(100);
    controller.abort();
    expect(await world.until(aborted, 0)).toEqual(code('ABORTED'));
  });

  test('to a node that dies meanwhile', async () => {
    const { world, nodes } = await sea('dies', 3);
    nodes[2]!.sea.handle('stuck', () => new Promise(() => {}));
    const call = failure(nodes[1]!.sea.callWith({ timeoutMs: 60_000 }, nodes[2]!.sea.localId(), 'stuck'));
    await world.run(500);
    world.network.kill(nodes[2]!.host);
    const error = (await world.until(call, 60_000)) as SeaError;
    expect(['PEER_GONE', 'NO_ROUTE']).toContain(error.code);
  });
});

describe('events and views', () => {
  test('online, links, offline, in this order; a listener that throws harms nobody', async () => {
    const { world } = await sea('events', 1);
    const logged: string[] = [];
    const { sea: node } = await world.addNode({
      log: { write: (level, text) => void logged.push(`${level} ${text}`) },
    });
    const events: string[] = [];
    node.on('links', () => {
      throw new Error('a listener of the application');
    });
    const stop = node.on('links', () => events.push(`links ${node.links().length}`));
    node.on('online', () => events.push('online'));
    node.on('offline', () => events.push('offline'));
    await world.until(node.goOnline([ENTRY]), 10_000);
    expect(events).toEqual(['links 1', 'online']);
    expect(logged).toContain('error a listener threw');
    stop();
    await node.goOffline();
    expect(events).toEqual(['links 1', 'online', 'offline']);
  });

  test('links as a person would look at them', async () => {
    const { world, nodes } = await sea('views', 2);
    const [a, b] = nodes.map(({ sea: node }) => node) as [SimNode['sea'], SimNode['sea']];
    expect(a.connections().map(String)).toEqual([b.localId().toString()]);
    const [link] = a.links();
    expect(link!.transport).toBe('webrtc');
    expect(link!.rttMs).toBeGreaterThan(0);
    expect(link!.bytesIn).toBeGreaterThan(100);
    expect(link!.bytesOut).toBeGreaterThan(100);
    expect(link!.sinceMs).toBeLessThan(world.clock.now());
    expect(link!.pins).toEqual([]);
    expect(a.contribution().slots).toBe(0);
  });
});

describe('identity', () => {
  test('the kept one where the device lock is free, else one that passes', async () => {
    const world = new World('identity', () => setImmediate());
    const lock = new MemoryDeviceLock();
    const made = { kept: 0, passing: 0 };
    const crypto = new (class extends SimCrypto {
      override async keptKey(): Promise<SigningKey> {
        made.kept++;
        return super.keptKey();
      }

      override async passingKey(): Promise<SigningKey> {
        made.passing++;
        return super.passingKey();
      }
    })(new SimKeys(), new SeededRandom('keys'));
    const first = await world.addNode({ platform: { lock, crypto } });
    const second = await world.addNode({ platform: { lock, crypto } });
    const third = await world.addNode({ platform: { lock, crypto }, identity: 'passing' });
    expect(made).toEqual({ kept: 1, passing: 2 });
    const ids = [first.sea, second.sea, third.sea].map(node => node.localId().toString());
    expect(new Set(ids).size).toBe(3);
    await first.sea.close(); // gives the lock back
    await world.addNode({ platform: { lock, crypto } });
    expect(made).toEqual({ kept: 2, passing: 2 });
  });

  test('a device that cannot keep a key gets a passing one, and says so', async () => {
    const world = new World('no storage', () => setImmediate());
    const logged: string[] = [];
    const crypto = new (class extends SimCrypto {
      override async keptKey(): Promise<SigningKey> {
        throw new SeaError('NO_STORAGE', 'private mode');
      }
    })(new SimKeys(), new SeededRandom('keys'));
    await world.addNode({ platform: { crypto }, log: { write: level => void logged.push(level) } });
    expect(logged).toEqual(['warn']);
  });
});

describe('identity on a device that was named', () => {
  const refused = (message: string) => expect.objectContaining({ code: 'NO_STORAGE', message });

  test('the second node on it is refused, until the first is closed', async () => {
    const world = new World('named', () => setImmediate());
    const platform = { lock: new MemoryDeviceLock(), namedDevice: '/data' };
    const { sea: first } = await world.addNode({ platform });
    await expect(world.addNode({ platform })).rejects.toEqual(refused('NO_STORAGE: /data is in use by another node'));
    await world.addNode({ platform, identity: 'passing' }); // wants nothing of it
    await first.close();
    await world.addNode({ platform });
  });

  test('one that keeps no key is refused, and not left locked', async () => {
    const world = new World('named, damaged', () => setImmediate());
    const lock = new MemoryDeviceLock();
    const crypto = new (class extends SimCrypto {
      override async keptKey(): Promise<SigningKey> {
        throw new SeaError('NO_STORAGE', 'damaged');
      }
    })(new SimKeys(), new SeededRandom('keys'));
    await expect(world.addNode({ platform: { lock, crypto, namedDevice: '/data' } })).rejects.toEqual(
      refused('NO_STORAGE: damaged'),
    );
    await world.addNode({ platform: { lock, namedDevice: '/data' } });
  });
});

describe('entries', () => {
  test('a way in that needs no configuration (another tab of this origin) is enough, and is let go', async () => {
    const { world } = await sea('tab', 4);
    const { sea: node } = await world.addNode({ platform: { standingEntries: [ENTRY] } });
    await world.until(node.goOnline([]), 10_000);
    await world.run(15_000);
    expect(node.links().length).toBe(4);
    expect(node.links().every(({ transport }) => transport === 'webrtc')).toBe(true);
  });

  test('a later run finds back by what the device remembers', async () => {
    const { world } = await sea('remember', 3);
    const smallStore = new MemorySmallStore();
    const { sea: first } = await world.addNode({ platform: { smallStore } });
    await world.until(first.goOnline([ENTRY]), 10_000);
    await first.close();
    const { sea: second } = await world.addNode({ platform: { smallStore } });
    await world.until(second.goOnline([]), 10_000);
    expect(second.online()).toBe(true);
  });

  test('another sea under the same address is refused', async () => {
    const { world } = await sea('networks', 2);
    const { sea: stranger } = await world.addNode({ networkId: 'another' });
    const error = (await world.until(failure(stranger.goOnline([ENTRY], { timeoutMs: 5_000 })), 6_000)) as SeaError;
    expect(error).toEqual(code('NO_BOOTSTRAP'));
    expect(error.message).toContain('WRONG_NETWORK');
  });
});

describe('close', () => {
  test('leaves nothing behind: no link, no timer; and is final', async () => {
    const { world, nodes } = await sea('close', 6);
    nodes[1]!.sea.handle('stuck', () => new Promise(() => {}));
    const call = failure(nodes[2]!.sea.call(nodes[1]!.sea.localId(), 'stuck'));
    await world.run(200);
    expect(world.clock.waiting).toBeGreaterThan(0);
    for (const { sea: node } of nodes) {
      await node.close();
      await node.close();
    }
    expect((await call) as SeaError).toBeInstanceOf(SeaError);
    await world.run(30_000); // what is under way on the wires arrives
    expect(world.clock.waiting).toBe(0);
    for (const { sea: node, host } of nodes) {
      expect(node.online()).toBe(false);
      expect(node.links()).toEqual([]);
      expect(host.channels.size).toBe(0);
      expect(await failure(node.goOnline([ENTRY]))).toEqual(code('CLOSED'));
    }
  });

  test('in the midst of joining', async () => {
    const { world, nodes } = await sea('close joining', 3);
    const { sea: node, host } = await world.addNode();
    const joining = failure(node.goOnline([ENTRY]));
    await world.run(150);
    await node.close();
    expect(await world.until(joining, 1)).toEqual(code('CLOSED'));
    await world.run(60_000);
    expect(host.channels.size).toBe(0);
    expect(nodes.every(({ sea: other }) => !other.connections().some(peer => peer.equals(node.localId())))).toBe(true);
  });

  test('gives the platform back', async () => {
    const world = new World('platform', () => setImmediate());
    let closed = 0;
    const { sea: node } = await world.addNode({ platform: { close: () => closed++ } });
    await node.close();
    await node.close();
    expect(closed).toBe(1);
  });
});
