/**
 * The bodies of this service's calls, both from a requester to a provider that it has a link to. A body is a CBOR array;
 * every decoder is total and throws BAD_MESSAGE, nothing else. Amounts are 12 bytes, big-endian.
 *
 * | scope           | request                                       | answer                                    |
 * |-----------------|-----------------------------------------------|-------------------------------------------|
 * | `credit:quote`  | [1, purse or null]                            | [1, the quote's fields …, signature]      |
 * | `credit:settle` | [id, voucher or null, accepted, ended]        | [signature or null, unknown, computed]    |
 *
 * purse: [payer, session key, lane, the session key's signature over the requester's node address]. voucher: 97 bytes.
 * accepted: [subtask, SHA-256 of the output, price] each; ended: subtasks. unknown: places in accepted of which the
 * provider has no record; computed: [place in ended, SHA-256 of the output] for what was computed all the same.
 */

import type { Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import type { Body } from '../rpc/exchange.ts';
import { Reader } from '../wire/reader.ts';
import { AMOUNT_BYTES, fromBytes, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import { BATCH_MAX } from './limits.ts';
import { type Prices, quoteFields, type SignedQuote } from './quote.ts';
import { SUBTASK_BYTES } from './receipt.ts';
import { PACKED_BYTES, packVoucher, SIGNATURE_BYTES, type SignedVoucher, unpackVoucher } from './voucher.ts';

export const scopes = { quote: 'credit:quote', settle: 'credit:settle' } as const;

const VERSION = 1;
const HASH_BYTES = 32;
const CHAIN_BYTES = 8 + PAY_ADDRESS_BYTES;
const HELD_BYTES = 2 * AMOUNT_BYTES + SIGNATURE_BYTES;
const PRICES = 6;
/** Drawn for each settlement: the same again is the same settlement. */
export const SETTLEMENT_ID_BYTES = 8;

/** A purse that the requester shows: whose, and that it has its session key. */
export interface ShownPurse {
  readonly payer: PayAddress;
  readonly key: PayAddress;
  readonly lane: number;
  /** By the session key, over the requester's node address. */
  readonly binding: Uint8Array;
}

export interface Accepted {
  readonly subtask: Uint8Array;
  readonly outputHash: Uint8Array;
  readonly price: bigint;
}

export interface SettleRequest {
  readonly id: Uint8Array;
  readonly voucher: SignedVoucher | null;
  readonly accepted: readonly Accepted[];
  readonly ended: readonly Uint8Array[];
}

export interface SettleAnswer {
  /** By the provider's pay key over the receipts of what was accepted and is known; null when that is nothing. */
  readonly signature: Uint8Array | null;
  readonly unknown: readonly number[];
  readonly computed: readonly { readonly place: number; readonly outputHash: Uint8Array }[];
}

export function writeQuoteRequest(purse: ShownPurse | null): Body {
  return { value: [VERSION, purse && [purse.payer, purse.key, purse.lane, purse.binding]] };
}

export function readQuoteRequest(body: Body): ShownPurse | null {
  const reader = new Reader(body.value, scopes.quote);
  readVersion(reader);
  const purse = reader.nullable(it => readPurse(it.value('purse')));
  reader.end();
  return purse;
}

export function writeQuote(quote: SignedQuote): Body {
  return { value: [VERSION, ...quoteFields(quote), quote.signature] };
}

/** Total; signatures and terms are checked by `checkQuote`. */
export function readQuote(body: Body): SignedQuote {
  const reader = new Reader(body.value, 'quote');
  readVersion(reader);
  const quote = {
    nodeKey: reader.bytes('nodeKey', 32),
    payee: reader.bytes('payee', PAY_ADDRESS_BYTES),
    keySignature: reader.bytes('keySignature', 64),
    binding: reader.bytes('binding', SIGNATURE_BYTES),
    chain: reader.nullable(it => readChain(it.bytes('chain', CHAIN_BYTES))),
    prices: readPrices(reader),
    egressKiBMax: reader.uint('egressKiBMax'),
    line: readAmount(reader, 'line'),
    verdictMs: reader.uint('verdictMs'),
    issuedMs: reader.uint('issuedMs'),
    validMs: reader.uint('validMs'),
    held: reader.nullable(it => readHeld(it.bytes('held', HELD_BYTES))),
    signature: reader.bytes('signature', 64),
  };
  reader.end();
  return quote;
}

export function writeSettleRequest({ id, voucher, accepted, ended }: SettleRequest): Body {
  const parts = accepted.map(({ subtask, outputHash, price }) => [subtask, outputHash, toBytes(price, AMOUNT_BYTES)]);
  return { value: [id, voucher && packVoucher(voucher), parts, [...ended]] };
}

export function readSettleRequest(body: Body): SettleRequest {
  const reader = new Reader(body.value, scopes.settle);
  const id = reader.bytes('id', SETTLEMENT_ID_BYTES);
  const voucher = reader.nullable(it => unpackVoucher(it.bytes('voucher', PACKED_BYTES)));
  const accepted = reader.list('accepted', BATCH_MAX, readAccepted);
  const ended = reader.list('ended', BATCH_MAX, item => new Reader([item], 'ended').bytes('subtask', SUBTASK_BYTES));
  reader.end();
  return { id, voucher, accepted, ended };
}

export function writeSettleAnswer({ signature, unknown, computed }: SettleAnswer): Body {
  return { value: [signature, [...unknown], computed.map(({ place, outputHash }) => [place, outputHash])] };
}

export function readSettleAnswer(body: Body): SettleAnswer {
  const reader = new Reader(body.value, 'settlement');
  const place = (item: Reader): number => item.uint('place', BATCH_MAX - 1);
  const signature = reader.nullable(it => it.bytes('signature', SIGNATURE_BYTES));
  const unknown = reader.list('unknown', BATCH_MAX, item => place(new Reader([item], 'unknown')));
  const computed = reader.list('computed', BATCH_MAX, item => {
    const fields = new Reader(item, 'computed');
    const read = { place: place(fields), outputHash: fields.bytes('outputHash', HASH_BYTES) };
    fields.end();
    return read;
  });
  reader.end();
  return { signature, unknown, computed };
}

function readVersion(reader: Reader): void {
  if (reader.uint('version') !== VERSION)
    throw new SeaError('BAD_MESSAGE', 'a version of credit that is not known here');
}

function readPurse(value: Value): ShownPurse {
  const reader = new Reader(value, 'purse');
  const purse = {
    payer: reader.bytes('payer', PAY_ADDRESS_BYTES),
    key: reader.bytes('key', PAY_ADDRESS_BYTES),
    lane: reader.uint('lane', 255),
    binding: reader.bytes('binding', SIGNATURE_BYTES),
  };
  reader.end();
  return purse;
}

function readAccepted(value: Value): Accepted {
  const reader = new Reader(value, 'accepted');
  const accepted = {
    subtask: reader.bytes('subtask', SUBTASK_BYTES),
    outputHash: reader.bytes('outputHash', HASH_BYTES),
    price: readAmount(reader, 'price'),
  };
  reader.end();
  return accepted;
}

function readPrices(reader: Reader): Prices {
  const amounts = reader.list('prices', PRICES, item => readAmount(new Reader([item], 'prices'), 'price'));
  if (amounts.length < PRICES) throw new SeaError('BAD_MESSAGE', 'a quote without all prices');
  const [part, fuel, memoryTime, storageTime, write, egress] = amounts as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return { part, fuel, memoryTime, storageTime, write, egress };
}

function readChain(bytes: Uint8Array): SignedQuote['chain'] {
  return { id: fromBytes(bytes.subarray(0, 8)), contract: bytes.slice(8) };
}

function readHeld(bytes: Uint8Array): SignedQuote['held'] {
  return {
    cumulative: fromBytes(bytes.subarray(0, AMOUNT_BYTES)),
    credited: fromBytes(bytes.subarray(AMOUNT_BYTES, 2 * AMOUNT_BYTES)),
    signature: bytes.slice(2 * AMOUNT_BYTES),
  };
}

function readAmount(reader: Reader, name: string): bigint {
  return fromBytes(reader.bytes(name, AMOUNT_BYTES));
}
