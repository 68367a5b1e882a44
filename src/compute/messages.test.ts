import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { CHUNK_BYTES_MAX, MANIFEST_BYTES_MAX, MODULE_BYTES_MAX, RUN_TIMEOUT_MS_MAX, SLOTS_MAX } from './limits.ts';
import * as messages from './messages.ts';

const bundle = ContentId.of(Uint8Array.of(1));
const digest = bundle.digest;
const input = Uint8Array.of(9, 8, 7);

/** As it comes out at the other end. */
function sent(body: Body): Body {
  return { ...body, value: decodeValue(encodeValue(body.value)) };
}

describe('messages of compute', () => {
  it('come out as they went in', () => {
    expect(messages.readSlots(sent(messages.writeSlots(4)))).toBe(4);
    expect(messages.readPrepare(sent(messages.writePrepare(bundle)))).toEqual(bundle);
    for (const request of [
      { piece: 'manifest', bundle },
      { piece: 'module', bundle, offset: 262_144, length: 17 },
    ] as const) {
      expect(messages.readBundleRequest(sent(messages.writeBundleRequest(request)))).toEqual(request);
    }
    const answer = { manifestBytes: input, moduleLength: 137_000 };
    expect(messages.readManifestAnswer(sent(messages.writeManifestAnswer(answer)))).toEqual(answer);
    const run = { bundle, part: 12, timeoutMs: 60_000, input };
    expect(messages.readRun(sent(messages.writeRun(run)))).toEqual(run);
    expect(messages.readPayload(sent(messages.writePayload(input)))).toEqual(input);
    expect(messages.readPayload({ value: [] })).toEqual(new Uint8Array(0));
  });

  it('have these values on the wire', () => {
    expect(messages.writeRun({ bundle, part: 12, timeoutMs: 60_000, input })).toEqual({
      value: [digest, 12, 60_000],
      payload: input,
    });
    expect(messages.writeBundleRequest({ piece: 'module', bundle, offset: 1, length: 2 })).toEqual({
      value: [digest, 1, 1, 2],
    });
    expect(messages.writeBundleRequest({ piece: 'manifest', bundle })).toEqual({ value: [digest, 0] });
  });

  const readers: Readonly<Record<string, (body: Body) => unknown>> = {
    readSlots: messages.readSlots,
    readPrepare: messages.readPrepare,
    readBundleRequest: messages.readBundleRequest,
    readManifestAnswer: messages.readManifestAnswer,
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
    ['readBundleRequest', 'an unknown piece', [digest, 2]],
    ['readBundleRequest', 'a manifest with a range', [digest, 0, 0, 1]],
    ['readBundleRequest', 'a module without a range', [digest, 1]],
    ['readBundleRequest', 'a range too long', [digest, 1, 0, CHUNK_BYTES_MAX + 1]],
    ['readBundleRequest', 'a range beyond any module', [digest, 1, MODULE_BYTES_MAX + 1, 1]],
    ['readManifestAnswer', 'too long a module', [MODULE_BYTES_MAX + 1]],
    ['readManifestAnswer', 'nothing', []],
    ['readRun', 'no time', [digest, 0, 0]],
    ['readRun', 'too much time', [digest, 0, RUN_TIMEOUT_MS_MAX + 1]],
    ['readRun', 'a negative part', [digest, -1, 1]],
    ['readRun', 'a field too few', [digest, 0]],
    ['readPayload', 'a value', [1]],
    ['readPayload', 'null', null],
  ];
  it.each(unfit)('%s refuses %s: BAD_MESSAGE', (reader, _what, value) => {
    expect(() => readers[reader]!({ value })).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  });

  it('readManifestAnswer refuses a manifest that is too long', () => {
    const payload = new Uint8Array(MANIFEST_BYTES_MAX + 1);
    try {
      messages.readManifestAnswer({ value: [1], payload });
      expect.unreachable();
    } catch (error) {
      expect(isSeaError(error, 'BAD_MESSAGE')).toBe(true);
    }
  });
});
