import { expect, test } from 'vitest';
import type { HashAddress } from '../address/hash-address.ts';
import { concat, toHex, utf8Encode } from '../base/bytes.ts';
import { deferred } from '../base/deferred.ts';
import { errorNumber, SeaError } from '../base/errors.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { codes, Recorder, record } from '../ports/acceptance/recorder.ts';
import { type Channel, FRAME_BYTES_MAX } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import type { Hello } from '../wire/messages.ts';
import { shakeHands, turnAway } from './handshake.ts';
import { CLOCK_SKEW_MS_MAX, EARLY_FRAMES_MAX, HANDSHAKE_TIMEOUT_MS } from './limits.ts';
import {
  channelPair,
  disguised,
  meddledPair,
  outcome,
  settle,
  shakenPair,
  shifted,
  type TestNode,
  testNode,
} from './testing/nodes.ts';

/** What comes of a handshake between two nodes over these ends, for each of them. */
async function outcomes(a: TestNode, b: TestNode, [left, right]: [Channel, Channel]): Promise<string[]> {
  return Promise.all([outcome(shakeHands(a.tools, a.local, left)), outcome(shakeHands(b.tools, b.local, right))]);
}

/** A node that shakes hands with a stranger who keeps no rule; `heard` is what the stranger hears. */
function facingStranger(node: TestNode = testNode('alice')): {
  stranger: Channel;
  heard: Recorder;
  result: Promise<string>;
} {
  const [channel, stranger] = channelPair();
  return { stranger, heard: record(stranger), result: outcome(shakeHands(node.tools, node.local, channel)) };
}

/** The code of the last frame that a stranger heard, a bye. */
function byeCode({ frames }: Recorder): number | undefined {
  const { message } = decodeLinkFrame(frames.at(-1)!);
  return message.kind === 'bye' ? message.code : undefined;
}

function helloOf(frame: Uint8Array): Hello {
  return decodeLinkFrame(frame).message as Hello;
}

/** Hands frames on as they are. */
const honest = (frame: Uint8Array): Uint8Array[] => [frame];

test('both sides learn who the other is, and nothing is left running', async () => {
  const clock = new ManualClock();
  const a = testNode('alice', clock, { leaf: true });
  const b = testNode('bob', shifted(clock, 5_000), { url: 'wss://bob.example/sea' });
  const [left, right] = await shakenPair(a, b);
  expect(left.peer).toEqual({
    address: b.local.address,
    publicKey: b.local.key.publicKey,
    leaf: false,
    url: 'wss://bob.example/sea',
    clockOffsetMs: 5_000,
  });
  expect(right.peer).toEqual({
    address: a.local.address,
    publicKey: a.local.key.publicKey,
    leaf: true,
    url: null,
    clockOffsetMs: -5_000,
  });
  expect(clock.waiting).toBe(0);
});

test('both hold the same id of the link, another one for each link', async () => {
  const [a, b] = [testNode('alice'), testNode('bob')];
  const ids = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const [left, right] = await shakenPair(a, b);
    expect(left.id.length).toBe(32);
    expect(toHex(left.id)).toBe(toHex(right.id));
    ids.add(toHex(left.id));
  }
  expect(ids.size).toBe(3);
});

test('a hello names no more than it must, and the proof is one signature', async () => {
  const frames: Uint8Array[] = [];
  const pair = meddledPair((frame, from) => {
    if (from === 'left') frames.push(frame);
    return [frame];
  });
  await shakenPair(testNode('alice'), testNode('bob'), pair);
  expect(frames.map(frame => decodeLinkFrame(frame).message.kind)).toEqual(['hello', 'proof']);
  expect(helloOf(frames[0]!)).toMatchObject({ version: 1, networkId: 'test', wallMs: 1_700_000_000_000, url: null });
});

test('a stranger in between who only hands on changes nothing where there is no binding', async () => {
  expect(await outcomes(testNode('alice'), testNode('bob'), meddledPair(honest))).toEqual(['done', 'done']);
});

test('WRONG_NETWORK: two seas do not mix', async () => {
  const b = testNode('bob', new ManualClock(), { networkId: 'other' });
  expect(await outcomes(testNode('alice'), b, channelPair())).toEqual(['WRONG_NETWORK', 'WRONG_NETWORK']);
});

test('BAD_VERSION: a version that is too old is refused, and its speaker hears why', async () => {
  const aged = meddledPair((frame, from, count) =>
    from === 'left' && count === 0 ? [encodeMessage({ ...helloOf(frame), version: 0 })] : [frame],
  );
  expect(await outcomes(testNode('alice'), testNode('bob'), aged)).toEqual(['BAD_VERSION', 'BAD_VERSION']);
});

test('BAD_SIGNATURE: a hello that was changed on its way, whichever field', async () => {
  const changes: readonly ((hello: Hello) => Partial<Hello>)[] = [
    hello => ({ version: hello.version + 1 }),
    hello => ({ nonce: hello.nonce.map(byte => byte ^ 1) }),
    hello => ({ wallMs: hello.wallMs + 1 }),
    hello => ({ leaf: !hello.leaf }),
    () => ({ url: 'wss://evil.example/sea' }),
    () => ({ publicKey: testNode('eve').local.key.publicKey }),
  ];
  for (const change of changes) {
    const pair = meddledPair((frame, from, count) => {
      if (from !== 'left' || count > 0) return [frame];
      return [encodeMessage({ ...helloOf(frame), ...change(helloOf(frame)) })];
    });
    expect(await outcomes(testNode('alice'), testNode('bob'), pair)).toEqual(['BAD_SIGNATURE', 'BAD_SIGNATURE']);
  }
});

test('a recorded handshake opens nothing: BAD_SIGNATURE, and CLOCK_SKEW once it is old', async () => {
  const clock = new ManualClock();
  const bob = testNode('bob', clock);
  const recorded: Uint8Array[] = [];
  const tap = meddledPair((frame, from) => {
    if (from === 'left') recorded.push(frame);
    return [frame];
  });
  await shakenPair(testNode('alice', clock), bob, tap);
  const replay = async (): Promise<string> => {
    const { stranger, heard, result } = facingStranger(bob);
    for (const frame of recorded) stranger.send(frame);
    const code = await result;
    await heard.until(({ closes }) => closes.length > 0);
    return code;
  };
  expect(await replay()).toBe('BAD_SIGNATURE');
  clock.pass(CLOCK_SKEW_MS_MAX);
  expect(await replay()).toBe('BAD_SIGNATURE');
  clock.pass(1);
  expect(await replay()).toBe('CLOCK_SKEW');
  expect(clock.waiting).toBe(0);
});

test('SELF_LINK: a mirror, and a second end of this very node', async () => {
  const { stranger, heard, result } = facingStranger();
  await heard.until(({ frames }) => frames.length > 0);
  stranger.send(heard.frames[0]!);
  expect(await result).toBe('SELF_LINK');
  const alice = testNode('alice');
  expect(await outcomes(alice, alice, channelPair())).toEqual(['SELF_LINK', 'SELF_LINK']);
  expect(await outcomes(alice, testNode('alice'), channelPair())).toEqual(['SELF_LINK', 'SELF_LINK']);
});

test('a proof that is reflected is no proof', async () => {
  const bob = testNode('bob');
  const { stranger, heard, result } = facingStranger();
  stranger.send(encodeMessage({ ...helloFrom(bob), nonce: new Uint8Array(32) }));
  await heard.until(({ frames }) => frames.length > 1);
  stranger.send(heard.frames[1]!);
  expect(await result).toBe('BAD_SIGNATURE');
});

function helloFrom({ local, tools }: TestNode): Hello {
  return {
    kind: 'hello',
    version: 1,
    networkId: local.networkId,
    publicKey: local.key.publicKey,
    nonce: tools.random.bytes(32),
    wallMs: tools.clock.wallMs(),
    leaf: local.leaf,
    url: local.url,
  };
}

test('BAD_SIGNATURE: the two ends hold different bindings (somebody ends the encryption in between)', async () => {
  const ends = (one: string, other: string): [Channel, Channel] => {
    const [left, right] = channelPair();
    return [disguised(left, { binding: utf8Encode(one) }), disguised(right, { binding: utf8Encode(other) })];
  };
  const [a, b] = [testNode('alice'), testNode('bob')];
  expect(await outcomes(a, b, ends('fingerprints', 'fingerprints'))).toEqual(['done', 'done']);
  expect(await outcomes(a, b, ends('fingerprints', 'others'))).toEqual(['BAD_SIGNATURE', 'BAD_SIGNATURE']);
  expect(await outcomes(a, b, ends('fingerprints', ''))).toEqual(['BAD_SIGNATURE', 'BAD_SIGNATURE']);
});

test('a proof with one bit changed is BAD_SIGNATURE, one of another length BAD_MESSAGE', async () => {
  const withProof = (change: (signature: Uint8Array) => Uint8Array): [Channel, Channel] =>
    meddledPair((frame, from, count) => {
      const { message } = decodeLinkFrame(frame);
      if (from !== 'left' || count !== 1 || message.kind !== 'proof') return [frame];
      return [encodeMessage({ kind: 'proof', signature: change(message.signature) })];
    });
  for (const bit of [0, 255, 256, 511]) {
    const flip = (signature: Uint8Array): Uint8Array =>
      signature.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    expect((await outcomes(testNode('alice'), testNode('bob'), withProof(flip)))[1]).toBe('BAD_SIGNATURE');
  }
  const cut = withProof(signature => signature.subarray(1));
  expect((await outcomes(testNode('alice'), testNode('bob'), cut))[1]).toBe('BAD_MESSAGE');
});

test('whoever claims a key it does not hold is refused', async () => {
  const { stranger, heard, result } = facingStranger();
  stranger.send(encodeMessage(helloFrom(testNode('bob'))));
  stranger.send(encodeMessage({ kind: 'proof', signature: new Uint8Array(64) }));
  expect(await result).toBe('BAD_SIGNATURE');
  await heard.until(({ closes }) => closes.length > 0);
  expect(byeCode(heard)).toBe(errorNumber('BAD_SIGNATURE'));
});

test('BAD_SIGNATURE: somebody else answers where one is expected', async () => {
  const [a, b, c] = [testNode('alice'), testNode('bob'), testNode('carol')];
  const meet = async (expected: TestNode): Promise<string[]> => {
    const [left, right] = channelPair();
    return Promise.all([
      outcome(shakeHands(a.tools, a.local, left, { expected: expected.local.address })),
      outcome(shakeHands(b.tools, b.local, right)),
    ]);
  };
  expect(await meet(b)).toEqual(['done', 'done']);
  expect(await meet(c)).toEqual(['BAD_SIGNATURE', 'BAD_SIGNATURE']);
});

test('a peer that is not wanted is refused on its word, before any signature work', async () => {
  const alice = testNode('alice');
  let signed = 0;
  const sign = (message: Uint8Array): Promise<Uint8Array> => {
    signed++;
    return alice.local.key.sign(message);
  };
  const local = { ...alice.local, key: { ...alice.local.key, sign } };
  const meet = async (unwanted: TestNode): Promise<string[]> => {
    const [left, right] = channelPair();
    const bob = testNode('bob');
    const refuse = (claimed: HashAddress): SeaError | undefined =>
      claimed.equals(unwanted.local.address) ? new SeaError('DECLINED', 'banned') : undefined;
    return Promise.all([
      outcome(shakeHands(alice.tools, local, left, { refuse })),
      outcome(shakeHands(bob.tools, bob.local, right)),
    ]);
  };
  expect([await meet(testNode('bob')), signed]).toEqual([['DECLINED', 'DECLINED'], 0]);
  expect([await meet(testNode('carol')), signed]).toEqual([['done', 'done'], 1]);
});

test('CLOCK_SKEW: an hour is taken, a millisecond more is not, either way', async () => {
  const clock = new ManualClock();
  for (const sign of [1, -1]) {
    const at = (ms: number): TestNode => testNode('bob', shifted(clock, sign * ms));
    const alice = testNode('alice', clock);
    expect(await outcomes(alice, at(CLOCK_SKEW_MS_MAX), channelPair())).toEqual(['done', 'done']);
    expect(await outcomes(alice, at(CLOCK_SKEW_MS_MAX + 1), channelPair())).toEqual(['CLOCK_SKEW', 'CLOCK_SKEW']);
  }
});

/** What a failed handshake between two nodes says, at each of them. */
async function words(a: TestNode, b: TestNode, [left, right]: [Channel, Channel]): Promise<string[]> {
  const saying = (node: TestNode, channel: Channel): Promise<string> =>
    shakeHands(node.tools, node.local, channel).then(
      () => 'nothing',
      error => (error as SeaError).message,
    );
  return Promise.all([saying(a, left), saying(b, right)]);
}

test('CLOCK_SKEW says by how much the clocks differ, and whose is behind', async () => {
  const clock = new ManualClock();
  const [alice, bob] = [testNode('alice', clock), testNode('bob', shifted(clock, 125 * 60_000))];
  expect(await words(alice, bob, channelPair())).toEqual([
    "CLOCK_SKEW: this machine's clock is 125 min behind the other side's",
    "CLOCK_SKEW: this machine's clock is 125 min ahead of the other side's",
  ]);
});

test('CLOCK_SKEW says so as well to a side that would have taken the other', async () => {
  const clock = new ManualClock();
  const [alice, bob] = [testNode('alice', clock), testNode('bob', shifted(clock, 90 * 60_000))];
  // Bob hears a hello of his own time: he would go on, and hears that Alice refuses.
  const late = meddledPair((frame, from, count) =>
    from === 'left' && count === 0
      ? [encodeMessage({ ...helloOf(frame), wallMs: helloOf(frame).wallMs + 40 * 60_000 })]
      : [frame],
  );
  expect(await words(alice, bob, late)).toEqual([
    "CLOCK_SKEW: this machine's clock is 90 min behind the other side's",
    "CLOCK_SKEW: this machine's clock is 50 min ahead of the other side's",
  ]);
});

test('TIMEOUT: silence ends the handshake after 10 s, before the hello and after it', async () => {
  for (const said of [[], [encodeMessage(helloFrom(testNode('bob')))]]) {
    const clock = new ManualClock();
    const { stranger, heard, result } = facingStranger(testNode('alice', clock));
    for (const frame of said) stranger.send(frame);
    await settle();
    clock.pass(HANDSHAKE_TIMEOUT_MS - 1);
    await settle();
    expect(heard.closes).toEqual([]);
    clock.pass(1);
    expect(await result).toBe('TIMEOUT');
    await heard.until(({ closes }) => closes.length > 0);
    expect([byeCode(heard), clock.waiting]).toEqual([errorNumber('TIMEOUT'), 0]);
  }
});

test('TIMEOUT counts the time that the signatures take', async () => {
  const clock = new ManualClock();
  const verified = deferred<boolean>();
  const slow = testNode('alice', clock);
  const tools = {
    ...slow.tools,
    crypto: { ...slow.tools.crypto, verify: () => verified.promise },
  } as typeof slow.tools;
  const [left, right] = channelPair();
  const bob = testNode('bob', clock);
  const result = outcome(shakeHands(tools, slow.local, left));
  await shakeHands(bob.tools, bob.local, right);
  clock.pass(HANDSHAKE_TIMEOUT_MS);
  verified.resolve(true);
  expect(await result).toBe('TIMEOUT');
});

test('BAD_MESSAGE: what is no hello, and what is no proof', async () => {
  const hello = encodeMessage(helloFrom(testNode('bob')));
  const proof = encodeMessage({ kind: 'proof', signature: new Uint8Array(64) });
  const sequences: readonly (readonly Uint8Array[])[] = [
    [utf8Encode('GET / HTTP/1.1')],
    [Uint8Array.of(0)],
    [new Uint8Array(FRAME_BYTES_MAX).fill(0x81)],
    [proof],
    [encodeMessage({ kind: 'ping', count: 0 })],
    [concat(hello, Uint8Array.of(0))],
    [hello.subarray(0, -1)],
    [hello, hello],
    [hello, encodeMessage({ kind: 'ping', count: 0 })],
    [hello, Uint8Array.of(1, 2, 3)],
  ];
  for (const frames of sequences) {
    const { stranger, heard, result } = facingStranger();
    for (const frame of frames) stranger.send(frame);
    expect(await result).toBe('BAD_MESSAGE');
    await heard.until(({ closes }) => closes.length > 0);
    expect(byeCode(heard)).toBe(errorNumber('BAD_MESSAGE'));
  }
});

test('TOO_LARGE: an oversized frame ends the channel', async () => {
  const { stranger, heard, result } = facingStranger();
  await settle();
  stranger.send(new Uint8Array(FRAME_BYTES_MAX + 1));
  expect(await result).toBe('TOO_LARGE');
  await heard.until(({ closes }) => closes.length > 0);
});

test('OVERLOADED: too many frames while the handshake lasts', async () => {
  const flood = async (count: number): Promise<string> => {
    const alice = testNode('alice');
    const signed = deferred<Uint8Array>();
    const key = { ...alice.local.key, sign: () => signed.promise };
    const { stranger, result } = facingStranger({ ...alice, local: { ...alice.local, key } });
    stranger.send(encodeMessage(helloFrom(testNode('bob'))));
    for (let i = 0; i < count; i++) {
      stranger.send(encodeMessage({ kind: 'ping', count: i }));
      if (i % 32 === 0) await settle();
    }
    await settle();
    signed.resolve(new Uint8Array(64));
    return result;
  };
  expect(await flood(EARLY_FRAMES_MAX)).toBe('BAD_MESSAGE'); // kept, and the first of them is no proof
  expect(await flood(EARLY_FRAMES_MAX + 1)).toBe('OVERLOADED');
});

test('LINK_CLOSED: the other side goes away in the middle', async () => {
  for (const said of [[], [encodeMessage(helloFrom(testNode('bob')))]]) {
    const { stranger, result } = facingStranger();
    for (const frame of said) stranger.send(frame);
    stranger.close();
    expect(await result).toBe('LINK_CLOSED');
  }
});

test('the other side says in a bye why it will not, instead of a hello or a proof', async () => {
  for (const said of [[], [encodeMessage(helloFrom(testNode('bob')))]]) {
    const { stranger, result } = facingStranger();
    for (const frame of said) stranger.send(frame);
    turnAway(stranger, 'LINK_BUDGET');
    expect(await result).toBe('LINK_BUDGET');
  }
  const { stranger, result } = facingStranger();
  stranger.send(encodeMessage({ kind: 'bye', code: 65_000 })); // a code of a later version
  expect(await result).toBe('LINK_CLOSED');
});

test('a signal ends it at once with the reason of the abort', async () => {
  const controller = new AbortController();
  const alice = testNode('alice');
  const attempt = (): Promise<string> => {
    const [channel, stranger] = channelPair();
    record(stranger);
    return outcome(shakeHands(alice.tools, alice.local, channel, { signal: controller.signal }));
  };
  const before = attempt();
  await settle();
  controller.abort(new SeaError('CLOSED', 'going home'));
  expect([await before, await attempt()]).toEqual(['CLOSED', 'CLOSED']);
  expect((alice.tools.clock as ManualClock).waiting).toBe(0);
});

test('what came early is delivered on attach, in order; then the rest; then the close, once', async () => {
  const [left, right] = channelPair();
  const [a, b] = await shakenPair(testNode('alice'), testNode('bob'), [left, right]);
  const [seen, sink] = [new Recorder(), new Recorder()];
  b.attach(sink);
  left.send(Uint8Array.of(1));
  right.send(Uint8Array.of(2));
  right.send(Uint8Array.of(3));
  await settle();
  a.attach(seen);
  expect(seen.frames).toEqual([Uint8Array.of(2), Uint8Array.of(3)]);
  right.send(Uint8Array.of(4));
  right.close();
  await seen.until(({ closes }) => closes.length > 0);
  expect([seen.frames.length, codes(seen)]).toEqual([3, ['LINK_CLOSED']]);
  expect([sink.frames, codes(sink)]).toEqual([[Uint8Array.of(1)], ['LINK_CLOSED']]);
});

test('a side that proved itself, spoke and left: what it said and its leaving are both heard', async () => {
  const [left, right] = channelPair();
  const [a] = await shakenPair(testNode('alice'), testNode('bob'), [left, right]);
  right.send(Uint8Array.of(7));
  right.close();
  await settle();
  const seen = new Recorder();
  a.attach(seen);
  expect([seen.frames, codes(seen)]).toEqual([[Uint8Array.of(7)], ['LINK_CLOSED']]);
});
