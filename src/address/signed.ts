/**
 * Signatures with a purpose. Every signed message starts with a domain tag, so that a signature made for one purpose
 * never passes for another. `Verified<T>` is the type that says "the signature was checked": only `verify` makes it.
 */

import { concat, utf8Encode } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import { HashAddress } from './hash-address.ts';

/** One tag per kind of signed message; the text is part of what is signed. */
export type Domain =
  | 'handshake'
  | 'peer-record'
  | 'con'
  | 'announcement'
  | 'channel'
  | 'channel-member'
  | 'storage-right'
  | 'storage-terms'
  | 'storage-accept'
  | 'pay-key'
  | 'quote';

declare const checked: unique symbol;

/** A value whose signature was checked, with the address of the node that signed it. */
export type Verified<T> = { readonly value: T; readonly signer: HashAddress } & { readonly [checked]: true };

/** A node's address: the SHA-256 of its Ed25519 public key (32 bytes). */
export function addressOfKey(publicKey: Uint8Array): HashAddress {
  return HashAddress.hash(publicKey);
}

/** The 64-byte signature of `body` for the given purpose. */
export async function signFor(domain: Domain, key: SigningKey, body: Uint8Array): Promise<Uint8Array> {
  return key.sign(tagged(domain, body));
}

/** The value, marked as verified. Throws BAD_SIGNATURE. */
export async function verify<T>(
  crypto: Crypto,
  domain: Domain,
  publicKey: Uint8Array,
  body: Uint8Array,
  signature: Uint8Array,
  value: T,
): Promise<Verified<T>> {
  if (!(await crypto.verify(publicKey, tagged(domain, body), signature))) {
    throw new SeaError('BAD_SIGNATURE', `the ${domain} signature does not fit`);
  }
  return { value, signer: addressOfKey(publicKey) } as Verified<T>;
}

function tagged(domain: Domain, body: Uint8Array): Uint8Array {
  return concat(utf8Encode(`peersea/${domain}\0`), body);
}
