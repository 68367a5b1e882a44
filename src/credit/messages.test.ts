import { describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import type { Body } from '../rpc/exchange.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { AMOUNT_MAX, BATCH_MAX } from './limits.ts';
import * as messages from './messages.ts';
import type { SignedQuote } from './quote.ts';

const bytes = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const purse = { payer: bytes(20, 1), key: bytes(20, 2), lane: 255, binding: bytes(64, 3) };
const quote: SignedQuote = {
  nodeKey: bytes(32, 4),
  payee: bytes(20, 5),
  keySignature: bytes(64, 6),
  binding: bytes(64, 7),
  chain: { id: 31_337n, contract: bytes(20, 8) },
  prices: { part: 1n, fuel: 0n, memoryTime: 0n, storageTime: 0n, write: 0n, egress: AMOUNT_MAX },
  egressKiBMax: 256,
  line: 20n,
  verdictMs: 60_000,
  issuedMs: 1_790_000_000_000,
  validMs: 600_000,
  held: { cumulative: 10n, credited: 9n, signature: bytes(64, 9) },
  signature: bytes(64, 10),
};
const voucher = { payer: bytes(20, 1), lane: 7, cumulative: 258n, signature: bytes(64, 11) };
const accepted = { subtask: bytes(16, 12), outputHash: bytes(32, 13), price: 5n };
const request = { id: bytes(8, 14), voucher, accepted: [accepted], ended: [bytes(16, 15)] };
const answer = { signature: bytes(64, 16), unknown: [0], computed: [{ place: 63, outputHash: bytes(32, 17) }] };

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { value: decodeValue(encodeValue(body.value)) };
}

describe('messages of credit', () => {
  it('come out as they went in', () => {
    for (const shown of [purse, null])
      expect(messages.readQuoteRequest(sent(messages.writeQuoteRequest(shown)))).toEqual(shown);
    for (const it of [quote, { ...quote, chain: null, held: null }])
      expect(messages.readQuote(sent(messages.writeQuote(it)))).toEqual(it);
    for (const it of [request, { ...request, voucher: null, accepted: [], ended: [] }])
      expect(messages.readSettleRequest(sent(messages.writeSettleRequest(it)))).toEqual(it);
    for (const it of [answer, { signature: null, unknown: [], computed: [] }])
      expect(messages.readSettleAnswer(sent(messages.writeSettleAnswer(it)))).toEqual(it);
  });

  it('have these bytes on the wire', () => {
    const hex = (body: Body): string => toHex(encodeValue(body.value));
    const run = (length: number, value: number): string => toHex(bytes(length, value));
    expect(hex(messages.writeQuoteRequest(null))).toBe('8201f6');
    expect(hex(messages.writeQuoteRequest(purse))).toBe(`82018454${run(20, 1)}54${run(20, 2)}18ff5840${run(64, 3)}`);
    expect(hex(messages.writeSettleRequest(request))).toBe(
      [
        `8448${run(8, 14)}`,
        `5861${run(20, 1)}07${'00'.repeat(10)}0102${run(64, 11)}`, // 97 bytes, as a contract takes them
        `818350${run(16, 12)}5820${run(32, 13)}4c${'00'.repeat(11)}05`,
        `8150${run(16, 15)}`,
      ].join(''),
    );
    expect(hex(messages.writeSettleAnswer(answer))).toBe(`835840${run(64, 16)}81008182183f5820${run(32, 17)}`);
  });

  const readers: Readonly<Record<string, readonly [(body: Body) => unknown, Body]>> = {
    readQuoteRequest: [messages.readQuoteRequest, messages.writeQuoteRequest(purse)],
    readQuote: [messages.readQuote, messages.writeQuote(quote)],
    readSettleRequest: [messages.readSettleRequest, messages.writeSettleRequest(request)],
    readSettleAnswer: [messages.readSettleAnswer, messages.writeSettleAnswer(answer)],
  };

  it.each(Object.entries(readers))(
    '%s takes its own, and BAD_MESSAGE is all it says to anything else',
    (_, [read, good]) => {
      const strays: Value[] = [
        null,
        true,
        -1,
        0.5,
        1e300,
        'x',
        {},
        [],
        [1],
        [null, [], []],
        new Uint8Array(0),
        bytes(13, 1),
      ];
      for (const value of strays) expectTotal(read, { value });
      let refused = 0;
      for (const stray of strays)
        for (const value of replacements(good.value, stray)) if (!expectTotal(read, { value })) refused++;
      expect(expectTotal(read, good)).toBe(true);
      expect(refused).toBeGreaterThan(strays.length);
      const random = new SeededRandom('messages of credit');
      const whole = encodeValue(good.value);
      for (let i = 0; i < 3_000; i++) {
        const mutated = whole.slice();
        for (let n = 0; n <= below(random, 3); n++) mutated[below(random, mutated.length)] = random.bytes(1)[0]!;
        const value = decoded(mutated);
        if (value !== undefined) expectTotal(read, { value });
      }
    },
  );

  it('refuse what is longer, shorter or another version', () => {
    for (const [read, good] of Object.values(readers)) {
      const fields = good.value as Value[];
      expect(expectTotal(read, { value: [...fields, 0] })).toBe(false);
      expect(expectTotal(read, { value: fields.slice(0, -1) })).toBe(false);
    }
    expect(expectTotal(messages.readQuoteRequest, { value: [2, null] })).toBe(false);
    const many = Array.from({ length: BATCH_MAX + 1 }, () => accepted);
    expect(expectTotal(messages.readSettleRequest, messages.writeSettleRequest({ ...request, accepted: many }))).toBe(
      false,
    );
  });
});

/** False for BAD_MESSAGE; anything else that is thrown fails the test. */
function expectTotal(read: (body: Body) => unknown, body: Body): boolean {
  try {
    read(body);
    return true;
  } catch (error) {
    expect(isSeaError(error, 'BAD_MESSAGE')).toBe(true);
    return false;
  }
}

/** The value with one thing in it, at any depth, replaced by another. */
function replacements(value: Value, by: Value): Value[] {
  if (!Array.isArray(value)) return [by];
  return [by, ...value.flatMap((item, at) => replacements(item, by).map(it => value.with(at, it)))];
}

function decoded(bytes: Uint8Array): Value | undefined {
  try {
    return decodeValue(bytes);
  } catch {
    return undefined;
  }
}
