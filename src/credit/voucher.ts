/** Vouchers: what a lane has earned since its beginning, signed by the session key of the purse that pays. */

import { concat } from '../base/bytes.ts';
import type { Chain } from '../ports/ledger.ts';
import type { PayAddress, PayKey, PayKeys } from '../ports/pay-keys.ts';
import { AMOUNT_BYTES, fromBytes, PAY_ADDRESS_BYTES, toBytes } from './amount.ts';
import { digestOf } from './typed-data.ts';

export const SIGNATURE_BYTES = 64;
/** Payer, lane, cumulative, signature. */
export const PACKED_BYTES: number = PAY_ADDRESS_BYTES + 1 + AMOUNT_BYTES + SIGNATURE_BYTES;

/** All but the payee, who is clear from where it is said. */
export interface SignedVoucher {
  readonly payer: PayAddress;
  readonly lane: number;
  readonly cumulative: bigint;
  /** 64 bytes, EIP-2098. */
  readonly signature: Uint8Array;
}

export async function signVoucher(
  keys: PayKeys,
  key: PayKey,
  chain: Chain,
  payee: PayAddress,
  voucher: Omit<SignedVoucher, 'signature'>,
): Promise<SignedVoucher> {
  return { ...voucher, signature: key.sign(await voucherDigest(keys, chain, payee, voucher)) };
}

/** The session key that signed it; undefined where the signature is nobody's. */
export async function voucherSigner(
  keys: PayKeys,
  chain: Chain,
  payee: PayAddress,
  voucher: SignedVoucher,
): Promise<PayAddress | undefined> {
  return keys.recover(await voucherDigest(keys, chain, payee, voucher), voucher.signature);
}

/** As `redeemBatch` takes it: PACKED_BYTES. */
export function packVoucher({ payer, lane, cumulative, signature }: SignedVoucher): Uint8Array<ArrayBuffer> {
  return concat(payer, Uint8Array.of(lane), toBytes(cumulative, AMOUNT_BYTES), signature);
}

/** Of PACKED_BYTES; nothing is checked. */
export function unpackVoucher(packed: Uint8Array): SignedVoucher {
  const amountEnd = PAY_ADDRESS_BYTES + 1 + AMOUNT_BYTES;
  return {
    payer: packed.slice(0, PAY_ADDRESS_BYTES),
    lane: packed[PAY_ADDRESS_BYTES]!,
    cumulative: fromBytes(packed.subarray(PAY_ADDRESS_BYTES + 1, amountEnd)),
    signature: packed.slice(amountEnd, PACKED_BYTES),
  };
}

function voucherDigest(
  keys: PayKeys,
  chain: Chain,
  payee: PayAddress,
  { payer, lane, cumulative }: Omit<SignedVoucher, 'signature'>,
): Promise<Uint8Array> {
  return digestOf(keys, chain, 'Voucher', [payer, payee, BigInt(lane), cumulative]);
}
