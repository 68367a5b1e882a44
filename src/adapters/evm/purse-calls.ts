/** What can be asked of SeaPurse by a transaction, as values; and the bytes of each. */

import { concat, getAddress, hexlify } from 'ethers';
import { SeaError } from '../../base/errors.ts';
import { BATCH_VOUCHERS_MAX } from './limits.ts';
import { purseInterface } from './purse-abi.ts';

/** An account: 20 bytes, or 0x and their 40 hex digits. */
export type Account = string | Uint8Array;

/** 64 bytes as in EIP-2098, or 0x and their hex digits. */
export type CompactSignature = string | Uint8Array;

export interface SignedVoucher {
  readonly payer: Account;
  readonly payee: Account;
  readonly lane: number;
  readonly cumulative: bigint;
  /** By the purse's session key. */
  readonly signature: CompactSignature;
}

export interface SignedClaim {
  readonly payer: Account;
  /** The session key of the purse. */
  readonly key: Account;
  readonly lane: number;
  readonly to: Account;
  readonly maxFee: bigint;
  readonly onlyWhileUnlocking: boolean;
  /** Unix seconds. */
  readonly deadline: number | bigint;
  /** By the payee. */
  readonly signature: CompactSignature;
}

/** Amounts in the asset's smallest unit; times in Unix seconds. */
export type PurseCall =
  | { readonly call: 'open'; readonly key: Account; readonly amount: bigint; readonly expiry: number }
  | { readonly call: 'topUp'; readonly payer: Account; readonly key: Account; readonly amount: bigint }
  | { readonly call: 'requestUnlock'; readonly key: Account }
  | { readonly call: 'withdraw'; readonly key: Account }
  | { readonly call: 'redeemBatch'; readonly payee: Account; readonly packed: readonly (string | Uint8Array)[] }
  | { readonly call: 'claimFor'; readonly voucher: SignedVoucher; readonly claim: SignedClaim; readonly fee: bigint }
  | { readonly call: 'take' };

/** 0x and 40 hex digits with their checksum. Throws BAD_ARGUMENT. */
export function accountText(account: Account): string {
  try {
    return getAddress(typeof account === 'string' ? account.toLowerCase() : hexlify(account));
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', 'an account is 0x and 40 hex digits', { cause });
  }
}

/** Money that goes into the contract with a call. */
export function depositOf(call: PurseCall): bigint {
  return call.call === 'open' || call.call === 'topUp' ? call.amount : 0n;
}

/** The data of the transaction. Throws BAD_ARGUMENT. */
export function encodeCall(call: PurseCall): string {
  const args = argumentsOf(call);
  try {
    return purseInterface.encodeFunctionData(call.call, args);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', `${call.call}: a value does not fit`, { cause });
  }
}

function argumentsOf(call: PurseCall): unknown[] {
  switch (call.call) {
    case 'open':
      return [accountText(call.key), call.expiry, call.amount];
    case 'topUp':
      return [accountText(call.payer), accountText(call.key), call.amount];
    case 'requestUnlock':
    case 'withdraw':
      return [accountText(call.key)];
    case 'redeemBatch':
      return [accountText(call.payee), packedBatch(call.packed)];
    case 'claimFor':
      return claimArguments(call.voucher, call.claim, call.fee);
    case 'take':
      return [];
  }
}

function packedBatch(packed: readonly (string | Uint8Array)[]): string {
  if (packed.length === 0 || packed.length > BATCH_VOUCHERS_MAX)
    throw new SeaError('BAD_ARGUMENT', `a batch has 1 to ${BATCH_VOUCHERS_MAX} vouchers, not ${packed.length}`);
  return concat(packed.map(hex));
}

function claimArguments(voucher: SignedVoucher, claim: SignedClaim, fee: bigint): unknown[] {
  const { lane, cumulative } = voucher;
  return [
    [accountText(voucher.payer), accountText(voucher.payee), lane, cumulative],
    words(voucher.signature),
    [
      accountText(claim.payer),
      accountText(claim.key),
      claim.lane,
      accountText(claim.to),
      claim.maxFee,
      claim.onlyWhileUnlocking,
      claim.deadline,
    ],
    words(claim.signature),
    fee,
  ];
}

/** r and vs. */
function words(signature: CompactSignature): [string, string] {
  const digits = hex(signature).slice(2);
  if (digits.length !== 128) throw new SeaError('BAD_ARGUMENT', 'a signature has 64 bytes');
  return [`0x${digits.slice(0, 64)}`, `0x${digits.slice(64)}`];
}

function hex(bytes: string | Uint8Array): string {
  try {
    return hexlify(bytes);
  } catch (cause) {
    throw new SeaError('BAD_ARGUMENT', 'bytes are a Uint8Array, or 0x and hex digits', { cause });
  }
}
