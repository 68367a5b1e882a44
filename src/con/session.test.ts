/** A session's signs of life, its bounds, and what it does about a remote that breaks the rules. */

import { describe, expect, it } from 'vitest';
import type { Con } from './con.ts';
import { BUSY_FRAMES, CONS_PER_PEER_MAX } from './limits.ts';
import { encodeLoose, encodeReliable, type ReliableFrame } from './messages.ts';
import { ConPair } from './testing/con-pair.ts';
import { heard } from './testing/con-world.ts';

/** An open con of neighbours: its frames travel as they are. */
async function linkedCon() {
  const pair = await ConPair.make();
  pair.linked = true;
  const con = pair.a.cons.connect(pair.b.address);
  const words = heard(con);
  await pair.run(500);
  const other = pair.b.answered[0]!;
  return { pair, con, words, other, others: heard(other) };
}

const chunk = (stream: number, length: number): ReliableFrame => ({
  kind: 'chunk',
  stream,
  payload: new Uint8Array(length),
});

describe('a remote that breaks the rules', () => {
  const nothing = new Uint8Array(0);
  const unfit: [string, Uint8Array[]][] = [
    ['bytes that are no frame', [new Uint8Array(9)]],
    [
      'an event as scope',
      [encodeReliable(1, { kind: 'message', scope: 'route', packed: [null, 1], payload: nothing })],
    ],
    ['no value', [encodeReliable(1, { kind: 'message', scope: 'n', packed: 'x', payload: nothing })]],
    ['two values', [encodeReliable(1, { kind: 'message', scope: 'n', packed: [null, 1, 2], payload: nothing })]],
    ['word of what was never sent', [encodeLoose({ kind: 'ack', seq: 5 })]],
    ['a stream out of turn', [encodeReliable(1, { kind: 'open', stream: 3, name: '' })]],
    ['a stream of our numbers', [encodeReliable(1, { kind: 'open', stream: 2, name: '' })]],
    ['a chunk of no stream', [encodeReliable(1, chunk(1, 5))]],
    ['an empty chunk', [encodeReliable(1, { kind: 'open', stream: 1, name: '' }), encodeReliable(2, chunk(1, 0))]],
    [
      'more than the window',
      [
        encodeReliable(1, { kind: 'open', stream: 1, name: '' }),
        ...Array.from({ length: 2 }, (_, i) => encodeReliable(i + 2, chunk(1, 61_440))),
      ],
    ],
    [
      'more credit than was written',
      [
        encodeReliable(1, { kind: 'open', stream: 1, name: '' }),
        encodeReliable(2, { kind: 'credit', stream: 1, bytes: 1_048_576 }),
      ],
    ],
  ];

  it.each(unfit)('sends %s: the con ends, and it is held against it', async (_, frames) => {
    const { pair, con, words, others } = await linkedCon();
    const queue = [...frames];
    pair.tap = (body, way) => {
      const next = way === 'forward' && body.payload !== undefined ? queue.shift() : undefined;
      return next === undefined ? body : { ...body, payload: next };
    };
    for (const _frame of frames) void con.send('n', 1);
    await pair.run(500);
    expect(others.at(-1)).toBe('disconnect BAD_MESSAGE');
    expect(words.at(-1)).toBe('disconnect BAD_MESSAGE');
    expect([pair.a.offences, pair.b.offences]).toEqual([0, 1]);
  });

  it('leaves out a frame: it is asked for again over another carrier', async () => {
    const { pair, con, words, other, others } = await linkedCon();
    const values: unknown[] = [];
    other.on('n', value => void values.push(value));
    let sent = 0;
    pair.tap = (body, way) => (way === 'forward' && body.payload !== undefined && ++sent === 2 ? undefined : body);
    for (const i of [0, 1, 2, 3]) void con.send('n', i);
    await pair.run(3_000);
    expect(values).toEqual([0, 1, 2, 3]);
    expect([words.slice(-2), others.slice(-2)]).toEqual([
      ['none', 'direct memory'],
      ['none', 'direct memory'],
    ]);
    expect([pair.requests, pair.b.offences]).toEqual([2, 0]);
  });

  it('opens more cons than one may: the rest is refused', async () => {
    const pair = await ConPair.make();
    pair.linked = true;
    const cons = Array.from({ length: CONS_PER_PEER_MAX + 2 }, () => pair.a.cons.connect(pair.b.address));
    const words = cons.map(heard);
    await pair.run(40_000);
    expect(pair.b.answered.length).toBe(CONS_PER_PEER_MAX);
    expect(words.filter(said => said.at(-1) === 'disconnect OVERLOADED').length).toBe(2);
    cons.find(con => con.connected())!.disconnect();
    await pair.run(500);
    const late = pair.a.cons.connect(pair.b.address);
    await pair.run(500);
    expect(late.connected()).toBe(true);
  });
});

describe('signs of life', () => {
  it('an idle con pings now and then, and its carrier is replaced before it is too old', async () => {
    const { pair, con, other } = await linkedCon();
    let items = 0;
    pair.tap = body => {
      items++;
      return body;
    };
    await pair.run(200_000);
    expect(items).toBeGreaterThan(10);
    expect(items).toBeLessThan(60);
    expect(pair.requests).toBe(1);
    await pair.run(3_600_000);
    expect(pair.requests).toBe(2);
    expect([con.connected(), other.connected(), con.route().kind]).toEqual([true, true, 'direct']);
  });

  it('a carrier that falls silent is suspect within seconds, and another takes over', async () => {
    const { pair, con, words } = await linkedCon();
    pair.tap = (body, way) => (way === 'request' ? body : undefined);
    void con.send('n', 1);
    await pair.run(8_000);
    expect(con.route().kind).toBe('none');
    expect(con.connected()).toBe(true);
    pair.tap = body => body;
    await pair.run(3_000);
    expect(words.slice(-2)).toEqual(['none', 'direct memory']);
  });

  it('a con whose remote is out of reach for five minutes ends at both ends', async () => {
    const { pair, words, others } = await linkedCon();
    pair.cut = true;
    pair.breakAll();
    await pair.run(295_000);
    expect([words.at(-1), others.at(-1)]).toEqual(['none', 'none']);
    await pair.run(10_000);
    expect([words.at(-1), others.at(-1)]).toEqual(['disconnect PEER_GONE', 'disconnect PEER_GONE']);
    expect([pair.a.cons.size, pair.b.cons.size]).toEqual([0, 0]);
    expect(pair.clock.waiting).toBeLessThan(200); // what is left are the deadlines of exchanges that are over
  });

  it('a node that closes ends its cons and tells the others', async () => {
    const { pair, words, others } = await linkedCon();
    pair.a.scope.close();
    await pair.run(500);
    expect([words.at(-1), others.at(-1)]).toEqual(['disconnect CLOSED', 'disconnect CLOSED']);
  });
});

describe('a lost way', () => {
  it('is sought at once when a link to anybody comes; a con that has a way lets that pass', async () => {
    const { pair, con } = await linkedCon();
    const stranger = pair.a.address.randomise(0, pair.random);
    pair.a.cons.linkOpened(stranger);
    await pair.run(10);
    expect(pair.requests).toBe(1);
    pair.cut = true;
    pair.breakAll();
    await pair.run(10);
    expect([pair.requests, con.route().kind]).toEqual([2, 'none']); // the next one is a second away
    pair.cut = false;
    pair.a.cons.linkOpened(stranger);
    await pair.run(50);
    expect([pair.requests, con.route().kind]).toEqual([3, 'direct']);
  });
});

describe('a dial for a link', () => {
  /** A relayed con, open, whose dial for a link hangs. */
  async function relayedCon() {
    const pair = await ConPair.make();
    pair.dialsHang = true;
    const con = pair.a.cons.connect(pair.b.address);
    const words = heard(con);
    await pair.run(10_000);
    expect([words, pair.dials.map(({ aborted }) => aborted)]).toEqual([['relayed', 'connect'], [false]]);
    return { pair, con, words };
  }

  it('is given up for another when the con was lost meanwhile and has found a way', async () => {
    const { pair, words } = await relayedCon();
    pair.cut = true;
    pair.breakAll();
    await pair.run(8_000);
    expect([words.at(-1), pair.dials.length, pair.dials[0]!.aborted]).toEqual(['none', 1, false]);
    pair.cut = false;
    await pair.run(2_100);
    expect([words.at(-1), pair.dials.map(({ aborted }) => aborted)]).toEqual(['relayed', [true, false]]);
    await pair.run(60_000);
    expect(pair.dials.length).toBe(2); // it goes on while the way stands
  });

  it('ends with the con', async () => {
    const { pair, con } = await relayedCon();
    con.disconnect();
    expect(pair.dials.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('a better way', () => {
  it('replaces the relayed one when it comes, and is sought again with growing waits', async () => {
    const pair = await ConPair.make();
    const con = pair.a.cons.connect(pair.b.address);
    const words = heard(con);
    await pair.run(60_000);
    expect(words).toEqual(['relayed', 'connect']);
    expect(pair.directAsked).toBe(4); // at once, and after 5, 10 and 20 s
    pair.linked = true;
    void con.send('n', 1);
    await pair.run(3_000);
    expect(words).toEqual(['relayed', 'connect', 'direct memory']);
    expect(numbers(pair.b.answered[0]!)).toEqual([1]);
  });

  it('is sought every few seconds by a con in use, and soon again by one that was silent for long', async () => {
    const pair = await ConPair.make();
    const con = pair.a.cons.connect(pair.b.address);
    await pair.run(610_000);
    expect(pair.directAsked).toBe(7); // at once, and after 5, 10, 20, 40, 80 and 160 s
    for (const i of upTo(BUSY_FRAMES - 1)) void con.send('n', i);
    await pair.run(2_000);
    expect(pair.directAsked).toBe(7);
    void con.send('n', 'one more');
    await pair.run(2_000);
    expect(pair.directAsked).toBe(8);
    const use = pair.b.scope.every(500, () => void pair.b.answered[0]!.send('n', 'from the other side'));
    await pair.run(160_000);
    expect(pair.directAsked).toBe(18); // every 15 s, at the next beat
    use();
    await pair.run(280_000);
    expect(pair.directAsked).toBe(19); // for what it had carried since the last time
  });

  it('a con moves to it in use: neither side is ever without a way, and nothing is lost or doubled', async () => {
    const pair = await ConPair.make();
    const con = pair.a.cons.connect(pair.b.address);
    const words = heard(con);
    await pair.run(1_000);
    const other = pair.b.answered[0]!;
    const others = heard(other);
    const [there, back] = [numbers(other), numbers(con)];
    let count = 0;
    const use = pair.a.scope.every(10, () => {
      void con.send('n', count);
      void other.send('n', count++);
    });
    await pair.run(3_000);
    pair.linked = true;
    await pair.run(17_000);
    use();
    await pair.run(1_000);
    expect([words, others]).toEqual([['relayed', 'connect', 'direct memory'], ['direct memory']]);
    expect([there, back]).toEqual([upTo(count), upTo(count)]);
    expect(count).toBe(2_000);
  });
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function numbers(con: Con): unknown[] {
  const values: unknown[] = [];
  con.on('n', value => void values.push(value));
  return values;
}
