import { describe, expect, test } from 'vitest';
import { equal, utf8Decode, utf8Encode } from '../base/bytes.ts';
import { errorNumber } from '../base/errors.ts';
import { HOPS_MAX } from '../wire/limits.ts';
import type { Route, RoutingMessage } from '../wire/messages.ts';
import {
  FRAGMENT_BYTES,
  HOP_TIMEOUT_MS,
  MESSAGE_BYTES_MAX,
  PATH_IDLE_MS,
  PATH_TIMEOUT_MS,
  PATHS_PER_LINK_MAX,
  REASSEMBLY_ALL_BYTES_MAX,
  REASSEMBLY_BYTES_MIN,
} from './limits.ts';
import type { Path } from './path.ts';
import { prefixOf } from './prefix.ts';
import type { OpenOptions } from './router.ts';
import { addressOf, recording, TestNet, type TestNode } from './testing/test-net.ts';

const hello = utf8Encode('hello');
const text = (messages: readonly Uint8Array[]): string[] => messages.map(utf8Decode);
const numbered = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 31);

/** Opens a path and records what comes back. */
function open(
  from: TestNode,
  to: TestNode | string,
  options: OpenOptions = {},
  first: Uint8Array = hello,
): ReturnType<typeof recording> & { path: Path } {
  const heard = recording();
  const target = typeof to === 'string' ? addressOf(to) : to.address;
  const path = from.router.open(target, options, first, heard);
  return Object.assign(heard, { path });
}

/** Nodes a, b, c … in a row, each linked with the next; every step comes nearer to the last. */
async function row(...hexes: string[]): Promise<{ net: TestNet; nodes: TestNode[] }> {
  const net = new TestNet();
  const nodes = hexes.map(hex => net.node(hex));
  await net.link(...nodes.slice(1).map((node, i) => [nodes[i]!, node] as const));
  return { net, nodes };
}

function route(source: TestNode, target: string, changes: Partial<Route> = {}): Route {
  return {
    kind: 'route',
    pathId: 900,
    source: source.address,
    target: addressOf(target),
    via: null,
    nearest: false,
    hopsLeft: HOPS_MAX,
    visited: prefixOf(source.address),
    more: false,
    ...changes,
  };
}

describe('a path', () => {
  test('to a neighbour: opened by the first message, told ready, answered, over', async () => {
    const { net, nodes } = await row('8', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    b.onPath = path => ({ onMessage: () => path.send(utf8Encode('hi'), true), onEnd() {} });
    const call = open(a, b);
    await net.settle();
    expect(net.story()).toEqual(['8>0 route', '0>8 ready', '0>8 data']);
    expect(text(b.arrivals[0]!.messages)).toEqual(['hello']);
    expect(b.arrivals[0]!.path.remote.equals(a.address)).toBe(true);
    expect(b.arrivals[0]!.path.direct).toBe(true);
    expect(text(call.messages)).toEqual(['hi']);
    expect(call.ended).toBeNull();
    expect(net.pathCount()).toBe(0);
  });

  test('over hops: each says taken, the word that it stands goes back, and so does the answer', async () => {
    const { net, nodes } = await row('8', '4', '2', '0');
    const [a, , , d] = nodes as [TestNode, TestNode, TestNode, TestNode];
    d.onPath = path => ({ onMessage: () => path.send(utf8Encode('hi')), onEnd() {} });
    const call = open(a, d);
    await net.settle();
    expect(net.story()).toEqual([
      '8>4 route',
      '4>8 taken',
      '4>2 route',
      '2>4 taken',
      '2>0 route',
      '0>2 ready',
      '0>2 data',
      '2>4 ready',
      '2>4 data',
      '4>8 ready',
      '4>8 data',
    ]);
    expect(d.arrivals[0]!.path.direct).toBe(false);
    expect(call.path.direct).toBe(false);
    expect(call.path.remote.equals(d.address)).toBe(true);
    expect(net.pathCount()).toBe(6); // three links, both sides
    call.path.end();
    await net.settle();
    expect(d.arrivals[0]!.ended).toBeNull();
    expect(net.pathCount()).toBe(0);
  });

  test('to oneself: never at once, and both ends live here', async () => {
    const { net, nodes } = await row('8', '0');
    const [a] = nodes as [TestNode];
    const call = open(a, a);
    call.path.send(utf8Encode('more'));
    expect(a.arrivals[0]!.messages).toEqual([]);
    await net.settle();
    expect(text(a.arrivals[0]!.messages)).toEqual(['hello', 'more']);
    a.arrivals[0]!.path.send(utf8Encode('hi'), true);
    expect(text(call.messages)).toEqual(['hi']);
    expect(call.ended).toBeNull();
    expect(net.story()).toEqual([]);
  });

  test('that is over hears no more, either way', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, c);
    await net.settle();
    const far = c.arrivals[0]!;
    call.path.end('ABORTED');
    far.path.send(utf8Encode('late'));
    await net.settle();
    expect(call.messages).toEqual([]);
    expect(far.ended).toMatchObject({ code: 'ABORTED' });
    expect(net.pathCount()).toBe(0);
  });
});

describe('the hops of a path', () => {
  const hop = (digit: string): string => digit.padEnd(16, '0');

  test('come back with the word that it stands, from the opener on; a neighbour is reached over none', async () => {
    const { net, nodes } = await row('8', '4', '2', '0');
    const [a, b, , d] = nodes as [TestNode, TestNode, TestNode, TestNode];
    const [far, near] = [open(a, d), open(a, b)];
    await net.settle();
    expect(far.stood).toEqual([d.address.toString(), hop('4') + hop('2')]);
    expect(near.stood).toEqual([b.address.toString(), '']);
    expect(d.arrivals[0]!.stood).toBeUndefined(); // who is called opened nothing
  });

  test('leave out a dead end', async () => {
    const net = new TestNet();
    const [a, dead, b, end] = [net.node('8'), net.node('01'), net.node('4'), net.node('0')];
    await net.link([a, dead], [a, b], [b, end]);
    net.digest(b, []); // what it knows is not known yet
    const call = open(a, end);
    await net.settle();
    expect(net.story()).toContain('0>8 refused');
    expect(call.stood).toEqual([end.address.toString(), hop('4')]);
  });

  test('lead to whoever is nearest', async () => {
    const { net, nodes } = await row('8', '4', '2');
    const call = open(nodes[0]!, '0', { nearest: true });
    await net.settle();
    expect(call.stood).toEqual([nodes[2]!.address.toString(), hop('4')]);
  });

  test('are none where a hop of an older version tells none, and each that knows adds itself', async () => {
    const { net, nodes } = await row('8', '4', '2', '0');
    const [a, b, c, d] = nodes as [TestNode, TestNode, TestNode, TestNode];
    net.lose = ({ from, message }) => from === c && message.kind === 'ready';
    const call = open(a, d);
    await net.settle();
    expect(call.stood).toBeUndefined();
    const { pathId } = net.passed.find(({ from, to, message }) => from === b && to === c && message.kind === 'route')!
      .message as Route;
    net.lose = () => false;
    c.link(b).send('control', { kind: 'ready', pathId, target: d.address });
    await net.settle();
    expect(call.stood).toEqual([d.address.toString(), hop('4')]);
  });

  test('a hop that claims as many as there may be makes nobody after it an offender', async () => {
    const { net, nodes } = await row('8', '4', '2', '0');
    const [a, b, c, d] = nodes as [TestNode, TestNode, TestNode, TestNode];
    net.lose = ({ from, message }) => from === c && message.kind === 'ready';
    const call = open(a, d);
    await net.settle();
    const { pathId } = net.passed.find(({ from, to, message }) => from === b && to === c && message.kind === 'route')!
      .message as Route;
    net.lose = () => false;
    const claimed = Uint8Array.from({ length: HOPS_MAX * 8 }, (_, i) => i >> 3);
    c.link(b).send('control', { kind: 'ready', pathId, target: d.address }, claimed);
    await net.settle();
    expect(call.stood?.[1].length).toBe(HOPS_MAX * 16);
    expect(call.stood?.[1].slice(0, 48)).toBe(`${hop('4')}${'00'.repeat(8)}${'01'.repeat(8)}`);
    expect([...a.offences, ...b.offences]).toEqual([]);
  });
});

describe('seeking', () => {
  test('a node with no link, and a target that nobody has', async () => {
    const net = new TestNet();
    const lonely = net.node('8');
    expect(open(lonely, '0').ended).toMatchObject({ code: 'NO_ROUTE' });
    const { net: other, nodes } = await row('8', '4', '2');
    const call = open(nodes[0]!, '0');
    await other.settle();
    expect(call.ended).toMatchObject({ code: 'NO_ROUTE', peer: addressOf('0').toString() });
    expect(other.story()).toEqual(['8>4 route', '4>8 taken', '4>2 route', '2>4 taken', '2>4 refused', '4>8 refused']);
    expect(other.pathCount()).toBe(0);
  });

  test('a dead end sends the message back, and the next best gets it', async () => {
    // 1 is nearest to 0 and leads nowhere; 4 knows the target.
    const net = new TestNet();
    const [a, dead, good, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
    await net.link([a, dead], [a, good], [good, target]);
    net.digest(good, []); // what it knows is not known yet
    const call = open(a, target);
    await net.settle();
    expect(net.story().filter(line => line.includes('route') || line.includes('refused'))).toEqual([
      '8>1 route',
      '1>8 refused',
      '8>4 route',
      '4>0 route',
    ]);
    expect(text(target.arrivals[0]!.messages)).toEqual(['hello']);
    call.path.end();
    await net.settle();
    expect(net.pathCount()).toBe(0);
  });

  test('a farther neighbour is taken when it knows somebody nearer', async () => {
    const net = new TestNet();
    const [a, far, target] = [net.node('8'), net.node('f'), net.node('0')];
    await net.link([a, far], [far, target]);
    open(a, target);
    await net.settle();
    expect(target.arrivals.length).toBe(1);
  });

  test('a hop that says nothing for a second is passed over, and nobody holds it against it', async () => {
    const net = new TestNet();
    const [a, frozen, good, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
    await net.link([a, frozen], [a, good], [good, target], [frozen, target]);
    net.frozen.add(frozen);
    open(a, target);
    await net.pass(HOP_TIMEOUT_MS - 1);
    expect(target.arrivals.length).toBe(0);
    await net.pass(1);
    expect(text(target.arrivals[0]!.messages)).toEqual(['hello']);
    expect(a.offences).toEqual([]);
    // It thaws, and hears that nobody waits for it.
    net.frozen.clear();
    await net.settle();
    expect(target.arrivals.length).toBe(1);
  });

  test('a hop that took the path and never finds its way ends it after a while, once, however often it says taken', async () => {
    const net = new TestNet();
    const [a, b, c] = [net.node('8'), net.node('4'), net.node('2')];
    await net.link([a, b], [b, c]);
    net.lose = ({ from, message }) => from === b && message.kind === 'refused';
    const call = open(a, '0');
    await net.pass(PATH_TIMEOUT_MS / 2);
    b.link(a).send('control', { kind: 'taken', pathId: 1 });
    await net.pass(PATH_TIMEOUT_MS / 2);
    expect(call.ended).toMatchObject({ code: 'TIMEOUT' });
    expect(net.pathCount()).toBe(0);
  });

  test('a link that closes while the path seeks through it: another way is found', async () => {
    const net = new TestNet();
    const [a, b, c, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
    await net.link([a, b], [a, c], [c, target], [b, target]);
    net.lose = ({ to }) => to === target && target.arrivals.length === 0 && net.clock.now() === 0;
    const call = open(a, target);
    await net.settle();
    await net.pass(10);
    a.link(b).close('CLOSED', 'test');
    await net.settle();
    expect(text(target.arrivals[0]!.messages)).toEqual(['hello']);
    expect(call.ended).toBeUndefined();
  });

  test('a target whose own link broke is still found by way of others', async () => {
    const net = new TestNet();
    const [a, b, target] = [net.node('8'), net.node('4'), net.node('0')];
    await net.link([a, target], [a, b], [b, target]);
    net.lose = ({ from, to }) => from === a && to === target;
    open(a, target);
    await net.settle();
    a.link(target).close('CLOSED', 'test');
    net.lose = () => false;
    await net.settle();
    expect(text(target.arrivals[0]!.messages)).toEqual(['hello']);
    expect(target.arrivals[0]!.path.direct).toBe(false);
  });

  test('part of a message went down with the link: the path fails instead of delivering the rest elsewhere', async () => {
    const net = new TestNet();
    const [a, b, target] = [net.node('8'), net.node('4'), net.node('0')];
    await net.link([a, target], [a, b], [b, target]);
    net.lose = ({ from, to }) => from === a && to === target;
    const call = open(a, target, {}, numbered(3 * FRAGMENT_BYTES));
    await net.settle();
    a.link(target).close('CLOSED', 'test');
    net.lose = () => false;
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'PEER_GONE' });
    expect(target.arrivals.length).toBe(0);
    expect(net.pathCount()).toBe(0);
  });

  test('the sea is not walked for ever: hops are counted, dead ends too', async () => {
    const hexes = Array.from({ length: HOPS_MAX + 3 }, (_, i) => (0xff - i).toString(16));
    const { net, nodes } = await row(...hexes);
    const call = open(nodes[0]!, '00');
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'NO_ROUTE' });
    const routes = net.passed.filter(({ message }) => message.kind === 'route');
    expect(routes.length).toBe(HOPS_MAX);
    expect(net.pathCount()).toBe(0);
  });

  test('a leaf hands on nothing, and is reached itself', async () => {
    const net = new TestNet();
    const [a, leaf, target] = [net.node('8'), net.node('1', { leaf: true }), net.node('0')];
    await net.link([a, leaf], [leaf, target]);
    const call = open(a, target);
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'NO_ROUTE' });
    a.link(leaf).send('rpc', route(a, '0'), hello); // asked all the same
    await net.settle();
    expect(net.story()).toEqual(['8>1 route', '1>8 refused']);
    open(a, leaf);
    await net.settle();
    expect(leaf.arrivals.length).toBe(1);
  });

  test('the target refuses: its reason is the end, nobody else is asked', async () => {
    const net = new TestNet();
    const [a, b, target] = [net.node('8'), net.node('4'), net.node('0')];
    await net.link([a, target], [a, b], [b, target]);
    net.lose = ({ to }) => to === target;
    const call = open(a, target);
    await net.settle();
    const refused: RoutingMessage = {
      kind: 'refused',
      pathId: 1,
      code: errorNumber('OVERLOADED'),
      hopsLeft: 5,
      visited: new Uint8Array(0),
    };
    target.link(a).send('control', refused);
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'OVERLOADED' });
    expect(net.story()).toEqual(['0>8 refused']);
  });

  test('a refusal cannot make the target count as visited', async () => {
    const net = new TestNet();
    const [a, liar, b, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
    await net.link([a, liar], [a, b], [b, target]);
    net.digest(liar, [target.address]); // it says that it knows the target
    net.lose = ({ to }) => to === liar;
    open(a, target);
    await net.settle();
    liar.link(a).send('control', {
      kind: 'refused',
      pathId: 1,
      code: errorNumber('NO_ROUTE'),
      hopsLeft: HOPS_MAX,
      visited: prefixOf(target.address),
    });
    await net.settle();
    expect(target.arrivals.length).toBe(1);
  });
});

describe('nearest and via', () => {
  test('the nearest node takes what is for nobody, and says who it is', async () => {
    const { net, nodes } = await row('8', '4', '2');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, '0', { nearest: true });
    await net.settle();
    expect(text(c.arrivals[0]!.messages)).toEqual(['hello']);
    expect(call.path.remote.equals(c.address)).toBe(true);
    expect(call.path.direct).toBe(false);
    const near = open(c, 'f', { nearest: true }); // a is the neighbour's neighbour
    await net.settle();
    expect(near.path.remote.equals(nodes[0]!.address)).toBe(true);
  });

  test('a neighbour that turns out to be the nearest is direct', async () => {
    const { net, nodes } = await row('8', '4');
    const call = open(nodes[0]!, '0', { nearest: true });
    await net.settle();
    expect(call.path.direct).toBe(true);
  });

  test('a look-up of the own address ends at the nearest other node, and here only where nobody else is', async () => {
    const net = new TestNet();
    const [a, entry, near, far] = [net.node('8'), net.node('0'), net.node('9'), net.node('4')];
    await net.link([a, entry], [entry, near], [entry, far]);
    const call = open(a, a, { nearest: true });
    await net.settle();
    expect(text(near.arrivals[0]!.messages)).toEqual(['hello']);
    expect(call.path.remote.equals(near.address)).toBe(true);
    const alone = net.node('5');
    open(alone, alone, { nearest: true });
    await net.settle();
    expect(alone.arrivals.length).toBe(1);
  });

  test('a newcomer is reached by way of its entry, which nobody else would ask', async () => {
    // 0 is linked with f alone; f is far from it and nobody knows that f knows it.
    const net = new TestNet();
    const [a, b, entry, newcomer] = [net.node('8'), net.node('4'), net.node('f'), net.node('0')];
    await net.link([a, b], [b, entry], [entry, newcomer]);
    net.digest(entry, [b.address]);
    const lost = open(a, newcomer);
    await net.settle();
    expect(lost.ended).toMatchObject({ code: 'NO_ROUTE' });
    const found = open(a, newcomer, { via: entry.address });
    await net.settle();
    expect(found.ended).toBeUndefined();
    expect(newcomer.arrivals.length).toBe(1);
    const last = net.passed.findLast(({ message, to }) => message.kind === 'route' && to === newcomer)!;
    expect((last.message as Route).via).toBeNull(); // done with
  });

  test('an own look-up by way of a stranger goes there first, past nodes that are linked with the seeker', async () => {
    const net = new TestNet();
    const [a, b, stranger, other] = [net.node('8'), net.node('4'), net.node('f'), net.node('a')];
    await net.link([a, b], [b, stranger], [stranger, other]);
    open(a, a, { nearest: true, via: stranger.address });
    await net.settle();
    expect(other.arrivals.length).toBe(1);
  });

  test('a via that cannot be reached', async () => {
    const { net, nodes } = await row('8', '4');
    const call = open(nodes[0]!, '0', { via: addressOf('1') });
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'NO_ROUTE' });
  });
});

describe('what a path carries', () => {
  test('a mebibyte in fragments, both ways, over hops', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const big = numbered(1_048_576);
    c.onPath = path => ({ onMessage: message => path.send(message, true), onEnd() {} });
    const call = open(a, c, {}, big);
    await net.settle();
    expect(c.arrivals[0]!.messages.map(message => equal(message, big))).toEqual([true]);
    expect(call.messages.map(message => equal(message, big))).toEqual([true]);
    expect(call.ended).toBeNull();
    expect(net.passed.every(({ payload }) => payload.length <= FRAGMENT_BYTES)).toBe(true);
    expect(net.pathCount()).toBe(0);
  });

  test('messages keep their order while a large one is under way, though small ones have precedence', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const big = numbered(200_000);
    const call = open(a, c);
    await net.settle();
    const far = c.arrivals[0]!.path;
    for (const end of [call.path, far]) {
      end.send(utf8Encode('before'));
      end.send(big);
      end.send(utf8Encode('after'));
    }
    await net.settle();
    const sizes = (messages: readonly Uint8Array[]): number[] => messages.map(({ length }) => length);
    expect(sizes(c.arrivals[0]!.messages)).toEqual([5, 6, 200_000, 5]);
    expect(sizes(call.messages)).toEqual([6, 200_000, 5]);
  });

  test('what is sent before the path stands waits for it', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, c);
    call.path.send(utf8Encode('second'));
    call.path.send(utf8Encode('third'), true);
    await net.settle();
    expect(text(c.arrivals[0]!.messages)).toEqual(['hello', 'second', 'third']);
    expect(c.arrivals[0]!.ended).toBeNull();
    expect(net.pathCount()).toBe(0);
  });

  test('a message past the limit is refused here', async () => {
    const { nodes } = await row('8', '0');
    expect(() => open(nodes[0]!, nodes[1]!, {}, new Uint8Array(MESSAGE_BYTES_MAX + 1))).toThrow(
      expect.objectContaining({ code: 'TOO_LARGE' }),
    );
    expect(nodes[0]!.router.pathCount).toBe(0);
  });

  test('one that grows past the limit on the way ends the path, both ends hear of it', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, , c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, c);
    await net.settle();
    const crumbs = { kind: 'data', pathId: 1, forward: true, more: true, last: false } as const;
    for (let i = 0; i <= MESSAGE_BYTES_MAX / FRAGMENT_BYTES; i++)
      nodes[1]!.link(c).send('bulk', crumbs, new Uint8Array(FRAGMENT_BYTES));
    await net.settle();
    expect(c.arrivals[0]!.ended).toMatchObject({ code: 'TOO_LARGE' });
    expect(call.ended).toMatchObject({ code: 'TOO_LARGE' });
    expect(net.pathCount()).toBe(0);
  });

  test('unfinished messages of one link are bounded together', async () => {
    const { net, nodes } = await row('8', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    net.lose = ({ message }) => message.kind === 'data' && !message.more; // the end never comes
    for (let i = 0; i < 3; i++) open(a, b, {}, new Uint8Array(MESSAGE_BYTES_MAX));
    await net.settle();
    expect(b.arrivals.map(({ ended }) => ended?.code)).toEqual([undefined, undefined, 'OVERLOADED']);
  });

  test('those of all links together leave room for small ones over every link', async () => {
    const net = new TestNet();
    const b = net.node('0');
    const greedy = ['1', '2', '3', '4', '5'].map(hex => net.node(hex));
    const modest = net.node('6');
    await net.link(...[...greedy, modest].map(node => [node, b] as const));
    net.lose = ({ message }) => message.kind === 'data' && !message.more; // the end never comes
    for (const node of greedy) for (let i = 0; i < 2; i++) open(node, b, {}, new Uint8Array(MESSAGE_BYTES_MAX));
    await net.settle();
    const endings = b.arrivals.map(({ ended }) => ended?.code);
    expect(endings.filter(code => code === undefined)).toHaveLength(REASSEMBLY_ALL_BYTES_MAX / MESSAGE_BYTES_MAX);
    expect(endings.filter(code => code === 'OVERLOADED').length).toBe(2);
    net.lose = () => false;
    const [small, large] = [REASSEMBLY_BYTES_MIN, 2 * REASSEMBLY_BYTES_MIN].map(bytes =>
      open(modest, b, {}, new Uint8Array(bytes)),
    );
    await net.settle();
    expect([small!.ended?.code, large!.ended?.code]).toEqual([undefined, 'OVERLOADED']);
    expect(b.arrivals.at(-2)!.messages[0]!.length).toBe(REASSEMBLY_BYTES_MIN);
  });
});

describe('a broken path', () => {
  test('is told to both ends when a hop between goes away', async () => {
    const { net, nodes } = await row('8', '4', '2', '0');
    const [a, b, c, d] = nodes as [TestNode, TestNode, TestNode, TestNode];
    const call = open(a, d);
    await net.settle();
    b.link(c).close('CLOSED', 'test');
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'PEER_GONE' });
    expect(d.arrivals[0]!.ended).toMatchObject({ code: 'PEER_GONE' });
    expect(net.pathCount()).toBe(0);
  });

  test('is forgotten when nothing moves on it for a long time, on every hop and between two ends of one node', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, b, c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, c);
    const own = open(a, a);
    await net.settle();
    await net.pass(PATH_IDLE_MS);
    b.router.beat();
    a.router.beat();
    await net.settle();
    expect(call.ended).toBeUndefined();
    await net.pass(1);
    b.router.beat();
    a.router.beat();
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'TIMEOUT' });
    expect(c.arrivals[0]!.ended).toMatchObject({ code: 'TIMEOUT' });
    expect(own.ended).toMatchObject({ code: 'TIMEOUT' });
    expect(net.pathCount()).toBe(0);
  });

  test('ends with CLOSED when its node stops', async () => {
    const { net, nodes } = await row('8', '0');
    const call = open(nodes[0]!, nodes[1]!);
    await net.settle();
    nodes[0]!.scope.close();
    expect(call.ended).toMatchObject({ code: 'CLOSED' });
  });

  test('an end that overtakes the opening, which waits behind a transfer, stops the work after all', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, b, c] = nodes as [TestNode, TestNode, TestNode];
    const held: RoutingMessage[] = [];
    net.lose = ({ from, to, message }) => {
      const bulk = from === a && to === b && message.kind === 'route';
      if (bulk) held.push(message);
      return bulk;
    };
    open(a, c, {}, numbered(50_000)).path.end('ABORTED');
    await net.settle();
    net.lose = () => false;
    a.link(b).send('bulk', held[0]!, numbered(50_000)); // now it comes through
    await net.settle();
    expect(c.arrivals[0]!.ended).toMatchObject({ code: 'ABORTED' });
    expect(net.pathCount()).toBe(0);
  });

  test('a code that this version does not know is still an end', async () => {
    const { net, nodes } = await row('8', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    const call = open(a, b);
    await net.settle();
    b.link(a).send('control', { kind: 'broken', pathId: 1, forward: false, code: 60_000 });
    await net.settle();
    expect(call.ended).toMatchObject({ code: 'PEER_GONE' });
  });
});

describe('what a neighbour may not do', () => {
  test('more paths than the bound are refused, and room is given again', async () => {
    const { net, nodes } = await row('8', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    for (let i = 0; i < PATHS_PER_LINK_MAX; i++) open(b, a); // our own to it do not count against it
    const calls = Array.from({ length: PATHS_PER_LINK_MAX + 1 }, () => open(a, b));
    await net.settle();
    expect(calls.at(-1)!.ended).toMatchObject({ code: 'OVERLOADED' });
    expect(calls.slice(0, -1).every(({ ended }) => ended === undefined)).toBe(true);
    calls[0]!.path.end();
    await net.settle();
    const again = open(a, b);
    await net.settle();
    expect(again.ended).toBeUndefined();
  });

  test('open two paths under one id', async () => {
    const { net, nodes } = await row('8', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    a.link(b).send('rpc', route(a, '0'), hello);
    a.link(b).send('rpc', route(a, '0'), hello);
    await net.settle();
    expect(b.offences).toEqual(['unexpected']);
    expect(b.arrivals.length).toBe(1);
  });

  test('send on before the path stands', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, b, c] = nodes as [TestNode, TestNode, TestNode];
    net.lose = ({ to }) => to === c;
    a.link(b).send('rpc', route(a, '0'), hello);
    a.link(b).send('rpc', { kind: 'data', pathId: 900, forward: true, more: false, last: false }, hello);
    await net.settle();
    expect(b.offences).toEqual(['unexpected']);
    expect(b.router.pathCount).toBe(0);
  });

  test('say that the path stands at somebody else', async () => {
    const net = new TestNet();
    const [a, liar, b, target] = [net.node('8'), net.node('1'), net.node('4'), net.node('0')];
    await net.link([a, liar], [a, b], [b, target]);
    net.digest(liar, [target.address]); // it says that it knows the target
    net.lose = ({ to }) => to === liar;
    const call = open(a, target);
    await net.settle();
    liar.link(a).send('control', { kind: 'ready', pathId: 1, target: liar.address });
    await net.settle();
    expect(a.offences).toEqual(['unexpected']);
    expect(call.path.remote.equals(target.address)).toBe(true);
    expect(target.arrivals.length).toBe(1);
  });

  test('bring a message back to where it began, or with no hops left', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, b] = nodes as [TestNode, TestNode];
    b.link(a).send('rpc', route(a, '0'), hello);
    a.link(b).send('rpc', route(a, '0', { hopsLeft: 0 }), hello);
    await net.settle();
    expect(net.story().sort()).toEqual(['4>8 refused', '4>8 route', '8>4 refused', '8>4 route']);
    expect(net.pathCount()).toBe(0);
  });

  test('words about paths that do not exist change nothing', async () => {
    const { net, nodes } = await row('8', '4', '0');
    const [a, b, c] = nodes as [TestNode, TestNode, TestNode];
    const call = open(a, c);
    await net.settle();
    net.story();
    const words: RoutingMessage[] = [
      { kind: 'taken', pathId: 77 },
      { kind: 'refused', pathId: 77, code: 20, hopsLeft: 3, visited: new Uint8Array(0) },
      { kind: 'data', pathId: 77, forward: true, more: false, last: true },
      { kind: 'data', pathId: 77, forward: false, more: false, last: true },
      { kind: 'broken', pathId: 77, forward: true, code: 0 },
      { kind: 'broken', pathId: 77, forward: false, code: 0 },
      // And about one that stands, out of place:
      { kind: 'taken', pathId: 1 },
      { kind: 'ready', pathId: 1, target: addressOf('3') },
      { kind: 'refused', pathId: 1, code: 20, hopsLeft: 3, visited: new Uint8Array(0) },
    ];
    for (const word of words) b.link(a).send('control', word);
    await net.settle();
    expect(net.story()).toEqual(words.map(({ kind }) => `4>8 ${kind}`));
    call.path.send(utf8Encode('still here'));
    await net.settle();
    expect(text(c.arrivals[0]!.messages)).toEqual(['hello', 'still here']);
  });
});
