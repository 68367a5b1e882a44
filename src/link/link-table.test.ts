import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import { below, pick, shuffle } from '../base/random.ts';
import { Scope } from '../base/scope.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import type { Transport } from '../ports/link-factory.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { MEETING_MS, RETIRE_MS } from './limits.ts';
import type { Link } from './link.ts';
import { LinkTable } from './link-table.ts';
import { type FakeLink, type FakeLinkOptions, fakeLink } from './testing/fake-channel.ts';

const smaller = HashAddress.from('1'.padEnd(64, '0'));
const larger = HashAddress.from('2'.padEnd(64, '0'));
const third = HashAddress.from('3'.padEnd(64, '0'));

interface Side {
  readonly clock: ManualClock;
  readonly scope: Scope;
  readonly table: LinkTable;
  readonly events: string[];
  add(peer: HashAddress, options?: FakeLinkOptions): FakeLink;
}

/** The table of one node, which tells what it hears. */
function makeSide(self: HashAddress, clock: ManualClock = new ManualClock()): Side {
  const events: string[] = [];
  const scope = new Scope(clock);
  const name = (address: HashAddress): string => address.toString().slice(0, 1);
  const table = new LinkTable(self, scope, {
    onNeighbour: link => events.push(`neighbour ${name(link.address)}`),
    onNeighbourGone: (address, reason) => events.push(`gone ${name(address)} ${reason.code}`),
    onLinkClosed: (link, reason) => events.push(`closed ${name(link.address)} ${reason.code}`),
    onRouting() {},
  });
  const add = (peer: HashAddress, options: FakeLinkOptions = {}): FakeLink => {
    const handler = { onClose: (link: Link, reason: Parameters<LinkTable['remove']>[1]) => table.remove(link, reason) };
    const made = fakeLink(clock, peer, { handler, ...options });
    table.add(made.link);
    return made;
  };
  return { clock, scope, table, events, add };
}

test('a neighbour comes with its first link and goes with its last', () => {
  const { table, events, add } = makeSide(smaller);
  const { link, channel } = add(larger);
  add(third);
  expect([table.size, table.liveCount, table.has(larger), table.get(larger)]).toEqual([2, 2, true, link]);
  expect([...table.links()].map(({ address }) => address)).toEqual([larger, third]);
  channel.end('gone');
  expect([table.size, table.liveCount, table.has(larger), table.get(larger)]).toEqual([1, 1, false, undefined]);
  expect(events).toEqual(['neighbour 2', 'neighbour 3', 'closed 2 LINK_CLOSED', 'gone 2 LINK_CLOSED']);
});

test('a replaced link is retired, then closed; the neighbour stays', () => {
  const { clock, table, events, add } = makeSide(smaller);
  const server = add(larger, { transport: 'websocket' });
  const direct = add(larger, { transport: 'webrtc' });
  expect([table.get(larger), table.size, table.liveCount]).toEqual([direct.link, 1, 2]);
  expect([server.link.state.state, direct.link.state.state]).toEqual(['retired', 'open']);
  clock.pass(RETIRE_MS - 1);
  expect(server.channel.closed).toBe(false);
  clock.pass(1);
  expect([server.channel.closed, direct.channel.closed, table.liveCount]).toEqual([true, false, 1]);
  expect(events).toEqual(['neighbour 2', 'closed 2 DUPLICATE_LINK']);
});

test('a worse link is retired as it comes', () => {
  const { clock, table, events, add } = makeSide(smaller);
  const direct = add(larger, { transport: 'webrtc' });
  const server = add(larger, { transport: 'websocket' });
  expect([table.get(larger), server.link.state.state]).toEqual([direct.link, 'retired']);
  clock.pass(RETIRE_MS);
  expect(events).toEqual(['neighbour 2', 'closed 2 DUPLICATE_LINK']);
});

test('a link that comes after the meeting replaces the older one, whatever it runs over', () => {
  const { clock, table, events, add } = makeSide(smaller);
  const direct = add(larger, { transport: 'webrtc', dialled: true });
  clock.pass(MEETING_MS + 1); // a tab was reloaded: its old connection has not been noticed to be dead
  const server = add(larger, { transport: 'websocket', dialled: false });
  expect([table.get(larger), direct.link.state.state]).toEqual([server.link, 'retired']);
  expect(events).toEqual(['neighbour 2', 'neighbour 2']); // what it was told before, it must be told again
});

test('a retired link that is still the current one gives way to any other', () => {
  const { table, add } = makeSide(smaller);
  const server = add(larger, { transport: 'webrtc', dialled: true });
  table.dismiss(server.link);
  expect([table.get(larger)?.open, table.has(larger)]).toEqual([false, true]);
  const other = add(larger, { transport: 'websocket', dialled: false });
  expect(table.get(larger)).toBe(other.link);
});

test('a dismissed link ends in time and the neighbour with it, once', () => {
  const { clock, table, events, add } = makeSide(smaller);
  const { link } = add(larger, { transport: 'websocket' });
  table.dismiss(link);
  table.dismiss(link);
  expect(clock.waiting).toBe(1);
  clock.pass(RETIRE_MS);
  expect(events).toEqual(['neighbour 2', 'closed 2 DUPLICATE_LINK', 'gone 2 DUPLICATE_LINK']);
  table.dismiss(link);
  expect(clock.waiting).toBe(0);
});

test('closeAll ends the current links and the retired', () => {
  const { scope, table, events, add } = makeSide(smaller);
  const made = [
    add(larger, { transport: 'websocket' }),
    add(larger, { transport: 'webrtc' }),
    add(third, { transport: 'webrtc' }),
  ];
  scope.close(); // and no timer will come
  table.closeAll('CLOSED', 'this node went offline');
  expect(made.map(({ channel }) => channel.closed)).toEqual([true, true, true]);
  expect([table.size, table.liveCount]).toEqual([0, 0]);
  expect(events.slice(2)).toEqual([
    'closed 2 CLOSED',
    'closed 2 CLOSED',
    'gone 2 CLOSED',
    'closed 3 CLOSED',
    'gone 3 CLOSED',
  ]);
});

test('pins hold by reason and count, and are let go once each', () => {
  const { table, add } = makeSide(smaller);
  expect([table.pins(larger), table.pin(larger, 'nobody')()]).toEqual([[], undefined]);
  const { channel } = add(larger);
  const [first, second, other] = [table.pin(larger, 'con'), table.pin(larger, 'con'), table.pin(larger, 'compute')];
  expect(table.pins(larger)).toEqual(['con', 'compute']);
  first();
  first();
  expect(table.pins(larger)).toEqual(['con', 'compute']);
  second();
  expect(table.pins(larger)).toEqual(['compute']);
  channel.end('gone');
  expect(table.pins(larger)).toEqual([]);
  add(larger);
  other(); // of the link before
  expect(table.pins(larger)).toEqual([]);
});

test('pins and digest outlive the link that is replaced', () => {
  const { table, add } = makeSide(smaller);
  const server = add(larger, { transport: 'websocket' });
  table.pin(larger, 'con');
  table.setDigest(server.link, Uint8Array.of(1));
  add(larger, { transport: 'webrtc' });
  expect([table.pins(larger), table.digest(larger)]).toEqual([['con'], Uint8Array.of(1)]);
});

test('a digest counts over any link of the neighbour, the last one said', () => {
  const { table, add } = makeSide(smaller);
  expect(table.digest(larger)).toEqual(new Uint8Array(0));
  const server = add(larger, { transport: 'websocket' });
  const direct = add(larger, { transport: 'webrtc' });
  table.setDigest(server.link, Uint8Array.of(1)); // the neighbour has not retired it yet
  expect(table.digest(larger)).toEqual(Uint8Array.of(1));
  table.setDigest(direct.link, Uint8Array.of(2));
  expect(table.digest(larger)).toEqual(Uint8Array.of(2));
  const { link, channel } = add(third);
  channel.end('gone');
  table.setDigest(link, Uint8Array.of(3));
  expect(table.digest(third)).toEqual(new Uint8Array(0));
});

const transports: readonly Transport[] = ['webrtc', 'memory', 'websocket', 'tab'];

/** A link as both of its ends have it. */
interface Meeting {
  readonly transport: Transport;
  readonly dialledBySmaller: boolean;
  readonly id: Uint8Array;
}

/** Both sides take in the same links, each in its own order; returns what each keeps, by id. */
function meet(orders: readonly [readonly Meeting[], readonly Meeting[]], gapMs = 0): [string, string] {
  const kept = [smaller, larger].map((self, i) => {
    const side = makeSide(self);
    const peer = i === 0 ? larger : smaller;
    for (const { transport, dialledBySmaller, id } of orders[i]!) {
      side.add(peer, { transport, dialled: dialledBySmaller === (i === 0), id });
      side.clock.pass(gapMs);
    }
    const current = side.table.get(peer)!;
    expect(current.open).toBe(true);
    expect([...side.table.links()].length).toBe(1);
    expect(side.table.liveCount).toBe(gapMs < RETIRE_MS ? orders[i]!.length : 1);
    return toHex(current.id);
  });
  return [kept[0]!, kept[1]!];
}

test('two links of one meeting settle alike on both sides, over all transports, diallers and orders', () => {
  const one = (id: number): Meeting[] =>
    transports.flatMap(transport =>
      [true, false].map(dialledBySmaller => ({ transport, dialledBySmaller, id: new Uint8Array(32).fill(id) })),
    );
  let cases = 0;
  for (const a of one(1)) {
    for (const b of one(2)) {
      const orders = [
        [a, b],
        [b, a],
      ] as const;
      for (const left of orders) {
        for (const right of orders) {
          const [kept, other] = meet([left, right]);
          expect(kept, JSON.stringify([left, right])).toBe(other);
          cases++;
        }
        const late = meet([left, left], MEETING_MS + 1);
        expect(late).toEqual([toHex(left[1].id), toHex(left[1].id)]);
      }
    }
  }
  expect(cases).toBe(8 * 8 * 4);
});

test('of one meeting: direct before a server, then what the smaller address dialled, then the smaller id', () => {
  const id = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const keeps = (a: Meeting, b: Meeting): string =>
    meet([
      [a, b],
      [b, a],
    ])[0].slice(0, 2);
  const direct: Meeting = { transport: 'webrtc', dialledBySmaller: false, id: id(9) };
  expect(keeps(direct, { transport: 'websocket', dialledBySmaller: true, id: id(1) })).toBe('09');
  expect(keeps(direct, { transport: 'tab', dialledBySmaller: true, id: id(1) })).toBe('09');
  expect(keeps(direct, { transport: 'webrtc', dialledBySmaller: true, id: id(10) })).toBe('0a');
  expect(keeps(direct, { transport: 'webrtc', dialledBySmaller: false, id: id(8) })).toBe('08');
  expect(keeps(direct, { transport: 'memory', dialledBySmaller: false, id: id(10) })).toBe('09');
});

test('any number of links in any two orders settle on one', () => {
  const random = new SeededRandom('meetings');
  for (let round = 0; round < 300; round++) {
    const links: Meeting[] = Array.from({ length: 2 + below(random, 5) }, () => ({
      transport: pick(random, transports)!,
      dialledBySmaller: below(random, 2) === 0,
      id: random.bytes(32),
    }));
    const [kept, other] = meet([shuffle(random, links), shuffle(random, links)]);
    expect(kept).toBe(other);
  }
});
