import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Body } from '../rpc/exchange.ts';
import { BLOCK_BYTES_MAX, CONTENT_BYTES_MAX } from './limits.ts';
import * as messages from './messages.ts';

const list = ContentId.of(Uint8Array.of(1));
const { digest } = list;

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { ...body, value: decodeValue(encodeValue(body.value)) };
}

describe('messages of blocks', () => {
  it('come out as they went in', () => {
    expect(messages.readGet(sent(messages.writeGet(list)))).toEqual(list);
    expect(messages.readBlock(sent(messages.writeBlock(digest)))).toEqual(digest);
    expect(messages.readBlock({ value: [] })).toEqual(new Uint8Array(0));
    const push = { list, length: 137_000 };
    expect(messages.readPush(sent(messages.writePush(push)))).toEqual(push);
    expect(messages.readPushed(sent(messages.writePushed(17)))).toBe(17);
  });

  it('have these values on the wire', () => {
    expect(messages.scopes).toEqual({ get: 'blocks:get', push: 'blocks:push' });
    expect(messages.writeGet(list)).toEqual({ value: [digest] });
    expect(messages.writeBlock(digest)).toEqual({ value: [], payload: digest });
    expect(messages.writePush({ list, length: 5 })).toEqual({ value: [digest, 5] });
    expect(messages.writePushed(4)).toEqual({ value: [4] });
  });

  const readers: Readonly<Record<string, (body: Body) => unknown>> = {
    readGet: messages.readGet,
    readBlock: messages.readBlock,
    readPush: messages.readPush,
    readPushed: messages.readPushed,
  };
  const unfit: readonly (readonly [string, string, Value])[] = [
    ['readGet', 'no array', digest],
    ['readGet', 'nothing', []],
    ['readGet', 'a short id', [digest.slice(1)]],
    ['readGet', 'a field too many', [digest, 0]],
    ['readBlock', 'a value', [1]],
    ['readBlock', 'null', null],
    ['readPush', 'no length', [digest]],
    ['readPush', 'a negative length', [digest, -1]],
    ['readPush', 'a fraction', [digest, 0.5]],
    ['readPush', 'too long a content', [digest, CONTENT_BYTES_MAX + 1]],
    ['readPush', 'a field too many', [digest, 0, 0]],
    ['readPushed', 'nothing', []],
    ['readPushed', 'more bytes than a content has', [CONTENT_BYTES_MAX + 1]],
  ];
  it.each(unfit)('%s refuses %s: BAD_MESSAGE', (reader, _what, value) => {
    expect(() => readers[reader]!({ value })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });

  it('readBlock takes a whole block and refuses one byte more', () => {
    const payload = new Uint8Array(BLOCK_BYTES_MAX + 1);
    expect(messages.readBlock({ value: [], payload: payload.subarray(1) })).toHaveLength(262_144);
    expect(() => messages.readBlock({ value: [], payload })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });
});
