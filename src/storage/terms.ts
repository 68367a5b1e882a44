/**
 * What an owner asks of one holder for one shard, and what both sign: the owner with the key that also deletes, so that
 * nobody else starts or renews a lease in its name; the holder with its node key, once it has agreed. The holder compares the
 * bytes with the id alone: a root that is not theirs is the owner's signed lie, which the bytes prove.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, verify } from '../address/signed.ts';
import { encodeValue } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';

/** Public halves of a file's rights, 32 bytes each. */
export interface RightKeys {
  readonly fetchKey: Uint8Array;
  /** Also the lease's name: one lease per delete key. */
  readonly deleteKey: Uint8Array;
  /** For audits by somebody who cannot read; null where nobody was given that right. */
  readonly verifyKey: Uint8Array | null;
}

/** Fits one holder: its address is part of what is signed. */
export interface Terms extends RightKeys {
  /** Digest of the shard's content id. */
  readonly shard: Uint8Array;
  /** Bytes of the shard: with the root, what audits are held against. */
  readonly length: number;
  /** Merkle root over its blocks of 1 KiB, 32 bytes. */
  readonly root: Uint8Array;
  /** Unix time, ms. */
  readonly endsAtMs: number;
}

/** A holder's word that it holds a shard on these terms. */
export interface Acceptance {
  /** The holder's: its address is the hash of it. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** The owner's signature, 64 bytes. `key` is the one whose public half is the terms' delete key. */
export async function signTerms(key: SigningKey, holder: HashAddress, terms: Terms): Promise<Uint8Array> {
  return signFor('storage-terms', key, body(holder, terms));
}

/** Throws NO_RIGHT unless the delete key has signed these terms for this holder. */
export async function checkTerms(
  crypto: Crypto,
  holder: HashAddress,
  terms: Terms,
  signature: Uint8Array,
): Promise<void> {
  try {
    await verify(crypto, 'storage-terms', terms.deleteKey, body(holder, terms), signature, undefined);
  } catch (cause) {
    throw new SeaError('NO_RIGHT', 'the terms are not signed by the key that they name', { cause });
  }
}

/** `key` is the holder's node key. */
export async function acceptTerms(key: SigningKey, terms: Terms): Promise<Acceptance> {
  const { publicKey } = key;
  return { publicKey, signature: await signFor('storage-accept', key, body(addressOfKey(publicKey), terms)) };
}

/** Throws BAD_SIGNATURE unless the holder has accepted these terms. */
export async function checkAcceptance(
  crypto: Crypto,
  holder: HashAddress,
  terms: Terms,
  { publicKey, signature }: Acceptance,
): Promise<void> {
  const { signer } = await verify(crypto, 'storage-accept', publicKey, body(holder, terms), signature, undefined);
  if (!signer.equals(holder)) throw new SeaError('BAD_SIGNATURE', 'another node than the holder accepted');
}

function body(holder: HashAddress, terms: Terms): Uint8Array {
  const { shard, length, root, endsAtMs, fetchKey, deleteKey, verifyKey } = terms;
  return encodeValue([shard, length, root, holder.bytes, endsAtMs, fetchKey, deleteKey, verifyKey]);
}
