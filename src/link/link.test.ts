import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { errorNumber, type SeaError } from '../base/errors.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { FRAME_BYTES_MAX, type Transport } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import type { LinkMessage } from '../wire/messages.ts';
import { HIGH_WATER_BYTES, PING_AFTER_MS, QUEUE_BYTES_MAX, SILENCE_MS_MAX } from './limits.ts';
import { Link } from './link.ts';
import { type FakeChannel, fakeLink } from './testing/fake-channel.ts';
import { channelPair, settle, shakenPair, testNode } from './testing/nodes.ts';

const peer = HashAddress.hash(Uint8Array.of(1));

interface Made {
  readonly clock: ManualClock;
  readonly link: Link;
  readonly channel: FakeChannel;
  readonly messages: [LinkMessage | { kind: string }, Uint8Array][];
  readonly closes: SeaError[];
  readonly offences: SeaError[];
}

function makeLink(transport: Transport = 'memory'): Made {
  const clock = new ManualClock();
  const messages: Made['messages'] = [];
  const closes: SeaError[] = [];
  const offences: SeaError[] = [];
  const handler = {
    onMessage: (_: Link, message: LinkMessage | { kind: string }, payload: Uint8Array) =>
      void messages.push([message, payload]),
    onClose: (_: Link, reason: SeaError) => void closes.push(reason),
    onOffence: (_: Link, error: SeaError) => void offences.push(error),
  };
  return { clock, ...fakeLink(clock, peer, { transport, handler }), messages, closes, offences };
}

function last(channel: FakeChannel): unknown {
  return decodeLinkFrame(channel.sent.at(-1)!).message;
}

test('a link begins with a ping and measures the round trip by its pong', () => {
  const { clock, link, channel } = makeLink();
  expect(last(channel)).toEqual({ kind: 'ping', count: 0 });
  expect(link.rttMs).toBeUndefined();
  clock.pass(40);
  channel.receive(encodeMessage({ kind: 'pong', count: 0 }));
  expect(link.rttMs).toBe(40);
});

test('a pong of another ping measures nothing', () => {
  const { clock, link, channel } = makeLink();
  channel.receive(encodeMessage({ kind: 'pong', count: 7 }));
  expect(link.rttMs).toBeUndefined();
  link.ping();
  clock.pass(5);
  channel.receive(encodeMessage({ kind: 'pong', count: 0 })); // of the first ping
  expect(link.rttMs).toBeUndefined();
  channel.receive(encodeMessage({ kind: 'pong', count: 1 }));
  expect(link.rttMs).toBe(5);
});

test('a ping is answered with its count, before everything that waits', () => {
  const { link, channel } = makeLink();
  channel.bufferedBytes = HIGH_WATER_BYTES;
  link.send('rpc', { kind: 'taken', pathId: 1 });
  channel.receive(encodeMessage({ kind: 'ping', count: 0xffffffff }));
  channel.drain(0);
  expect(channel.kinds()).toEqual(['ping', 'pong', 'taken']);
  expect(decodeLinkFrame(channel.sent[1]!).message).toEqual({ kind: 'pong', count: 0xffffffff });
});

test('messages of the layers above go up, with their payload', () => {
  const { channel, messages } = makeLink();
  channel.receive(encodeMessage({ kind: 'digest' }, new Uint8Array(16).fill(5)));
  channel.receive(encodeMessage({ kind: 'taken', pathId: 3 }));
  expect(messages).toEqual([
    [{ kind: 'digest' }, new Uint8Array(16).fill(5)],
    [{ kind: 'taken', pathId: 3 }, new Uint8Array(0)],
  ]);
});

test('a silent peer is pinged, a dead one dropped; any frame is a sign of life', () => {
  const { clock, link, channel, closes } = makeLink();
  clock.pass(PING_AFTER_MS);
  link.beat();
  expect(channel.kinds()).toEqual(['ping']);
  clock.pass(1);
  link.beat();
  expect(channel.kinds()).toEqual(['ping', 'ping']);
  clock.pass(SILENCE_MS_MAX - PING_AFTER_MS - 1);
  channel.receive(Uint8Array.of(0, 0, 0, 0)); // not even a message
  link.beat();
  expect(channel.kinds().length).toBe(2);
  clock.pass(SILENCE_MS_MAX);
  link.beat();
  expect(link.open).toBe(true);
  clock.pass(1);
  link.beat();
  expect([closes.map(({ code }) => code), channel.closed]).toEqual([['TIMEOUT'], true]);
  expect(last(channel)).toEqual({ kind: 'bye', code: errorNumber('TIMEOUT') });
});

test('close says bye with its code, ends the channel, and tells once', () => {
  const { link, channel, closes } = makeLink();
  link.close('LINK_BUDGET', 'another was worth more');
  link.close('TIMEOUT', 'again');
  expect(last(channel)).toEqual({ kind: 'bye', code: errorNumber('LINK_BUDGET') });
  expect([channel.closed, closes.length, closes[0]!.code, closes[0]!.peer]).toEqual([
    true,
    1,
    'LINK_BUDGET',
    peer.toString(),
  ]);
  expect(link.state).toMatchObject({ state: 'closed', reason: closes[0] });
});

test('a bye ends the link with the code of the peer; one we do not know reads LINK_CLOSED', () => {
  for (const [code, expected] of [
    [errorNumber('LINK_BUDGET'), 'LINK_BUDGET'],
    [errorNumber('DUPLICATE_LINK'), 'DUPLICATE_LINK'],
    [60_000, 'LINK_CLOSED'],
  ] as const) {
    const { channel, closes } = makeLink();
    channel.receive(encodeMessage({ kind: 'bye', code }));
    expect([channel.closed, closes.map(reason => reason.code)]).toEqual([true, [expected]]);
    expect(channel.kinds()).toEqual(['ping']); // a bye is not answered
  }
});

test('a channel that breaks ends the link', () => {
  const { link, channel, closes } = makeLink();
  channel.end('gone');
  expect([link.open, closes.map(({ code }) => code)]).toEqual([false, ['LINK_CLOSED']]);
});

test('a closed link neither sends nor hears, and holds no frames', () => {
  const { link, channel, messages } = makeLink();
  channel.bufferedBytes = HIGH_WATER_BYTES;
  link.send('bulk', { kind: 'data', pathId: 1, forward: true, more: false, last: false }, new Uint8Array(1_000));
  expect(link.backlogBytes).toBeGreaterThan(HIGH_WATER_BYTES + 1_000);
  const { bytesIn } = link;
  link.close('CLOSED', 'over');
  expect(link.backlogBytes).toBe(channel.bufferedBytes);
  expect(link.send('control', { kind: 'taken', pathId: 1 })).toBe(false);
  channel.receive(encodeMessage({ kind: 'taken', pathId: 1 }));
  link.ping();
  link.beat();
  expect([messages, link.bytesIn]).toEqual([[], bytesIn]);
});

test('bytes that are no message are held against the peer, and the link goes on', () => {
  const { link, channel, offences, messages } = makeLink();
  const unfit = [
    Uint8Array.of(1),
    encodeMessage({ kind: 'failure', code: 1 }),
    encodeMessage({ kind: 'proof', signature: new Uint8Array(64) }),
    new Uint8Array(FRAME_BYTES_MAX).fill(0x81),
  ];
  for (const frame of unfit) channel.receive(frame);
  expect(offences.map(({ code }) => code)).toEqual(Array(unfit.length).fill('BAD_MESSAGE'));
  expect(offences[2]!.message).toContain('a proof after the handshake');
  channel.receive(encodeMessage({ kind: 'taken', pathId: 3 }));
  expect([link.open, messages.length]).toEqual([true, 1]);
});

test('a message that fits no frame is our own error; one that finds its queue full is refused', () => {
  const { link, channel } = makeLink();
  const data = { kind: 'data', pathId: 1, forward: true, more: false, last: false } as const;
  expect(() => link.send('bulk', data, new Uint8Array(FRAME_BYTES_MAX))).toThrow('TOO_LARGE');
  channel.bufferedBytes = HIGH_WATER_BYTES;
  let accepted = 0;
  while (link.send('bulk', data, new Uint8Array(60_000))) accepted++;
  expect(accepted).toBe(Math.floor(QUEUE_BYTES_MAX / (60_000 + 4 + 6)));
  expect(link.send('control', { kind: 'taken', pathId: 1 })).toBe(true);
});

test('bytes are counted as they come and as they are accepted', () => {
  const { link, channel } = makeLink();
  const out = link.bytesOut;
  expect(out).toBe(channel.sent[0]!.length);
  const frame = encodeMessage({ kind: 'taken', pathId: 1 });
  channel.receive(frame);
  channel.receive(frame);
  link.send('control', { kind: 'taken', pathId: 1 });
  expect([link.bytesIn, link.bytesOut - out]).toEqual([2 * frame.length, frame.length]);
  channel.bufferedBytes = HIGH_WATER_BYTES;
  const data = { kind: 'data', pathId: 1, forward: true, more: false, last: false } as const;
  while (link.send('bulk', data, new Uint8Array(60_000)));
  const full = link.bytesOut;
  expect(link.send('bulk', data, new Uint8Array(60_000))).toBe(false);
  expect(link.bytesOut).toBe(full);
});

test('a retired link is not open, carries what it carries, and can still end', () => {
  const { link, channel, messages, closes } = makeLink();
  link.retire();
  expect([link.open, link.state.state]).toEqual([false, 'retired']);
  expect(link.send('control', { kind: 'taken', pathId: 1 })).toBe(true);
  channel.receive(encodeMessage({ kind: 'taken', pathId: 1 }));
  expect(messages.length).toBe(1);
  link.close('DUPLICATE_LINK', 'replaced');
  link.retire();
  expect([link.state.state, closes.length]).toEqual(['closed', 1]);
});

test('links over WebRTC and memory stand on their own, those over servers and tabs do not', () => {
  const direct = (['webrtc', 'memory', 'websocket', 'tab'] as const).map(transport => makeLink(transport).link.direct);
  expect(direct).toEqual([true, true, false, false]);
});

test('two real ends ping each other and say bye', async () => {
  const clock = new ManualClock();
  const [a, b] = await shakenPair(testNode('alice', clock), testNode('bob', clock), channelPair());
  const closes: string[] = [];
  const makeEnd = (name: string, authenticated: typeof a): Link => {
    const link = new Link(clock, authenticated, true, {
      onMessage() {},
      onClose: (_, { code }) => void closes.push(`${name} ${code}`),
      onOffence: (_, error) => void closes.push(`${name} offended: ${error.message}`),
    });
    link.start(authenticated);
    return link;
  };
  const [left, right] = [makeEnd('left', a), makeEnd('right', b)];
  await settle();
  expect([left.rttMs, right.rttMs]).toEqual([0, 0]);
  left.close('DECLINED', 'no use for it');
  await settle();
  expect(closes).toEqual(['left DECLINED', 'right DECLINED']);
  expect(clock.waiting).toBe(0);
});
