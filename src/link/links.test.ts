import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { deferred } from '../base/deferred.ts';
import { errorNumber, SeaError } from '../base/errors.ts';
import { record } from '../ports/acceptance/recorder.ts';
import type { Crypto } from '../ports/crypto.ts';
import type { Channel, LinkFactory, Negotiation, Signal } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import { shakeHands } from './handshake.ts';
import { DIAL_TIMEOUT_MS, ENTRY_LINKS_MAX, HANDSHAKE_TIMEOUT_MS, RETIRE_MS } from './limits.ts';
import type { SignalLine, SignalListener, Signaller } from './signaller.ts';
import { outcome, settle, testNode } from './testing/nodes.ts';
import { type SeaNode, TestSea, websocketDials } from './testing/test-sea.ts';

const never = new AbortController().signal;
const nobody = HashAddress.from('f'.repeat(64));

/** Two nodes, the one of smaller address first. */
function twoNodes(sea: TestSea, names: readonly [string, string] = ['alice', 'bob']): [SeaNode, SeaNode] {
  const nodes = names.map(name => sea.node(name));
  nodes.sort((a, b) => (a.address.toString() < b.address.toString() ? -1 : 1));
  return [nodes[0]!, nodes[1]!];
}

/** A signaller that a test plays by hand. */
class HeldSignaller implements Signaller {
  readonly listeners: SignalListener[] = [];
  closed = 0;

  open(_peer: HashAddress, _via: HashAddress | undefined, listener: SignalListener): SignalLine {
    this.listeners.push(listener);
    return { send() {}, close: () => void this.closed++ };
  }
}

/** A factory whose negotiations come to nothing unless a test ends them. */
class HeldFactory implements LinkFactory {
  readonly negotiates = true;
  readonly made: { closed: boolean; fail(error: Error): void }[] = [];
  readonly #dial: LinkFactory['dial'];

  constructor(sea: TestSea) {
    this.#dial = sea.network.factory().dial;
  }

  dial(url: string, signal: AbortSignal): Promise<Channel> {
    return this.#dial(url, signal);
  }

  negotiate(): Negotiation {
    const channel = deferred<never>();
    const entry = { closed: false, fail: channel.reject };
    this.made.push(entry);
    const close = (): void => {
      entry.closed = true;
      channel.reject(new SeaError('ABORTED', 'given up'));
    };
    return { channel: channel.promise, accept() {}, close };
  }
}

test('a dial makes one link that both sides have', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const link = await a.links.connect(b.address);
  await settle();
  expect([link.address.equals(b.address), link.dialled, link.direct, link.open]).toEqual([true, true, true, true]);
  expect(b.links.table.get(a.address)).toMatchObject({ dialled: false, id: link.id });
  expect([a.events, b.events]).toEqual([[`neighbour ${b.name}`], [`neighbour ${a.name}`]]);
  expect([a.links.taken, b.links.taken, sea.clock.waiting]).toEqual([1, 1, 0]);
});

test('a link that stands is given again; a dial under way is joined', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const both = [a.links.connect(b.address), a.links.connect(b.address)];
  expect([a.links.dialling(b.address), a.links.taken]).toEqual([true, 1]);
  const [first, second] = await Promise.all(both);
  expect(second).toBe(first);
  expect(await a.links.connect(b.address)).toBe(first);
  expect([sea.dialsAsked, a.links.dialling(b.address)]).toEqual([1, false]);
});

test('a dial that is joined fails for all', async () => {
  const sea = new TestSea();
  const [a] = twoNodes(sea);
  const both = [outcome(a.links.connect(nobody)), outcome(a.links.connect(nobody))];
  expect(await Promise.all(both)).toEqual(['NO_ROUTE', 'NO_ROUTE']);
  expect([a.links.taken, sea.clock.waiting]).toEqual([0, 0]);
});

test('simultaneous dials settle on one link, alike on both sides', async () => {
  for (let round = 0; round < 12; round++) {
    const sea = new TestSea();
    const [a, b] = [sea.node(`left ${round}`), sea.node(`right ${round}`)];
    const [left, right] = await Promise.all([a.links.connect(b.address), b.links.connect(a.address)]);
    await settle();
    sea.clock.pass(RETIRE_MS);
    await settle();
    expect(left.id).toEqual(right.id);
    expect([left.open, right.open]).toEqual([true, true]);
    expect([a.links.table.get(b.address), b.links.table.get(a.address)]).toEqual([left, right]);
    expect([a.links.table.liveCount, b.links.table.liveCount]).toEqual([1, 1]);
    expect([a.links.taken, b.links.taken, sea.clock.waiting]).toEqual([1, 1, 0]);
  }
});

test('many that dial one another at once end with one link for each pair', async () => {
  const sea = new TestSea();
  const nodes = Array.from({ length: 6 }, (_, i) => sea.node(`node ${i}`));
  const dials = nodes.flatMap(a => nodes.filter(b => b !== a).map(b => a.links.connect(b.address)));
  for (const link of await Promise.all(dials)) expect(link.open).toBe(true);
  await settle();
  sea.clock.pass(RETIRE_MS);
  await settle();
  for (const { links } of nodes) expect([links.table.size, links.table.liveCount, links.taken]).toEqual([5, 5, 5]);
});

test('a dial to oneself is SELF_LINK', async () => {
  const [a] = twoNodes(new TestSea());
  expect(await outcome(a.links.connect(a.address))).toBe('SELF_LINK');
});

test('the asked side declines: no use for it, no WebRTC, a ban, a full budget', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  b.wants = false;
  expect(await outcome(a.links.connect(b.address))).toBe('DECLINED');
  b.wants = true;
  const deaf = sea.node('deaf', { factory: { ...sea.network.factory(), negotiates: false } });
  expect(await outcome(a.links.connect(deaf.address))).toBe('DECLINED');
  while (!b.links.scores.add(a.address, 'badMessage'));
  expect(await outcome(a.links.connect(b.address))).toBe('DECLINED');
  const full = sea.node('full', { linksMax: 0 });
  expect(await outcome(a.links.connect(full.address))).toBe('LINK_BUDGET');
  expect([a.links.taken, a.events, sea.clock.waiting]).toEqual([0, [], 0]);
});

test('whoever was banned is not dialled either, until the ban is over', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  while (!a.links.scores.add(b.address, 'badMessage'));
  expect(await outcome(a.links.connect(b.address))).toBe('DECLINED');
  expect(sea.dialsAsked).toBe(0);
  sea.clock.pass(60_000);
  expect(await outcome(a.links.connect(b.address))).toBe('done');
});

test('a full budget: LINK_BUDGET without a victim, else the victim goes, and only for who agreed', async () => {
  const sea = new TestSea();
  const a = sea.node('full', { linksMax: 2 });
  const [b, c, d, e] = ['b', 'c', 'd', 'e'].map(name => sea.node(name)) as [SeaNode, SeaNode, SeaNode, SeaNode];
  await a.links.connect(b.address);
  await a.links.connect(c.address);
  expect(await outcome(a.links.connect(d.address))).toBe('LINK_BUDGET');
  a.victim = a.links.table.get(b.address);
  d.wants = false;
  expect(await outcome(a.links.connect(d.address))).toBe('DECLINED');
  expect(a.links.table.has(b.address)).toBe(true); // nobody was given up for nothing
  expect(await outcome(a.links.connect(e.address))).toBe('done');
  await settle();
  expect([...a.links.table.links()].map(link => link.address)).toEqual([c.address, e.address]);
  expect(b.events).toEqual(['neighbour full', 'closed full LINK_BUDGET', 'gone full LINK_BUDGET']);
});

test('however many dials run at once, the budget holds', async () => {
  const sea = new TestSea();
  const a = sea.node('full', { linksMax: 3 });
  const others = Array.from({ length: 8 }, (_, i) => sea.node(`other ${i}`));
  const first = await a.links.connect(others[0]!.address);
  a.victim = first;
  const codes = await Promise.all(others.slice(1).map(({ address }) => outcome(a.links.connect(address))));
  expect(codes.filter(code => code === 'done').length).toBe(a.links.table.size - (first.open ? 1 : 0));
  expect(new Set(codes)).toEqual(new Set(['done', 'LINK_BUDGET']));
  expect([a.links.table.size, a.links.taken]).toEqual([3, 3]);
});

test('answers count against the budget while they are under way', () => {
  const sea = new TestSea();
  const a = sea.node('asked', { linksMax: 2, factory: new HeldFactory(sea) });
  const ask = (name: string): string => {
    try {
      a.links.answer(sea.node(name).address, () => {}, never);
      return 'agreed';
    } catch (error) {
      return (error as SeaError).code;
    }
  };
  expect([ask('b'), ask('c'), ask('d')]).toEqual(['agreed', 'agreed', 'LINK_BUDGET']);
  expect(a.links.taken).toBe(2);
});

test('a peer that asks again has given up what it asked for before', async () => {
  const sea = new TestSea();
  const factory = new HeldFactory(sea);
  const a = sea.node('asked', { linksMax: 1, factory });
  const first = a.links.answer(nobody, () => {}, never);
  const second = a.links.answer(nobody, () => {}, never);
  expect(await outcome(first.done)).toBe('ABORTED');
  expect(factory.made.map(({ closed }) => closed)).toEqual([true, false]);
  expect(a.links.taken).toBe(1);
  factory.made[1]!.fail(new SeaError('DIAL_FAILED', 'no way'));
  expect(await outcome(second.done)).toBe('DIAL_FAILED');
  expect([a.links.taken, sea.clock.waiting]).toEqual([0, 0]);
});

test('of two that dial each other the smaller address goes on: DUPLICATE_LINK there, an answer at the other', () => {
  const sea = new TestSea();
  const [smaller, larger] = twoNodes(sea);
  void smaller.links.connect(larger.address).catch(() => {});
  void larger.links.connect(smaller.address).catch(() => {});
  expect(() => smaller.links.answer(larger.address, () => {}, never)).toThrow('DUPLICATE_LINK');
  expect(() => larger.links.answer(smaller.address, () => {}, never)).not.toThrow();
  smaller.scope.close();
  larger.scope.close();
});

test('an answer ends with the call that asked for it, whether or not anybody awaits it', async () => {
  const sea = new TestSea();
  const factory = new HeldFactory(sea);
  const a = sea.node('asked', { factory });
  const controller = new AbortController();
  a.links.answer(nobody, () => {}, controller.signal);
  controller.abort();
  await settle();
  expect([factory.made[0]!.closed, a.links.taken, sea.clock.waiting]).toEqual([true, 0, 0]);
  const late = a.links.answer(nobody, () => {}, controller.signal); // it has fired already
  expect(await outcome(late.done)).toBe('ABORTED');
});

test('an answer that leads nowhere ends with TIMEOUT', async () => {
  const sea = new TestSea();
  const factory = new HeldFactory(sea);
  const a = sea.node('asked', { factory });
  const { done } = a.links.answer(nobody, () => {}, never);
  sea.clock.pass(DIAL_TIMEOUT_MS);
  expect(await outcome(done)).toBe('TIMEOUT');
  expect([factory.made[0]!.closed, a.links.taken]).toEqual([true, 0]);
});

test('a dial that is never answered ends with TIMEOUT; an agreement that comes later begins nothing', async () => {
  const sea = new TestSea();
  const [signaller, factory] = [new HeldSignaller(), new HeldFactory(sea)];
  const a = sea.node('patient', { signaller, factory });
  const dial = outcome(a.links.connect(nobody));
  sea.clock.pass(DIAL_TIMEOUT_MS - 1);
  await settle();
  expect(a.links.dialling(nobody)).toBe(true);
  sea.clock.pass(1);
  expect(await dial).toBe('TIMEOUT');
  expect([signaller.closed, a.links.taken]).toEqual([1, 0]);
  signaller.listeners[0]!.onAgreed();
  signaller.listeners[0]!.onSignal({ kind: 'end' });
  signaller.listeners[0]!.onEnd(undefined);
  expect(factory.made).toEqual([]);
});

test('a dial that nobody waits for any more ends at once, and the next one is new', async () => {
  const sea = new TestSea();
  const [signaller, factory] = [new HeldSignaller(), new HeldFactory(sea)];
  const a = sea.node('hasty', { signaller, factory });
  const [first, second, third] = [1, 2, 3].map(() => new AbortController()) as [
    AbortController,
    AbortController,
    AbortController,
  ];
  const dials = [first, second].map(({ signal }) => outcome(a.links.connect(nobody, { signal })));
  signaller.listeners[0]!.onAgreed();
  first.abort();
  expect(await dials[0]).toBe('ABORTED');
  expect([signaller.listeners.length, signaller.closed, a.links.dialling(nobody)]).toEqual([1, 0, true]);
  second.abort(new SeaError('CLOSED', 'with a reason of its own'));
  const next = outcome(a.links.connect(nobody, { signal: third.signal }));
  expect([signaller.listeners.length, a.links.dialling(nobody), a.links.taken]).toEqual([2, true, 1]);
  expect(await dials[1]).toBe('CLOSED');
  await settle();
  expect([signaller.closed, factory.made.map(({ closed }) => closed)]).toEqual([1, [true]]);
  expect(a.links.dialling(nobody)).toBe(true); // the end of the old one has not ended the new one
  expect(await outcome(a.links.connect(nobody, { signal: first.signal }))).toBe('ABORTED');
  third.abort();
  expect(await next).toBe('ABORTED');
  await settle();
  expect([signaller.closed, a.links.taken, sea.clock.waiting]).toEqual([2, 0, 0]);
});

test('who gives up takes nothing from one who waits without a signal, and nothing from a link that stands', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const [early, late] = [new AbortController(), new AbortController()];
  const dials = [{ signal: early.signal }, {}, { signal: late.signal }].map(options =>
    a.links.connect(b.address, options),
  );
  const givenUp = outcome(dials[0]!);
  early.abort();
  expect(await givenUp).toBe('ABORTED');
  const link = await dials[1]!;
  expect(await dials[2]).toBe(link);
  late.abort();
  await settle();
  expect([link.open, a.links.table.get(b.address) === link, sea.clock.waiting]).toEqual([true, true, 0]);
});

test('how the line ends decides a dial: without agreement DECLINED, with an error its code', async () => {
  const cases: readonly (readonly [(listener: SignalListener) => void, string])[] = [
    [listener => listener.onEnd(undefined), 'DECLINED'],
    [listener => listener.onEnd(new SeaError('PEER_GONE', '')), 'PEER_GONE'],
    [
      listener => {
        listener.onAgreed();
        listener.onEnd(undefined); // the peer's end is done: ours goes on
      },
      'TIMEOUT',
    ],
    [
      listener => {
        listener.onAgreed();
        listener.onAgreed(); // said twice: negotiated once
        listener.onEnd(new SeaError('PEER_GONE', ''));
      },
      'PEER_GONE',
    ],
    [listener => listener.onEnd(new SeaError('DUPLICATE_LINK', '')), 'TIMEOUT'], // its own dial never came
  ];
  for (const [play, expected] of cases) {
    const sea = new TestSea();
    const [signaller, factory] = [new HeldSignaller(), new HeldFactory(sea)];
    const a = sea.node('patient', { signaller, factory });
    const dial = outcome(a.links.connect(nobody));
    play(signaller.listeners[0]!);
    await settle();
    sea.clock.pass(DIAL_TIMEOUT_MS);
    expect(await dial).toBe(expected);
    expect(factory.made.length).toBeLessThanOrEqual(1);
    expect(factory.made.every(({ closed }) => closed)).toBe(true);
    expect([signaller.closed, sea.clock.waiting]).toEqual([1, 0]);
  }
});

test('a negotiation that fails, or cannot even begin, fails the dial', async () => {
  const sea = new TestSea();
  const [signaller, factory] = [new HeldSignaller(), new HeldFactory(sea)];
  const a = sea.node('patient', { signaller, factory });
  const dial = outcome(a.links.connect(nobody));
  signaller.listeners[0]!.onAgreed();
  factory.made[0]!.fail(new SeaError('DIAL_FAILED', 'no way'));
  expect(await dial).toBe('DIAL_FAILED');
  const broken = sea.node('broken', {
    signaller,
    factory: {
      ...sea.network.factory(),
      negotiate: () => {
        throw new Error('so many connections');
      },
    },
  });
  const other = outcome(broken.links.connect(nobody));
  signaller.listeners[1]!.onAgreed();
  expect(await other).toBe('DIAL_FAILED');
});

test('a signaller that throws fails the dial and leaves none under way', async () => {
  const sea = new TestSea();
  const a = sea.node('mute', {
    signaller: {
      open() {
        throw new SeaError('NOT_ONLINE', 'nobody to ask');
      },
    },
  });
  expect(await outcome(a.links.connect(nobody))).toBe('NOT_ONLINE');
  expect([a.links.dialling(nobody), sea.clock.waiting]).toEqual([false, 0]);
});

test('somebody else at the other end of a dial is BAD_SIGNATURE', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const c = sea.node('carol');
  const mistaken = sea.node('mistaken', {
    signaller: {
      open: (_peer, _via, listener) => {
        const answer = b.links.answer(
          mistaken.address,
          signal => queueMicrotask(() => listener.onSignal(signal)),
          never,
        );
        queueMicrotask(() => listener.onAgreed());
        return { send: (signal: Signal) => queueMicrotask(() => answer.accept(signal)), close() {} };
      },
    },
  });
  expect(await outcome(mistaken.links.connect(c.address))).toBe('BAD_SIGNATURE');
  await settle();
  expect([mistaken.events, b.events, a.events]).toEqual([[], [], []]);
});

test('a dial is settled by any link to the peer', async () => {
  const sea = new TestSea();
  const signaller = new HeldSignaller();
  const a = sea.node('patient', { signaller });
  const b = sea.node('bob');
  const dial = a.links.connect(b.address);
  signaller.listeners[0]!.onEnd(new SeaError('DUPLICATE_LINK', 'our own dial goes on'));
  const link = await b.links.connect(a.address);
  expect((await dial).id).toEqual(link.id);
  expect(signaller.closed).toBe(1);
});

test('a link over a server is no answer to a dial: it goes on and replaces it', async () => {
  const sea = new TestSea();
  const a = sea.node('alice', { factory: websocketDials(sea.network.factory()) });
  const b = sea.node('bob');
  await sea.listen(b, 'memory:bob');
  const server = await a.links.dialUrl('memory:bob', never);
  expect([server.direct, a.links.taken, a.links.table.size]).toEqual([false, 0, 1]);
  const direct = await a.links.connect(b.address);
  expect([direct.direct, direct.open, server.state.state]).toEqual([true, true, 'retired']);
  sea.clock.pass(RETIRE_MS);
  await settle();
  expect(a.events).toEqual(['neighbour bob', 'closed bob DUPLICATE_LINK']);
  expect(b.events).toEqual(['neighbour alice', 'closed alice DUPLICATE_LINK']);
  expect([a.links.table.liveCount, b.links.table.liveCount]).toEqual([1, 1]);
});

test('dialUrl: the link, or why not', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const stranger = sea.node('stranger', { local: { networkId: 'other' } });
  await sea.listen(b, 'memory:b');
  await sea.listen(stranger, 'memory:other');
  await sea.listen(a, 'memory:a');
  expect((await a.links.dialUrl('memory:b', never)).address.equals(b.address)).toBe(true);
  expect(await outcome(a.links.dialUrl('memory:nobody', never))).toBe('DIAL_FAILED');
  expect(await outcome(a.links.dialUrl('memory:other', never))).toBe('WRONG_NETWORK');
  expect(await outcome(a.links.dialUrl('memory:a', never))).toBe('SELF_LINK');
  expect(await outcome(a.links.dialUrl('memory:b', AbortSignal.abort()))).toBe('ABORTED');
  expect([stranger.events, sea.clock.waiting]).toEqual([[], 0]);
});

test('dialUrl can be given up in the middle of the handshake', async () => {
  const sea = new TestSea();
  const [a] = twoNodes(sea);
  const ends = await sea.strangers('memory:silent');
  const controller = new AbortController();
  const dial = outcome(a.links.dialUrl('memory:silent', controller.signal));
  await settle();
  const seen = record(ends[0]!);
  controller.abort();
  expect(await dial).toBe('ABORTED');
  await seen.until(({ closes }) => closes.length > 0);
  expect(sea.clock.waiting).toBe(0);
});

test('whoever was banned hears DECLINED at the door', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  await sea.listen(b, 'memory:b');
  while (!b.links.scores.add(a.address, 'badMessage'));
  expect(await outcome(a.links.dialUrl('memory:b', never))).toBe('DECLINED');
  expect(b.events).toEqual([]);
});

test('more strangers at the door than a listening node takes are turned away with LINK_BUDGET, and the rest in time', async () => {
  const sea = new TestSea();
  const b = sea.node('door', { linksMax: 3 });
  await sea.listen(b, 'memory:door');
  const { dial } = sea.network.factory();
  const most = 3 + ENTRY_LINKS_MAX;
  const silent = await Promise.all(Array.from({ length: most }, async () => record(await dial('memory:door', never))));
  const late = record(await dial('memory:door', never));
  await late.until(({ closes }) => closes.length > 0);
  expect(decodeLinkFrame(late.frames.at(-1)!).message).toEqual({ kind: 'bye', code: 10 });
  expect(silent.every(({ closes }) => closes.length === 0)).toBe(true);
  sea.clock.pass(HANDSHAKE_TIMEOUT_MS);
  await Promise.all(silent.map(seen => seen.until(({ closes }) => closes.length > 0)));
  const again = sea.node('newcomer');
  expect(await outcome(again.links.dialUrl('memory:door', never))).toBe('done');
  expect(sea.clock.waiting).toBe(0);
});

test('retired links count at the door: dialling again and again gains nothing', async () => {
  const sea = new TestSea();
  const door = sea.node('door');
  const again = sea.node('again');
  await sea.listen(door, 'memory:door');
  for (let i = 0; i < 5; i++) await again.links.dialUrl('memory:door', never);
  await settle();
  expect([door.links.table.size, door.links.table.liveCount]).toEqual([1, 5]);
  sea.clock.pass(RETIRE_MS);
  await settle();
  expect([door.links.table.size, door.links.table.liveCount, again.links.table.size]).toEqual([1, 1, 1]);
});

test('ten unfit messages close the link and shut the door for a minute', async () => {
  const sea = new TestSea();
  const b = sea.node('victim');
  await sea.listen(b, 'memory:victim');
  const a = sea.node('rude');
  const link = await a.links.dialUrl('memory:victim', never);
  await settle();
  for (let i = 0; i < 9; i++) link.send('control', { kind: 'proof', signature: new Uint8Array(64) });
  await settle();
  expect([b.links.scores.points(a.address), b.events]).toEqual([90, ['neighbour rude']]);
  link.send('control', { kind: 'proof', signature: new Uint8Array(64) });
  await settle();
  expect(b.events.slice(1)).toEqual(['closed rude BAD_MESSAGE', 'gone rude BAD_MESSAGE']);
  expect(a.events.slice(1)).toEqual(['closed victim BAD_MESSAGE', 'gone victim BAD_MESSAGE']);
  expect(await outcome(a.links.dialUrl('memory:victim', never))).toBe('DECLINED');
  sea.clock.pass(60_000);
  expect(await outcome(a.links.dialUrl('memory:victim', never))).toBe('done');
});

test('digests go to the table, messages of routing to their layer', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const link = await a.links.connect(b.address);
  link.send('control', { kind: 'digest' }, new Uint8Array(8).fill(3));
  link.send('control', { kind: 'taken', pathId: 9 });
  await settle();
  expect(b.links.table.digest(a.address)).toEqual(new Uint8Array(8).fill(3));
  expect(b.routed).toEqual([{ kind: 'taken', pathId: 9 }]);
});

test('a beat reaches every link', async () => {
  const sea = new TestSea();
  const [a, b] = twoNodes(sea);
  const link = await a.links.connect(b.address);
  await settle();
  sea.clock.pass(70_001);
  b.links.table.get(a.address)?.ping(); // one sign of life, late
  await settle();
  a.links.beat();
  expect(link.open).toBe(true);
  sea.clock.pass(70_001);
  a.links.beat();
  await settle();
  expect(a.events.at(-1)).toBe(`gone ${b.name} TIMEOUT`);
  expect(b.events.at(-1)).toBe(`gone ${a.name} TIMEOUT`);
});

test('a peer that leaves as it comes gives no link but the reason', async () => {
  const sea = new TestSea();
  const verified = deferred<boolean>();
  const crypto = { ...testNode('any').tools.crypto, verify: () => verified.promise } as Crypto;
  const a = sea.node('slow', { crypto });
  const stranger = testNode('stranger', sea.clock);
  const ends = await sea.strangers('memory:stranger');
  const dial = outcome(a.links.dialUrl('memory:stranger', never));
  await settle();
  const { channel } = await shakeHands(stranger.tools, stranger.local, ends[0]!);
  channel.send(encodeMessage({ kind: 'bye', code: errorNumber('LINK_BUDGET') }));
  channel.close();
  await settle();
  verified.resolve(true);
  expect(await dial).toBe('LINK_BUDGET');
  expect([a.links.table.liveCount, a.links.taken]).toEqual([0, 0]);
});

test('hanging up ends links, retired ones, dials, answers and handshakes; then all is as before', async () => {
  const sea = new TestSea();
  const signaller = new HeldSignaller();
  const a = sea.node('alice', { factory: websocketDials(sea.network.factory()) });
  const b = sea.node('bob', { signaller });
  const ends = await sea.strangers('memory:silent');
  await sea.listen(b, 'memory:bob');
  await a.links.dialUrl('memory:bob', never);
  await a.links.connect(b.address); // the first one is retired
  const dial = outcome(b.links.connect(nobody));
  const shaking = outcome(b.links.dialUrl('memory:silent', never));
  await settle();
  const seen = record(ends[0]!);
  expect(b.links.table.liveCount).toBe(2);
  b.links.hangUp();
  expect([await dial, await shaking, signaller.closed]).toEqual(['CLOSED', 'CLOSED', 1]);
  await seen.until(({ closes }) => closes.length > 0);
  await settle();
  expect([b.links.table.liveCount, b.links.taken, a.links.table.liveCount]).toEqual([0, 0, 0]);
  expect(a.events.at(-1)).toBe('gone bob CLOSED');
  expect(await outcome(a.links.connect(b.address))).toBe('done');
});

test('when the scope closes everything ends, no timer stays, and nothing begins again', async () => {
  const sea = new TestSea();
  const factory = new HeldFactory(sea);
  const a = sea.node('alice', { factory });
  const b = sea.node('bob');
  const ends = await sea.strangers('memory:silent');
  await sea.listen(b, 'memory:bob');
  await sea.listen(a, 'memory:alice');
  await a.links.dialUrl('memory:bob', never);
  const { done } = a.links.answer(nobody, () => {}, never);
  const shaking = outcome(a.links.dialUrl('memory:silent', never));
  await settle();
  a.scope.close();
  expect([await outcome(done), await shaking]).toEqual(['ABORTED', 'CLOSED']);
  await settle();
  expect([a.links.table.liveCount, b.links.table.liveCount, factory.made[0]!.closed]).toEqual([0, 0, true]);
  expect(sea.clock.waiting).toBe(0);
  expect(await outcome(a.links.connect(b.address))).toBe('CLOSED');
  expect(await outcome(a.links.dialUrl('memory:bob', never))).toBe('CLOSED');
  expect(() => a.links.answer(b.address, () => {}, never)).toThrow('CLOSED');
  expect(await outcome(b.links.dialUrl('memory:alice', never))).toBe('CLOSED');
  expect(ends.length).toBe(1);
});

test('a network id or URL that no hello could carry is refused at once', () => {
  const sea = new TestSea();
  expect(() => sea.node('a', { local: { networkId: 'n'.repeat(64), url: 'u'.repeat(256) } })).not.toThrow();
  expect(() => sea.node('b', { local: { networkId: 'n'.repeat(65) } })).toThrow('BAD_ARGUMENT');
  expect(() => sea.node('c', { local: { url: 'u'.repeat(257) } })).toThrow('BAD_ARGUMENT');
});
