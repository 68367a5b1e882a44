/**
 * What a provider says of itself under the key 'compute:providers', to be read before anybody dials it: a map in canonical
 * CBOR. Keys that a reader does not know it passes over. The record around it is signed by the node key.
 *
 * | key      | value                                                                                    |
 * |----------|------------------------------------------------------------------------------------------|
 * | slots    | contributed now                                                                          |
 * | features | names that a manifest may ask for beyond what every provider of this version has         |
 * | price    | absent where nothing is asked: a map of part, egress (12 bytes, big-endian), chain (id in 8 |
 * |          | bytes, contract in 20), payee (20), binding (64) and free                                |
 */

import { fromBytes, toBytes } from '../base/amount.ts';
import { concat } from '../base/bytes.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress } from '../ports/pay-keys.ts';
import { FEATURE_LENGTH_MAX, FEATURES_MAX, SLOTS_MAX } from './limits.ts';

/** Where contributors say that they are there. */
export const PROVIDERS_KEY = 'compute:providers';

/** What a provider asks; what holds is the quote that it signs for one requester. */
export interface AskedPrice {
  /** For a part, and for a KiB of its output, in the smallest unit of the chain's asset. */
  readonly part: bigint;
  readonly egress: bigint;
  /** Where vouchers are to be honoured. */
  readonly chain: Chain;
  /** The pay key; the record says so in the node key's name … */
  readonly payee: PayAddress;
  /** … and 64 bytes by the pay key say that it stands for the node. */
  readonly binding: Uint8Array;
  /** Strangers without a purse are computed for as a gift. */
  readonly free: boolean;
}

export interface ProviderRecord {
  readonly slots: number;
  readonly features: readonly string[];
  /** Undefined: nothing is asked, as far as it is said. */
  readonly price: AskedPrice | undefined;
}

export function writeProviderRecord({ slots, features, price }: ProviderRecord): Uint8Array {
  return encodeValue({ slots, features, ...(price && { price: writePrice(price) }) });
}

/** The record in an announced value; undefined for what is none. */
export function readProviderRecord(bytes: Uint8Array): ProviderRecord | undefined {
  try {
    const { slots, features, price } = decodeValue(bytes) as { readonly [key: string]: Value };
    const whole = Number.isInteger(slots) && (slots as number) >= 1 && (slots as number) <= SLOTS_MAX;
    if (!whole || !Array.isArray(features) || features.length > FEATURES_MAX || !features.every(isFeature)) return;
    return { slots: slots as number, features, price: price === undefined ? undefined : readPrice(price) };
  } catch {
    return undefined; // a stranger may announce anything
  }
}

function isFeature(feature: unknown): boolean {
  return typeof feature === 'string' && feature.length <= FEATURE_LENGTH_MAX;
}

function writePrice({ part, egress, chain, payee, binding, free }: AskedPrice): Value {
  const place = concat(toBytes(chain.id, 8), chain.contract);
  return { part: toBytes(part, 12), egress: toBytes(egress, 12), chain: place, payee, binding, free };
}

/** Throws when it is none. */
function readPrice(value: Value): AskedPrice {
  const { part, egress, chain, payee, binding, free } = value as { readonly [key: string]: Value };
  const place = bytesOf(chain, 28);
  return {
    part: fromBytes(bytesOf(part, 12)),
    egress: fromBytes(bytesOf(egress, 12)),
    chain: { id: fromBytes(place.subarray(0, 8)), contract: place.subarray(8) },
    payee: bytesOf(payee, 20),
    binding: bytesOf(binding, 64),
    free: free === true,
  };
}

function bytesOf(value: Value | undefined, length: number): Uint8Array {
  if (value instanceof Uint8Array && value.length === length) return value;
  throw new TypeError(`${length} bytes are expected`);
}
