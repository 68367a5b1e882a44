/**
 * What SeaPurse's users sign and pack, said once more with ethers: for the golden vectors, the bench, and tests against a
 * chain. The library signs with code of its own (src/credit), which must agree with this byte for byte.
 */

import {
  AbiCoder,
  type BigNumberish,
  concat,
  keccak256,
  type Signature,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
  toBeHex,
  type Wallet,
} from 'ethers';

export interface Voucher {
  readonly payer: string;
  readonly payee: string;
  readonly lane: number;
  readonly cumulative: BigNumberish;
}

export interface TickVoucher extends Voucher {
  readonly root: string;
  readonly tick: BigNumberish;
  readonly max: number;
}

export interface Reserve {
  readonly payer: string;
  readonly payee: string;
  readonly lane: number;
  readonly total: BigNumberish;
  readonly until: BigNumberish;
}

export interface Claim {
  readonly payer: string;
  readonly key: string;
  readonly lane: number;
  readonly to: string;
  readonly maxFee: BigNumberish;
  readonly onlyWhileUnlocking: boolean;
  readonly deadline: BigNumberish;
}

export interface Release {
  readonly payer: string;
  readonly key: string;
  readonly lane: number;
  readonly cumulativePaid: BigNumberish;
}

/** By primary type. */
export interface Messages {
  readonly Voucher: Voucher;
  readonly TickVoucher: TickVoucher;
  readonly Reserve: Reserve;
  readonly Claim: Claim;
  readonly Release: Release;
}

export type PrimaryType = keyof Messages;

/** The members of each struct, in the order that is hashed. */
export const types: { readonly [T in PrimaryType]: TypedDataField[] } = {
  Voucher: members('address payer,address payee,uint8 lane,uint96 cumulative'),
  TickVoucher: members('address payer,address payee,uint8 lane,uint96 cumulative,bytes32 root,uint96 tick,uint16 max'),
  Reserve: members('address payer,address payee,uint8 lane,uint96 total,uint48 until'),
  Claim: members(
    'address payer,address key,uint8 lane,address to,uint96 maxFee,bool onlyWhileUnlocking,uint48 deadline',
  ),
  Release: members('address payer,address key,uint8 lane,uint96 cumulativePaid'),
};

/** The EIP-712 domain of one deployment. */
export function domainOf(chainId: BigNumberish, verifyingContract: string): TypedDataDomain {
  return { name: 'SeaPurse', version: '1', chainId, verifyingContract };
}

/** hashStruct of EIP-712. */
export function structHash<T extends PrimaryType>(type: T, message: Messages[T]): string {
  return TypedDataEncoder.hashStruct(type, { [type]: types[type] }, message);
}

/** What is signed. */
export function digestOf<T extends PrimaryType>(domain: TypedDataDomain, type: T, message: Messages[T]): string {
  return TypedDataEncoder.hash(domain, { [type]: types[type] }, message);
}

/** Signs as the contract wants it; deterministic (RFC 6979). */
export function sign<T extends PrimaryType>(
  wallet: Pick<Wallet, 'signingKey'>,
  domain: TypedDataDomain,
  type: T,
  message: Messages[T],
): Signature {
  return wallet.signingKey.sign(digestOf(domain, type, message));
}

/** EIP-2098 in two words, the contract's `Signature`. */
export function compact(signature: Signature): { r: string; vs: string } {
  return { r: signature.r, vs: signature.yParityAndS };
}

/** 97 bytes of `redeemBatch`: payer, lane, cumulative, signature. */
export function packVoucher({ payer, lane, cumulative }: Voucher, signature: Signature): string {
  return concat([payer, toBeHex(lane, 1), toBeHex(cumulative, 12), signature.compactSerialized]);
}

/** The root of a chain: `preimage` hashed `times` times. */
export function hashTimes(preimage: string, times: number): string {
  let value = preimage;
  for (let i = 0; i < times; i++) value = keccak256(value);
  return value;
}

/** Where the contract keeps a lane: its key in the mapping of lanes. */
export function laneId(payer: string, key: string, payee: string, lane: number): string {
  return keccak256(
    AbiCoder.defaultAbiCoder().encode(['address', 'address', 'address', 'uint8'], [payer, key, payee, lane]),
  );
}

function members(list: string): TypedDataField[] {
  return list.split(',').map(member => {
    const [type = '', name = ''] = member.split(' ');
    return { type, name };
  });
}
