/**
 * Receipts: what was computed for whom, in bytes of fixed places so that a contract can read them, and their Merkle root,
 * which the provider's pay key signs for up to BATCH_MAX of them at once. Two by one key that say different things of one
 * subtask contradict each other and are proof.
 *
 * | bytes | what                                                  |
 * |-------|-------------------------------------------------------|
 * | 1     | version, 1                                            |
 * | 1     | class: 0 a gift, 1 paid by voucher                    |
 * | 1     | engine: 1 WebAssembly, the same result on every device |
 * | 16    | subtask                                               |
 * | 32    | bundle: SHA-256 of its manifest, which names the module |
 * | 32    | SHA-256 of the input                                  |
 * | 32    | SHA-256 of the output                                 |
 * | 8     | fuel used; 0: it was not metered                      |
 * | 12    | price                                                 |
 * | 32    | the requester's node address                          |
 * | 32    | the provider's node address                           |
 * | 20    | the provider's pay address                            |
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../base/bytes.ts';
import type { PayAddress, PayKeys } from '../ports/pay-keys.ts';
import { AMOUNT_BYTES, toBytes } from './amount.ts';
import { digestOf } from './typed-data.ts';

/** 8 drawn at random for the map, then the part's index: alike for every attempt at it. */
export const SUBTASK_BYTES = 16;

const VERSION = 1;
const WEB_ASSEMBLY = 1;
const FUEL_UNMETERED = new Uint8Array(8);

/** What differs between the receipts of one provider for one requester. */
export interface ReceiptPart {
  readonly paid: boolean;
  readonly subtask: Uint8Array;
  readonly bundle: Uint8Array;
  readonly inputHash: Uint8Array;
  readonly outputHash: Uint8Array;
  readonly price: bigint;
}

export interface ReceiptParties {
  /** Node addresses, 32 bytes. */
  readonly requester: Uint8Array;
  readonly provider: Uint8Array;
  readonly payee: PayAddress;
}

/** The canonical bytes of one receipt: 219. */
export function receiptBytes(
  part: ReceiptPart,
  { requester, provider, payee }: ReceiptParties,
): Uint8Array<ArrayBuffer> {
  return concat(
    Uint8Array.of(VERSION, part.paid ? 1 : 0, WEB_ASSEMBLY),
    part.subtask,
    part.bundle,
    part.inputHash,
    part.outputHash,
    FUEL_UNMETERED,
    toBytes(part.price, AMOUNT_BYTES),
    requester,
    provider,
    payee,
  );
}

/** Leaf H(0x00‖receipt), node H(0x01‖left‖right), an odd node is promoted, root H(0x02‖count as u64‖top). Not of none. */
export function receiptsRoot(receipts: readonly Uint8Array[]): Uint8Array {
  let level: Uint8Array[] = receipts.map(receipt => sha256(concat(Uint8Array.of(0), receipt)));
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) next.push(sha256(concat(Uint8Array.of(1), level[i]!, level[i + 1]!)));
    if (level.length % 2 === 1) next.push(level.at(-1)!);
    level = next;
  }
  return sha256(concat(Uint8Array.of(2), toBytes(BigInt(receipts.length), 8), level[0]!));
}

/** What the provider's pay key signs for these parts. */
export function receiptsDigest(
  keys: Pick<PayKeys, 'keccak'>,
  parts: readonly ReceiptPart[],
  parties: ReceiptParties,
): Promise<Uint8Array> {
  return digestOf(keys, 'Peersea', 'Receipts', [receiptsRoot(parts.map(part => receiptBytes(part, parties)))]);
}
