/**
 * X25519 (RFC 7748 §5) in plain integers: for the simulator and for several nodes in one process. Not constant in time
 * and slow, so nothing that faces strangers uses it.
 */

import { toHex } from '../../base/bytes.ts';

const PRIME = (1n << 255n) - 19n;
const A24 = 121_665n;
const BASE_POINT = 9n;

/** The public key of a 32-byte secret. */
export function x25519Public(secret: Uint8Array): Uint8Array {
  return ladder(secret, BASE_POINT);
}

/** The 32-byte shared secret; all zero for a partner's key of small order (RFC 7748 §6.1). */
export function x25519Shared(secret: Uint8Array, theirs: Uint8Array): Uint8Array {
  const masked = theirs.slice();
  masked[31]! &= 0x7f;
  return ladder(secret, numberOf(masked) % PRIME);
}

/** The Montgomery ladder, step by step as RFC 7748 §5 writes it. */
function ladder(secret: Uint8Array, u: bigint): Uint8Array {
  const k = numberOf(clamped(secret));
  let [x2, z2, x3, z3] = [1n, 0n, u, 1n];
  let swap = 0n;
  for (let t = 254n; t >= 0n; t--) {
    const bit = (k >> t) & 1n;
    if (swap !== bit) [x2, z2, x3, z3] = [x3, z3, x2, z2];
    swap = bit;
    const a = x2 + z2;
    const aa = mod(a * a);
    const b = x2 - z2;
    const bb = mod(b * b);
    const e = aa - bb;
    const da = (x3 - z3) * a;
    const cb = (x3 + z3) * b;
    const sum = mod(da + cb);
    const difference = mod(da - cb);
    x3 = mod(sum * sum);
    z3 = mod(u * mod(difference * difference));
    x2 = mod(aa * bb);
    z2 = mod(e * (aa + A24 * e));
  }
  return bytesOf(mod((swap === 1n ? x3 : x2) * inverse(swap === 1n ? z3 : z2)));
}

/** By Fermat: z^(p-2). */
function inverse(z: bigint): bigint {
  let result = 1n;
  let power = mod(z);
  for (let e = PRIME - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = mod(result * power);
    power = mod(power * power);
  }
  return result;
}

function mod(value: bigint): bigint {
  const rest = value % PRIME;
  return rest < 0n ? rest + PRIME : rest;
}

function clamped(secret: Uint8Array): Uint8Array {
  const scalar = secret.slice();
  scalar[0]! &= 248;
  scalar[31]! = (scalar[31]! & 127) | 64;
  return scalar;
}

/** Little-endian. */
function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes.slice().reverse())}`);
}

function bytesOf(value: bigint): Uint8Array {
  const bytes = new Uint8Array(32);
  for (let i = 0, rest = value; i < 32; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}
