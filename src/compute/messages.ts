/**
 * The bodies of this service's calls. A body is a CBOR array and at most one raw payload; every decoder is total and
 * throws BAD_MESSAGE, nothing else. Content ids travel as their 32-byte digests.
 *
 * | scope             | caller → callee        | request                          | payload | answer   | payload  |
 * |-------------------|------------------------|----------------------------------|---------|----------|----------|
 * | `compute:slots`   | provider → neighbour   | [slots]                          |         | []       |          |
 * | `compute:prepare` | requester → provider   | [bundle]                         |         | []       |          |
 * | `compute:run`     | requester → provider   | [bundle, subtask, timeoutMs]     | input   | []       | output   |
 *
 * Slots are announced and parts are run over direct links only, where the caller is proven.
 */

import { ContentId } from '../address/content-id.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { RUN_TIMEOUT_MS_MAX, SLOTS_MAX, SUBTASK_BYTES } from './limits.ts';

export const scopes = {
  slots: 'compute:slots',
  prepare: 'compute:prepare',
  run: 'compute:run',
} as const;

export interface RunRequest {
  readonly bundle: ContentId;
  /** The part's name in both sides' books, SUBTASK_BYTES. */
  readonly subtask: Uint8Array;
  readonly timeoutMs: number;
  readonly input: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** The answer that says "done" and no more. */
export const done: Body = { value: [] };

export function writeSlots(slots: number): Body {
  return { value: [slots] };
}

export function readSlots(body: Body): number {
  const reader = new Reader(body.value, scopes.slots);
  const slots = reader.uint('slots', SLOTS_MAX);
  reader.end();
  return slots;
}

export function writePrepare(bundle: ContentId): Body {
  return { value: [bundle.digest] };
}

export function readPrepare(body: Body): ContentId {
  const reader = new Reader(body.value, scopes.prepare);
  const bundle = readId(reader);
  reader.end();
  return bundle;
}

export function writeRun(request: RunRequest): Body {
  return { value: [request.bundle.digest, request.subtask, request.timeoutMs], payload: request.input };
}

export function readRun(body: Body): RunRequest {
  const reader = new Reader(body.value, scopes.run);
  const bundle = readId(reader);
  const subtask = reader.bytes('subtask', SUBTASK_BYTES).slice();
  const timeoutMs = reader.uint('timeoutMs', RUN_TIMEOUT_MS_MAX);
  reader.end();
  if (timeoutMs === 0) throw new SeaError('BAD_MESSAGE', 'a run of no time');
  return { bundle, subtask, timeoutMs, input: body.payload ?? NOTHING };
}

/** Bytes as an answer: a part's output. */
export function writePayload(payload: Uint8Array): Body {
  return { value: [], payload };
}

export function readPayload(body: Body): Uint8Array {
  new Reader(body.value, 'answer').end();
  return body.payload ?? NOTHING;
}

function readId(reader: Reader): ContentId {
  return ContentId.fromDigest(reader.bytes('bundle', 32));
}
