import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Body } from '../rpc/exchange.ts';
import { RUN_TIMEOUT_MS_MAX, SLOTS_MAX, SUBTASK_BYTES } from './limits.ts';
import * as messages from './messages.ts';

const bundle = ContentId.of(Uint8Array.of(1));
const digest = bundle.digest;
const input = Uint8Array.of(9, 8, 7);
const subtask = Uint8Array.from({ length: SUBTASK_BYTES }, (_, i) => i);

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { ...body, value: decodeValue(encodeValue(body.value)) };
}

describe('messages of compute', () => {
  it('come out as they went in', () => {
    expect(messages.readSlots(sent(messages.writeSlots(4)))).toBe(4);
    expect(messages.readPrepare(sent(messages.writePrepare(bundle)))).toEqual(bundle);
    const run = { bundle, subtask, timeoutMs: 60_000, input };
    expect(messages.readRun(sent(messages.writeRun(run)))).toEqual(run);
    expect(messages.readPayload(sent(messages.writePayload(input)))).toEqual(input);
    expect(messages.readPayload({ value: [] })).toEqual(new Uint8Array(0));
  });

  it('have these values on the wire', () => {
    expect(messages.writeRun({ bundle, subtask, timeoutMs: 60_000, input })).toEqual({
      value: [digest, subtask, 60_000],
      payload: input,
    });
  });

  const readers: Readonly<Record<string, (body: Body) => unknown>> = {
    readSlots: messages.readSlots,
    readPrepare: messages.readPrepare,
    readRun: messages.readRun,
    readPayload: messages.readPayload,
  };
  const unfit: readonly (readonly [string, string, Value])[] = [
    ['readSlots', 'no array', 4],
    ['readSlots', 'nothing', []],
    ['readSlots', 'a negative number', [-1]],
    ['readSlots', 'too many slots', [SLOTS_MAX + 1]],
    ['readSlots', 'a fraction', [1.5]],
    ['readSlots', 'a field too many', [1, 1]],
    ['readPrepare', 'a short id', [digest.slice(1)]],
    ['readPrepare', 'text for an id', ['x']],
    ['readPrepare', 'a field too many', [digest, 0]],
    ['readRun', 'no time', [digest, subtask, 0]],
    ['readRun', 'too much time', [digest, subtask, RUN_TIMEOUT_MS_MAX + 1]],
    ['readRun', 'a short name', [digest, subtask.slice(1), 1]],
    ['readRun', 'a field too few', [digest, subtask]],
    ['readPayload', 'a value', [1]],
    ['readPayload', 'null', null],
  ];
  it.each(unfit)('%s refuses %s: BAD_MESSAGE', (reader, _what, value) => {
    expect(() => readers[reader]!({ value })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });
});
