/**
 * The bodies of this service's calls. A body is a CBOR array and at most one raw payload; every decoder is total and
 * throws BAD_MESSAGE, nothing else. Content ids travel as their 32-byte digests.
 *
 * | scope             | caller → callee        | request                          | payload | answer   | payload  |
 * |-------------------|------------------------|----------------------------------|---------|----------|----------|
 * | `compute:slots`   | provider → neighbour   | [slots]                          |         | []       |          |
 * | `compute:prepare` | requester → provider   | [bundle]                         |         | []       |          |
 * | `compute:bundle`  | provider → requester   | [bundle, 0]                      |         | [length] | manifest |
 * | `compute:bundle`  | provider → requester   | [bundle, 1, offset, length]      |         | []       | module's bytes |
 * | `compute:run`     | requester → provider   | [bundle, part, timeoutMs]        | input   | []       | output   |
 */

import { ContentId } from '../address/content-id.ts';
import { SeaError } from '../base/errors.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { CHUNK_BYTES_MAX, MANIFEST_BYTES_MAX, MODULE_BYTES_MAX, RUN_TIMEOUT_MS_MAX, SLOTS_MAX } from './limits.ts';

export const scopes = {
  slots: 'compute:slots',
  prepare: 'compute:prepare',
  bundle: 'compute:bundle',
  run: 'compute:run',
} as const;

/** Asks for a bundle's manifest, or for `length` bytes of its module from `offset`. */
export type BundleRequest =
  | { readonly piece: 'manifest'; readonly bundle: ContentId }
  | { readonly piece: 'module'; readonly bundle: ContentId; readonly offset: number; readonly length: number };

export interface ManifestAnswer {
  readonly manifestBytes: Uint8Array;
  /** Bytes of the module, 1 to MODULE_BYTES_MAX. */
  readonly moduleLength: number;
}

export interface RunRequest {
  readonly bundle: ContentId;
  /** The requester's number for the part: it comes back in nothing but the requester's own books. */
  readonly part: number;
  readonly timeoutMs: number;
  readonly input: Uint8Array;
}

const MANIFEST = 0;
const MODULE = 1;
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

export function writeBundleRequest(request: BundleRequest): Body {
  if (request.piece === 'manifest') return { value: [request.bundle.digest, MANIFEST] };
  return { value: [request.bundle.digest, MODULE, request.offset, request.length] };
}

export function readBundleRequest(body: Body): BundleRequest {
  const reader = new Reader(body.value, scopes.bundle);
  const bundle = readId(reader);
  if (reader.uint('piece', MODULE) === MANIFEST) {
    reader.end();
    return { piece: 'manifest', bundle };
  }
  const offset = reader.uint('offset', MODULE_BYTES_MAX);
  const length = reader.uint('length', CHUNK_BYTES_MAX);
  reader.end();
  return { piece: 'module', bundle, offset, length };
}

export function writeManifestAnswer(answer: ManifestAnswer): Body {
  return { value: [answer.moduleLength], payload: answer.manifestBytes };
}

export function readManifestAnswer(body: Body): ManifestAnswer {
  const reader = new Reader(body.value, 'manifest answer');
  const moduleLength = reader.uint('length', MODULE_BYTES_MAX);
  reader.end();
  const manifestBytes = body.payload ?? NOTHING;
  if (manifestBytes.length > MANIFEST_BYTES_MAX)
    throw new SeaError('BAD_MESSAGE', `a manifest of ${manifestBytes.length} bytes`);
  return { manifestBytes, moduleLength };
}

export function writeRun(request: RunRequest): Body {
  return { value: [request.bundle.digest, request.part, request.timeoutMs], payload: request.input };
}

export function readRun(body: Body): RunRequest {
  const reader = new Reader(body.value, scopes.run);
  const bundle = readId(reader);
  const part = reader.uint('part');
  const timeoutMs = reader.uint('timeoutMs', RUN_TIMEOUT_MS_MAX);
  reader.end();
  if (timeoutMs === 0) throw new SeaError('BAD_MESSAGE', 'a run of no time');
  return { bundle, part, timeoutMs, input: body.payload ?? NOTHING };
}

/** Bytes as an answer: a chunk of a module, a part's output. */
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
