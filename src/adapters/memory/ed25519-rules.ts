/**
 * Which Ed25519 public keys and signatures are looked at at all. Libraries differ on the edge cases that RFC 8032 leaves
 * open (Chalkias, Garillot, Nikolaenko 2020, "Taming the many EdDSAs"), so every implementation of the crypto port asks
 * here first and then checks the equation SB = R + kA without the cofactor, as OpenSSL, BoringSSL and HACL* do. What is
 * refused here never comes from an honest signer, and WebCrypto's own text (Secure Curves, "Verify") refuses it too.
 */

import { fromHex } from '../../base/bytes.ts';

export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

const POINT_BYTES = 32;

/** 2^255 - 19, little-endian: the field's prime, above every canonical y. */
const PRIME = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** 2^252 + 27742317777372353535851937790883648493, little-endian: the group's order, above every canonical S. */
const ORDER = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');

/** The y coordinates of the eight points whose order divides 8: 0, 1, -1 and the two of order 8. */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  fromHex('0000000000000000000000000000000000000000000000000000000000000000'),
  fromHex('0100000000000000000000000000000000000000000000000000000000000000'),
  fromHex('ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'),
  fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
  fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
];

/**
 * True for 32 bytes that are a canonical y (below the prime) and no point of small order. Whether the curve has a point
 * there, the implementation finds out.
 */
export function isFitPublicKey(publicKey: Uint8Array): boolean {
  return publicKey.length === PUBLIC_KEY_BYTES && isFitPoint(publicKey);
}

/** True for 64 bytes: a fit point R, then S below the order of the group (RFC 8032 §5.1.7). */
export function isFitSignature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  return isFitPoint(signature.subarray(0, POINT_BYTES)) && isBelow(signature.subarray(POINT_BYTES), ORDER);
}

function isFitPoint(encoded: Uint8Array): boolean {
  const y = new Uint8Array(encoded); // a copy, also of a Buffer
  y[POINT_BYTES - 1]! &= 0x7f; // the top bit is the sign of x
  return isBelow(y, PRIME) && !SMALL_ORDER_Y.some(small => small.every((byte, i) => byte === y[i]));
}

/** Little-endian numbers of equal length. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = b.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}
