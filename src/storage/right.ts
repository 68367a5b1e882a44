/**
 * Rights as keys: each is an Ed25519 key whose public half stands in the lease of a shard. Showing one is a signature over
 * what is wanted, the shard, the holder and the holder's challenge, so that it fits no other.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { signFor, verify } from '../address/signed.ts';
import { encodeValue } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';

export type Right = 'fetch' | 'delete';

/** A right as it is shown to a holder. */
export interface ShownRight {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The holder's, 24 bytes. */
  readonly challenge: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Shows `right` on a shard to a holder. */
export async function showRight(
  right: Right,
  key: SigningKey,
  shard: Uint8Array,
  holder: HashAddress,
  challenge: Uint8Array,
): Promise<ShownRight> {
  const signature = await signFor('storage-right', key, body(right, shard, holder, challenge));
  return { publicKey: key.publicKey, challenge, signature };
}

/** Throws NO_RIGHT unless the signature fits. That its key stands in a lease is for the caller to see. */
export async function checkRight(
  crypto: Crypto,
  right: Right,
  shard: Uint8Array,
  holder: HashAddress,
  shown: ShownRight,
): Promise<void> {
  const { publicKey, challenge, signature } = shown;
  try {
    await verify(crypto, 'storage-right', publicKey, body(right, shard, holder, challenge), signature, undefined);
  } catch (cause) {
    throw new SeaError('NO_RIGHT', `the right to ${right} is not shown`, { cause });
  }
}

function body(right: Right, shard: Uint8Array, holder: HashAddress, challenge: Uint8Array): Uint8Array {
  return encodeValue([right, shard, holder.bytes, challenge]);
}
