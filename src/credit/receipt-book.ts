/** Receipts as this device keeps them: those under one signature in one entry, what they share said once. */

import { ContentId } from '../address/content-id.ts';
import { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ReceiptKind, ReceiptStore } from '../ports/receipt-store.ts';
import { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, formatPayAddress, fromBytes, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import { BATCH_MAX } from './limits.ts';
import { type ReceiptPart, type ReceiptParties, SUBTASK_BYTES } from './receipt.ts';
import type { ReceiptView } from './views.ts';
import { SIGNATURE_BYTES } from './voucher.ts';

const HASH_BYTES = 32;

/** Receipts under one signature. */
export interface SignedReceipts {
  readonly parties: ReceiptParties;
  readonly parts: readonly ReceiptPart[];
  /** By the provider's pay key, over `receiptsDigest`. */
  readonly signature: Uint8Array;
}

export class ReceiptBook {
  readonly #store: ReceiptStore;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(store: ReceiptStore, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  /** Keeps them meanwhile. Losing one costs history, no money: a failure is logged. */
  keep(kind: ReceiptKind, receipts: SignedReceipts): void {
    const bytes = encodeValue(write(receipts, this.#clock.wallMs()));
    this.#store.add(kind, { bytes, count: receipts.parts.length }).catch((error: unknown) => {
      this.#log.write('warn', 'receipts could not be kept', { error });
    });
  }

  /** The newest, newest first. Throws NO_STORAGE. */
  async newest(kind: ReceiptKind, limit: number): Promise<ReceiptView[]> {
    const entries = await this.#store.newest(kind, limit);
    return entries.flatMap(({ bytes }) => this.#views(bytes)).slice(0, limit);
  }

  #views(bytes: Uint8Array): ReceiptView[] {
    try {
      const { parties, parts, keptMs } = read(new Reader(decodeValue(bytes), 'receipts'));
      return parts.map(part => viewOf(part, parties, keptMs)).reverse();
    } catch (error) {
      this.#log.write('warn', 'kept receipts cannot be read', { error });
      return [];
    }
  }
}

function viewOf(part: ReceiptPart, parties: ReceiptParties, keptMs: number): ReceiptView {
  return {
    keptMs,
    class: part.paid ? 'paid' : 'gift',
    subtask: toHex(part.subtask),
    bundle: ContentId.fromDigest(part.bundle).toString(),
    input: toHex(part.inputHash),
    output: toHex(part.outputHash),
    price: part.price,
    requester: HashAddress.from(parties.requester).toString(),
    provider: HashAddress.from(parties.provider).toString(),
    payee: formatPayAddress(parties.payee),
  };
}

function write({ parties, parts, signature }: SignedReceipts, keptMs: number): Value {
  const { requester, provider, payee } = parties;
  const written = parts.map(({ paid, subtask, bundle, inputHash, outputHash, price }) => [
    paid,
    subtask,
    bundle,
    inputHash,
    outputHash,
    toBytes(price, AMOUNT_BYTES),
  ]);
  return [Math.floor(keptMs), requester, provider, payee, signature, written];
}

function read(reader: Reader): SignedReceipts & { keptMs: number } {
  const keptMs = reader.uint('keptMs');
  const parties = {
    requester: reader.bytes('requester', HASH_BYTES),
    provider: reader.bytes('provider', HASH_BYTES),
    payee: reader.bytes('payee', PAY_ADDRESS_BYTES),
  };
  const signature = reader.bytes('signature', SIGNATURE_BYTES);
  const parts = reader.list('parts', BATCH_MAX, item => readPart(new Reader(item, 'receipt')));
  reader.end();
  return { keptMs, parties, parts, signature };
}

function readPart(reader: Reader): ReceiptPart {
  return {
    paid: reader.flag('paid'),
    subtask: reader.bytes('subtask', SUBTASK_BYTES),
    bundle: reader.bytes('bundle', HASH_BYTES),
    inputHash: reader.bytes('inputHash', HASH_BYTES),
    outputHash: reader.bytes('outputHash', HASH_BYTES),
    price: fromBytes(reader.bytes('price', AMOUNT_BYTES)),
  };
}
