/** What somebody in between can do to a con: see lengths, cut the way, and nothing else. */

import { expect, it } from 'vitest';
import { toHex, utf8Encode } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { ATTACH_SCOPE, decodeRequest, encodeRequest } from './messages.ts';
import { ConPair, type Tap } from './testing/con-pair.ts';
import { heard } from './testing/con-world.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The body with one field of its list replaced. */
function altered(body: Body, at: number, change: (field: Value) => Value): Body {
  const fields = [...(body.value as readonly Value[])];
  fields[at] = change(fields[at]!);
  return { ...body, value: fields };
}

function flip(bytes: Value, at: number): Uint8Array {
  const copy = (bytes as Uint8Array).slice();
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
}

const kindOf = ({ value }: Body): Value => (Array.isArray(value) ? (value as readonly Value[])[0]! : null);

it('nothing of a value, a scope or a name is to be read in between', async () => {
  const pair = await ConPair.make();
  const seen: Uint8Array[] = [];
  pair.tap = body => {
    if (body.payload !== undefined) seen.push(body.payload);
    return body;
  };
  const con = pair.a.cons.connect(pair.b.address);
  void con.send('secret scope', 'secret words');
  con.stream('secret name');
  await pair.run(500);
  const [other] = pair.b.answered;
  const values: unknown[] = [];
  other!.on('secret scope', value => void values.push(value));
  expect(values).toEqual(['secret words']);
  expect(con.route().kind).toBe('relayed');
  const text = seen.map(toHex).join(' ');
  expect(seen.length).toBeGreaterThan(3);
  expect(text).not.toContain(toHex(utf8Encode('secret')));
});

it('over a link of their own nothing is sealed twice', async () => {
  const pair = await ConPair.make();
  pair.linked = true;
  const seen: Uint8Array[] = [];
  pair.tap = body => {
    if (body.payload !== undefined) seen.push(body.payload);
    return body;
  };
  const con = pair.a.cons.connect(pair.b.address);
  void con.send('open scope', 1);
  await pair.run(500);
  expect(con.route()).toEqual({ kind: 'direct', transport: 'memory' });
  expect(seen.map(toHex).join(' ')).toContain(toHex(utf8Encode('open scope')));
  expect([pair.a.pins, pair.b.pins]).toEqual([1, 1]);
  con.disconnect();
  await pair.run(4_000);
  expect([pair.a.pins, pair.b.pins, pair.a.cons.size, pair.b.cons.size]).toEqual([0, 0, 0, 0]);
});

const forgeries: [string, Tap, string][] = [
  [
    "the caller's ephemeral key",
    (body, way) => (way === 'request' ? altered(body, 4, key => flip(key, 3)) : body),
    'BAD_SIGNATURE',
  ],
  [
    "the callee's ephemeral key",
    (body, way) => (way === 'back' && kindOf(body) === 3 ? altered(body, 2, key => flip(key, 3)) : body),
    'BAD_SIGNATURE',
  ],
  [
    "the callee's signature",
    (body, way) => (way === 'back' && kindOf(body) === 3 ? altered(body, 4, s => flip(s, 9)) : body),
    'BAD_SIGNATURE',
  ],
  [
    "the callee's node key",
    (body, way) => (way === 'back' && kindOf(body) === 3 ? altered(body, 1, key => flip(key, 0)) : body),
    'BAD_SIGNATURE',
  ],
  ['the sealing away', (body, way) => (way === 'request' ? altered(body, 4, () => null) : body), 'UNSUPPORTED'],
  [
    'a claim that the ends are neighbours',
    (body, way) => (way === 'request' ? altered(body, 5, () => true) : body),
    'BAD_SIGNATURE',
  ],
];

it.each(forgeries)('who changes %s opens nothing', async (_, tap, code) => {
  const pair = await ConPair.make();
  pair.tap = tap;
  const words = heard(pair.a.cons.connect(pair.b.address));
  await pair.run(40_000);
  expect(words).toEqual([`disconnect ${code}`]);
  expect(pair.b.answered.length).toBe(0);
  expect(pair.b.cons.size).toBe(0);
});

it("who changes the caller's confirmation opens nothing while it does", async () => {
  const pair = await ConPair.make();
  pair.tap = (body, way) => (way === 'forward' && kindOf(body) === 6 ? altered(body, 1, s => flip(s, 5)) : body);
  const con = pair.a.cons.connect(pair.b.address);
  void con.send('n', 'kept');
  await pair.run(5_000);
  expect([con.connected(), pair.b.answered.length]).toEqual([false, 0]);
  pair.tap = body => body;
  await pair.run(5_000);
  const values: unknown[] = [];
  pair.b.answered[0]!.on('n', value => void values.push(value));
  expect([con.connected(), values]).toEqual([true, ['kept']]);
});

it('what is damaged or left out on the way is sent again on another carrier', async () => {
  const tricks: Record<string, Tap> = {
    damaged: body => ({ ...body, payload: flip(body.payload!, -1) }),
    'left out': () => undefined,
    emptied: body => ({ value: body.value }),
  };
  for (const [name, trick] of Object.entries(tricks)) {
    const pair = await ConPair.make();
    const con = pair.a.cons.connect(pair.b.address);
    const words = heard(con);
    await pair.run(300);
    const values: unknown[] = [];
    pair.b.answered[0]!.on('n', value => void values.push(value));
    let sealed = 0;
    pair.tap = (body, way, from) => (body.payload !== undefined && ++sealed % 7 === 3 ? trick(body, way, from) : body);
    for (const i of upTo(30)) void con.send('n', i);
    await pair.run(2_000);
    pair.tap = body => body;
    await pair.run(10_000);
    expect(values, name).toEqual(upTo(30));
    expect(words, name).toContain('none');
    expect(con.connected(), name).toBe(true);
    expect(pair.requests, name).toBeGreaterThan(1);
    expect([pair.a.offences, pair.b.offences], name).toEqual([0, 0]); // it was not the other end
  }
});

it('a return repeated by somebody else, or made up, gets nothing and harms nothing', async () => {
  const pair = await ConPair.make();
  const requests: Body[] = [];
  pair.tap = (body, way) => {
    if (way === 'request') requests.push(body);
    return body;
  };
  const con = pair.a.cons.connect(pair.b.address);
  await pair.run(300);
  pair.breakAll();
  await pair.run(3_000);
  expect(requests.length).toBe(2);
  const returning = decodeRequest(requests[1]!.value);
  if (returning.kind !== 'resume') throw new Error('expected a return');
  const stranger = pair.a.address.randomise(0, pair.random);
  const made = { ...returning, epoch: returning.epoch + 1 };
  const attempts: [string, Body, typeof stranger][] = [
    ['repeated under its own name', requests[1]!, pair.a.address],
    ['repeated by a stranger', requests[1]!, stranger],
    ['a later epoch with the old token', { value: encodeRequest(made) }, pair.a.address],
    ['a token of zeros', { value: encodeRequest({ ...made, token: new Uint8Array(28) }) }, pair.a.address],
  ];
  for (const [name, body, claimed] of attempts) {
    const { result } = pair.open(pair.a, pair.b.address, ATTACH_SCOPE, body, {}, claimed);
    const outcome = result.then(
      () => 'answered',
      (error: SeaError) => error.code,
    );
    await pair.run(1_000);
    expect(await outcome, name).toBe('BAD_SIGNATURE');
  }
  const values: unknown[] = [];
  pair.b.answered[0]!.on('n', value => void values.push(value));
  void con.send('n', 'still here');
  await pair.run(500);
  expect([values, con.connected(), pair.b.answered.length]).toEqual([['still here'], true, 1]);
});

it('only the remote itself can say that a session is gone', async () => {
  const pair = await ConPair.make();
  const con = pair.a.cons.connect(pair.b.address);
  const words = heard(con);
  await pair.run(300);
  pair.tap = (body, way) => (way === 'back' ? { value: [5, new Uint8Array(32).fill(9), new Uint8Array(64)] } : body);
  pair.breakAll();
  await pair.run(10_000);
  expect(con.connected()).toBe(true);
  pair.tap = body => body;
  await pair.run(5_000);
  expect([con.connected(), con.route().kind]).toEqual([true, 'relayed']);
  pair.cut = true;
  pair.b.cons.close(new SeaError('CLOSED', 'as if the page had been loaded anew'));
  pair.breakAll();
  await pair.run(1_000);
  pair.cut = false;
  await pair.run(15_000);
  expect(words.at(-1)).toBe('disconnect PEER_GONE');
});

it('without X25519 there is a con over a link of their own, and none through others', async () => {
  const agreement = async (): Promise<never> => {
    throw new SeaError('UNSUPPORTED', 'not in this test');
  };
  const pair = await ConPair.make(crypto => Object.assign(crypto, { agreement }));
  const relayed = heard(pair.a.cons.connect(pair.b.address));
  await pair.run(40_000);
  expect(relayed).toEqual(['disconnect UNSUPPORTED']);
  pair.linked = true;
  const con = pair.a.cons.connect(pair.b.address);
  await pair.run(300);
  expect(con.connected()).toBe(true);
  pair.breakAll();
  await pair.run(5_000);
  expect(con.route()).toEqual({ kind: 'direct', transport: 'memory' });
  pair.linked = false;
  pair.breakAll();
  await pair.run(5_000);
  expect(con.route().kind).toBe('none');
});
