/**
 * The frame: u32 big-endian header length, a canonical CBOR array (its first item is the kind of the message), then the
 * raw payload, which on decoding is a view into the frame.
 */

import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';

const LENGTH_BYTES = 4;
const noPayload: Uint8Array = new Uint8Array(0);

export interface Frame {
  readonly header: readonly Value[];
  /** Empty when there is none. */
  readonly payload: Uint8Array;
}

/** The frame as fresh bytes. Throws BAD_ARGUMENT for a header value that cannot travel. */
export function encodeFrame(header: readonly Value[], payload: Uint8Array = noPayload): Uint8Array<ArrayBuffer> {
  const head = encodeValue(header);
  const bytes = new Uint8Array(LENGTH_BYTES + head.length + payload.length);
  new DataView(bytes.buffer).setUint32(0, head.length);
  bytes.set(head, LENGTH_BYTES);
  bytes.set(payload, LENGTH_BYTES + head.length);
  return bytes;
}

/** Total: a frame, or BAD_MESSAGE. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < LENGTH_BYTES) throw new SeaError('BAD_MESSAGE', 'frame shorter than its length field');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  if (length > bytes.length - LENGTH_BYTES) throw new SeaError('BAD_MESSAGE', 'frame header longer than the frame');
  const header = decodeValue(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  if (!Array.isArray(header)) throw new SeaError('BAD_MESSAGE', 'frame header is not an array');
  return { header, payload: bytes.subarray(LENGTH_BYTES + length) };
}
