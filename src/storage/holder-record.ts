/**
 * What a holder says of itself under the key 'storage:holders', to be read before anybody asks it for an offer: a map in
 * canonical CBOR. Keys that a reader does not know it passes over.
 *
 * | key   | value                                                        |
 * |-------|--------------------------------------------------------------|
 * | room  | bytes that are free, rounded down to a power of two, or 0     |
 * | lease | the longest lease that it gives, ms                          |
 */

import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';

export interface HolderRecord {
  /** In coarse steps: what changes with every shard is no news. */
  readonly roomBytes: number;
  readonly leaseMsMax: number;
}

export function writeHolderRecord({ roomBytes, leaseMsMax }: HolderRecord): Uint8Array {
  let room = roomBytes < 1 ? 0 : 1;
  while (room > 0 && 2 * room <= roomBytes) room *= 2;
  return encodeValue({ room, lease: leaseMsMax });
}

/** The record in an announced value; undefined for what is none. */
export function readHolderRecord(bytes: Uint8Array): HolderRecord | undefined {
  try {
    const { room, lease } = decodeValue(bytes) as { readonly [key: string]: Value };
    return isAmount(room) && isAmount(lease) ? { roomBytes: room, leaseMsMax: lease } : undefined;
  } catch {
    return undefined; // a stranger may announce anything
  }
}

/** Unless it says that it has less room. Steps are coarse: up to twice as much may be free. */
export function mayHold(record: HolderRecord | undefined, bytes: number): boolean {
  return record === undefined || 2 * record.roomBytes > bytes;
}

function isAmount(value: Value | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
