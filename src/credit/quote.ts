/**
 * What a provider asks of one requester: prices, the line up to which it computes unpaid, and until when that holds. Signed
 * by its node key; its pay address comes with signatures both ways, so that neither key can be put in place of another.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, verify } from '../address/signed.ts';
import { concat, equal } from '../base/bytes.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress, PayKeys } from '../ports/pay-keys.ts';
import { AMOUNT_BYTES, toBytes } from './amount.ts';
import { EGRESS_KIB_MAX, QUOTE_VALID_MS_MAX } from './limits.ts';
import { digestOf } from './typed-data.ts';

/** Integer units of the asset. What is not metered yet is 0. */
export interface Prices {
  /** A part. */
  readonly part: bigint;
  readonly fuel: bigint;
  readonly memoryTime: bigint;
  readonly storageTime: bigint;
  readonly write: bigint;
  /** A KiB of a part's output, begun ones whole, EGRESS_KIB_MAX of them at most. */
  readonly egress: bigint;
}

export const NO_PRICES: Prices = { part: 0n, fuel: 0n, memoryTime: 0n, storageTime: 0n, write: 0n, egress: 0n };

/** The best voucher that the provider has in a lane. */
export interface HeldSum {
  readonly cumulative: bigint;
  readonly signature: Uint8Array;
  /** How much of it is for parts on the books: the next voucher counts from here. */
  readonly credited: bigint;
}

export interface Quote {
  readonly payee: PayAddress;
  /** Where vouchers are to be honoured; null when nothing is to be paid. */
  readonly chain: Chain | null;
  readonly prices: Prices;
  readonly egressKiBMax: number;
  /** What is computed before it is paid: all that the provider can lose to this requester's purse beside its vouchers. */
  readonly line: bigint;
  /** From an output to its verdict. */
  readonly verdictMs: number;
  /** Unix ms. */
  readonly issuedMs: number;
  readonly validMs: number;
  readonly held: HeldSum | null;
}

export interface SignedQuote extends Quote {
  /** The provider's node key, Ed25519. */
  readonly nodeKey: Uint8Array;
  /** By the node key, over the pay address. */
  readonly keySignature: Uint8Array;
  /** By the pay key, over the node address. */
  readonly binding: Uint8Array;
  /** By the node key, over all of this and the requester's address. */
  readonly signature: Uint8Array;
}

/** A node's two keys, each of which has signed the other. */
export interface Bond {
  readonly nodeKey: Uint8Array;
  readonly payee: PayAddress;
  readonly keySignature: Uint8Array;
  readonly binding: Uint8Array;
}

/** What a part costs whose output has so many bytes. */
export function priceOf({ part, egress }: Prices, egressKiBMax: number, outputBytes: number): bigint {
  return part + egress * BigInt(Math.min(Math.ceil(outputBytes / 1024), egressKiBMax));
}

/** The most that a part can cost. */
export function priceMaxOf({ part, egress }: Pick<Prices, 'part' | 'egress'>, egressKiBMax: number): bigint {
  return part + egress * BigInt(egressKiBMax);
}

/** What a pay key or a session key signs to stand for a node. */
export function bindingDigest(keys: Pick<PayKeys, 'keccak'>, node: HashAddress): Promise<Uint8Array> {
  return digestOf(keys, 'Peersea', 'Binding', [node.bytes]);
}

export async function signQuote(
  key: SigningKey,
  bond: Bond,
  quote: Omit<Quote, 'payee'>,
  requester: HashAddress,
): Promise<SignedQuote> {
  const whole = { ...quote, ...bond };
  return { ...whole, signature: await signFor('quote', key, signedBytes(whole, requester)) };
}

/** Throws BAD_QUOTE unless `provider` signed it for `requester`, its keys stand for each other, and its terms can be met. */
export async function checkQuote(
  crypto: Crypto,
  keys: PayKeys,
  quote: SignedQuote,
  provider: HashAddress,
  requester: HashAddress,
): Promise<void> {
  const { nodeKey, payee } = quote;
  if (!addressOfKey(nodeKey).equals(provider)) throw new SeaError('BAD_QUOTE', 'signed by another node');
  checkTerms(quote);
  try {
    await verify(crypto, 'quote', nodeKey, signedBytes(quote, requester), quote.signature, null);
    await verify(crypto, 'pay-key', nodeKey, payee, quote.keySignature, null);
  } catch (cause) {
    throw new SeaError('BAD_QUOTE', 'a signature does not fit', { cause });
  }
  const signer = await keys.recover(await bindingDigest(keys, provider), quote.binding);
  if (signer === undefined || !equal(signer, payee)) throw new SeaError('BAD_QUOTE', 'the pay key is of another node');
}

function checkTerms({ chain, prices, egressKiBMax, line, validMs }: Quote): void {
  const { fuel, memoryTime, storageTime, write } = prices;
  if (fuel + memoryTime + storageTime + write > 0n)
    throw new SeaError('BAD_QUOTE', 'asks money for what this version does not meter');
  const priceMax = priceMaxOf(prices, egressKiBMax);
  if (egressKiBMax > EGRESS_KIB_MAX || validMs > QUOTE_VALID_MS_MAX)
    throw new SeaError('BAD_QUOTE', 'terms beyond what this version takes');
  if (priceMax > 0n && chain === null) throw new SeaError('BAD_QUOTE', 'asks money and names no chain');
  if (line > 0n && line < priceMax) throw new SeaError('BAD_QUOTE', 'a line that no part fits in');
}

function signedBytes(quote: Omit<SignedQuote, 'signature'>, requester: HashAddress): Uint8Array {
  return encodeValue([...quoteFields(quote), requester.bytes]);
}

/** All but the signature, as it travels. */
export function quoteFields(quote: Omit<SignedQuote, 'signature'>): Value[] {
  const { prices, chain, held } = quote;
  const amount = (value: bigint): Uint8Array => toBytes(value, AMOUNT_BYTES);
  const { part, fuel, memoryTime, storageTime, write, egress } = prices;
  return [
    quote.nodeKey,
    quote.payee,
    quote.keySignature,
    quote.binding,
    chain && concat(toBytes(chain.id, 8), chain.contract),
    [part, fuel, memoryTime, storageTime, write, egress].map(amount),
    quote.egressKiBMax,
    amount(quote.line),
    quote.verdictMs,
    quote.issuedMs,
    quote.validMs,
    held && concat(amount(held.cumulative), amount(held.credited), held.signature),
  ];
}
