import { expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { concat, fromHex, toHex } from '../base/bytes.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import { below, pick } from '../base/random.ts';
import { FRAME_BYTES_MAX } from '../ports/link-factory.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { decodeCallFrame, decodeLinkFrame, encodeMessage } from './codec.ts';
import { encodeFrame } from './frame.ts';
import { DIGEST_ENTRIES_MAX, HOPS_MAX, PATH_PAYLOAD_BYTES_MAX, VISITED_MAX } from './limits.ts';
import { kinds, type Message, type Route } from './messages.ts';
import vectors from './vectors.json' with { type: 'json' };

/** A message as the vectors write it: bytes and addresses in hex. */
function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  if ('$bytes' in value) return fromHex(value.$bytes as string);
  if ('$address' in value) return HashAddress.from(value.$address as string);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
}

function decoderOf(on: string): typeof decodeLinkFrame | typeof decodeCallFrame {
  return on === 'link' ? decodeLinkFrame : decodeCallFrame;
}

test.each(vectors)('golden bytes: $name', ({ on, message, payload, frame }) => {
  const expected = revive(message) as Message;
  expect(toHex(encodeMessage(expected, fromHex(payload)))).toBe(frame);
  const decoded = decoderOf(on)(fromHex(frame));
  expect(plain(decoded.message)).toEqual(plain(expected));
  expect(toHex(decoded.payload)).toBe(payload);
});

/** Addresses as text, so that two that were made apart compare alike. */
function plain(message: Message): unknown {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [key, value instanceof HashAddress ? String(value) : value]),
  );
}

test('the vectors cover every kind, and no two kinds share a number', () => {
  expect(new Set(vectors.map(({ message }) => message.kind))).toEqual(new Set(Object.keys(kinds)));
  expect(new Set(Object.values(kinds)).size).toBe(Object.keys(kinds).length);
});

test('a kind that belongs elsewhere, or to nobody, is refused', () => {
  for (const { on, frame } of vectors) {
    expect(() => decoderOf(on === 'link' ? 'path' : 'link')(fromHex(frame))).toThrow('BAD_MESSAGE');
  }
  for (const kind of [0, 7, 16, 19, 24, 255, 256, -1, 1.5, 'hello', null, [3]] as const) {
    const frame = encodeFrame([kind, 0, 0]);
    expect(() => decodeLinkFrame(frame), `${kind}`).toThrow('BAD_MESSAGE');
    expect(() => decodeCallFrame(frame), `${kind}`).toThrow('BAD_MESSAGE');
  }
  expect(() => decodeLinkFrame(encodeFrame([]))).toThrow('BAD_MESSAGE');
});

test('a field too few, a field too many, a field of another type: refused for every message', () => {
  for (const { on, message, payload: hex, frame, name } of vectors) {
    const [header, payload, decode] = [headerOf(message), fromHex(hex), decoderOf(on)];
    expect(toHex(encodeFrame(header, payload))).toBe(frame);
    expect(() => decode(encodeFrame([...header, null], payload)), name).toThrow('BAD_MESSAGE');
    expect(() => decode(encodeFrame(header.slice(0, -1), payload)), name).toThrow('BAD_MESSAGE');
    for (let i = 0; i < header.length; i++) {
      if (on === 'path' && i === header.length - 1 && header[0] !== kinds.failure) continue; // a call's value is free
      const changed = header.with(i, { no: 'field is a map' });
      expect(() => decode(encodeFrame(changed, payload)), `${name}, field ${i}`).toThrow('BAD_MESSAGE');
    }
  }
});

/** The header that the message of a vector has. */
function headerOf(message: unknown): Value[] {
  const { kind, ...fields } = revive(message) as Record<string, Value | HashAddress>;
  const values = Object.values(fields).map(field => (field instanceof HashAddress ? field.bytes : field));
  return [kinds[kind as keyof typeof kinds], ...values];
}

const route: Route = {
  kind: 'route',
  pathId: 0xffffffff,
  source: HashAddress.from('0'.repeat(64)),
  target: HashAddress.from('1'.repeat(64)),
  via: HashAddress.from('2'.repeat(64)),
  nearest: true,
  hopsLeft: HOPS_MAX,
  visited: new Uint8Array(VISITED_MAX * 8),
  more: true,
};

test('the largest routed message fits a frame: whoever can be handed one can hand it on', () => {
  const largest = encodeMessage(route, new Uint8Array(PATH_PAYLOAD_BYTES_MAX));
  expect(largest.length).toBeLessThanOrEqual(FRAME_BYTES_MAX);
  expect(decodeLinkFrame(largest).payload.length).toBe(PATH_PAYLOAD_BYTES_MAX);
  expect(() => decodeLinkFrame(encodeMessage(route, new Uint8Array(PATH_PAYLOAD_BYTES_MAX + 1)))).toThrow(
    'BAD_MESSAGE: a route with a payload of 64513 bytes',
  );
  const data = { kind: 'data', pathId: 1, forward: true, more: false, last: false } as const;
  expect(() => decodeLinkFrame(encodeMessage(data, new Uint8Array(PATH_PAYLOAD_BYTES_MAX)))).not.toThrow();
  expect(() => decodeLinkFrame(encodeMessage(data, new Uint8Array(PATH_PAYLOAD_BYTES_MAX + 1)))).toThrow('BAD_MESSAGE');
});

test('bounds of the fields: at the limit, and one beyond', () => {
  const hello = {
    kind: 'hello',
    version: 65_535,
    networkId: 'n'.repeat(64),
    publicKey: new Uint8Array(32),
    nonce: new Uint8Array(32),
    wallMs: Number.MAX_SAFE_INTEGER,
    leaf: false,
    url: 'u'.repeat(256),
  } as const;
  const refused = { kind: 'refused', pathId: 0, code: 65_535, hopsLeft: HOPS_MAX, visited: route.visited } as const;
  const fit: readonly Message[] = [hello, route, refused, { kind: 'ping', count: 0xffffffff }];
  for (const message of fit) expect(() => decodeLinkFrame(encodeMessage(message))).not.toThrow();
  const unfit: readonly Message[] = [
    { ...hello, version: 65_536 },
    { ...hello, version: -1 },
    { ...hello, networkId: 'n'.repeat(65) },
    { ...hello, publicKey: new Uint8Array(31) },
    { ...hello, nonce: new Uint8Array(33) },
    { ...hello, wallMs: 1.5 },
    { ...hello, url: 'u'.repeat(257) },
    { kind: 'proof', signature: new Uint8Array(63) },
    { kind: 'ping', count: 0x100000000 },
    { kind: 'bye', code: 65_536 },
    { ...route, pathId: 0x100000000 },
    { ...route, hopsLeft: HOPS_MAX + 1 },
    { ...route, visited: new Uint8Array(VISITED_MAX * 8 + 8) },
    { ...route, visited: new Uint8Array(7) },
    { ...refused, visited: new Uint8Array(9) },
  ];
  for (const message of unfit) expect(() => decodeLinkFrame(encodeMessage(message))).toThrow('BAD_MESSAGE');
});

test('bounds of a call: at the limit, and one beyond', () => {
  const call = {
    kind: 'call',
    callId: new Uint8Array(16),
    scope: 's'.repeat(128),
    timeoutMs: 3_600_000,
    value: null,
  } as const;
  expect(() => decodeCallFrame(encodeMessage(call, new Uint8Array(1_000_000)))).not.toThrow();
  const unfit: readonly Message[] = [
    { ...call, scope: 's'.repeat(129) },
    { ...call, timeoutMs: 3_600_001 },
    { ...call, timeoutMs: 0.5 },
    { ...call, callId: new Uint8Array(15) },
    { kind: 'failure', code: 65_536 },
  ];
  for (const message of unfit) expect(() => decodeCallFrame(encodeMessage(message))).toThrow('BAD_MESSAGE');
});

test('a digest is whole prefixes, at most 256, the hops of a path at most 40; other messages of a link carry no payload', () => {
  const digest = (bytes: number) => decodeLinkFrame(encodeMessage({ kind: 'digest' }, new Uint8Array(bytes)));
  expect(digest(DIGEST_ENTRIES_MAX * 8).payload.length).toBe(2_048);
  for (const bytes of [1, 7, 9, DIGEST_ENTRIES_MAX * 8 + 8]) expect(() => digest(bytes)).toThrow('BAD_MESSAGE');
  const ready = { kind: 'ready', pathId: 1, target: route.target } as const;
  const hops = (bytes: number) => decodeLinkFrame(encodeMessage(ready, new Uint8Array(bytes)));
  for (const count of [0, 1, HOPS_MAX]) expect(hops(count * 8).payload.length).toBe(count * 8);
  for (const bytes of [1, 7, 9, HOPS_MAX * 8 + 8]) expect(() => hops(bytes)).toThrow('BAD_MESSAGE');
  const withPayload = new Set(['digest', 'ready', 'route', 'data', 'call', 'item', 'result']);
  for (const { on, message, frame } of vectors) {
    const longer = concat(fromHex(frame), new Uint8Array(8));
    if (withPayload.has(message.kind)) expect(() => decoderOf(on)(longer)).not.toThrow();
    else expect(() => decoderOf(on)(longer), message.kind).toThrow('BAD_MESSAGE');
  }
});

test('hostile headers give BAD_MESSAGE at once', () => {
  const hostile: Record<string, Uint8Array> = {
    'a nesting bomb of arrays': new Uint8Array(65_532).fill(0x81),
    'a nesting bomb of maps': new Uint8Array(65_532).fill(0xa1),
    'an array that claims 2^31 items': fromHex('9a7fffffff03'),
    'bytes that claim 2^53': fromHex('82025b001fffffffffffff00'),
    'an indefinite array': fromHex('9f0300ff'),
    'a kind in two bytes': fromHex('82180300'),
    'a count in eight bytes': fromHex('82031b0000000000000001'),
    'a count that is NaN': fromHex('8203f97e00'),
    'a count that is 1.0': fromHex('8203f93c00'),
    'a count with a tag': fromHex('8203c100'),
    'a map with "__proto__" for a field': concat(fromHex('8203'), encodeValue(JSON.parse('{"__proto__":{"count":1}}'))),
    'a map with a key twice': fromHex('8203a2616101616102'),
  };
  for (const [what, header] of Object.entries(hostile)) {
    const frame = concat(new Uint8Array(4), header);
    new DataView(frame.buffer).setUint32(0, header.length);
    expect(() => decodeLinkFrame(frame), what).toThrow('BAD_MESSAGE');
    expect(() => decodeCallFrame(frame), what).toThrow('BAD_MESSAGE');
  }
});

test('a value in a call may have a key "__proto__" and changes no prototype', () => {
  const value = JSON.parse('{"__proto__":{"admin":true}}') as Value;
  const { message } = decodeCallFrame(encodeMessage({ kind: 'item', value }));
  const received = (message as { value: { admin?: boolean } }).value;
  expect([Object.keys(received), received.admin]).toEqual([['__proto__'], undefined]);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test('20,000 mutated frames give a message or BAD_MESSAGE, and what they give encodes to the same bytes', () => {
  const random = new SeededRandom('mutated frames');
  const frames = vectors.map(({ frame }) => fromHex(frame));
  let taken = 0;
  for (let round = 0; round < 20_000; round++) {
    const frame = mutated(random, pick(random, frames)!);
    for (const decode of [decodeLinkFrame, decodeCallFrame]) {
      try {
        const { message, payload } = decode(frame);
        taken++;
        if (toHex(encodeMessage(message, payload)) !== toHex(frame)) throw new Error('two encodings of one message');
      } catch (error) {
        if (!isSeaError(error, 'BAD_MESSAGE')) throw new Error(`${toHex(frame)}: ${String(error)}`, { cause: error });
      }
    }
  }
  expect(taken).toBeGreaterThan(1_000); // the mutations are gentle enough to reach behind the first check
});

/** One to four small changes: bits, bytes, cuts, insertions, repeated stretches. */
function mutated(random: SeededRandom, frame: Uint8Array): Uint8Array {
  let bytes = frame.slice();
  for (let changes = 1 + below(random, 2) * below(random, 4); changes > 0 && bytes.length > 0; changes--) {
    const at = below(random, bytes.length);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    switch (below(random, 6)) {
      case 0:
        bytes[at]! ^= 1 << below(random, 8);
        break;
      case 1:
        bytes[at] = pick(random, [0x00, 0x17, 0x18, 0x5f, 0x81, 0x9f, 0xa1, 0xbb, 0xf6, 0xf9, 0xfb, 0xff])!;
        break;
      case 2:
        bytes = concat(before, random.bytes(1 + below(random, 9)), after);
        break;
      case 3:
        bytes = before.slice();
        break;
      case 4:
        bytes = concat(before, after.subarray(1 + below(random, 4)));
        break;
      default:
        bytes = concat(bytes, after);
    }
    if (bytes.length >= 4 && below(random, 4) === 0) {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      view.setUint32(0, Math.min(view.getUint32(0) + below(random, 5), 2 ** 32 - 1)); // now and then nearly right again
    }
  }
  return bytes;
}
