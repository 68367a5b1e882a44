/**
 * Ed25519 in JavaScript, synchronous: for the simulator and for platforms whose WebCrypto lacks it. The only file that
 * imports @noble/ed25519. Verification is written out on its points because the package's own equation has the cofactor:
 * it would accept signatures that native implementations refuse.
 */

import { etc, getPublicKey, hashes, Point, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal, toHex } from '../../base/bytes.ts';
import { isFitPublicKey, isFitSignature } from './ed25519-rules.ts';

hashes.sha512 = sha512; // the package's synchronous half has none of its own

const ORDER = Point.CURVE().n;

/** The 32-byte public key of a 32-byte private seed (RFC 8032 §5.1.5). */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return getPublicKey(seed);
}

/** The 64-byte signature of `message` (RFC 8032 §5.1.6). */
export function signWith(seed: Uint8Array, message: Uint8Array): Uint8Array {
  return sign(message, seed);
}

/** True when the signature fits by the rules of `ed25519-rules.ts`. Never throws, whatever the lengths. */
export function verifyStrictly(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isFitPublicKey(publicKey) || !isFitSignature(signature)) return false;
  const key = decodePoint(publicKey);
  if (key === undefined) return false;
  const r = signature.subarray(0, 32);
  const s = numberOf(signature.subarray(32));
  const challenge = etc.mod(numberOf(sha512(concat(r, publicKey, message))), ORDER);
  const expected = Point.BASE.multiply(s, false).subtract(key.multiply(challenge, false));
  return equal(expected.toBytes(), r);
}

function decodePoint(encoded: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(encoded);
  } catch {
    return undefined; // no point of the curve has this y
  }
}

/** Little-endian, as all numbers of RFC 8032. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.slice().reverse())}`);
}
