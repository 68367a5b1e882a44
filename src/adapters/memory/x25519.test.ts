/** The values of RFC 7748 §5.2, and OpenSSL as a second opinion. */

import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../base/bytes.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { x25519Public, x25519Shared } from './x25519.ts';

it('gives the results of RFC 7748 §5.2', () => {
  const scalar = fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  const u = fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
  expect(toHex(x25519Shared(scalar, u))).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
});

it('agrees with OpenSSL on public keys and shared secrets', () => {
  const random = new SeededRandom('x25519');
  for (let i = 0; i < 8; i++) {
    const mine = random.bytes(32);
    const theirs = random.bytes(32);
    const privateKey = createPrivateKey({
      key: Buffer.from(concat(fromHex('302e020100300506032b656e04220420'), theirs)),
      format: 'der',
      type: 'pkcs8',
    });
    const publicKey = createPublicKey({
      key: Buffer.from(concat(fromHex('302a300506032b656e032100'), x25519Public(mine))),
      format: 'der',
      type: 'spki',
    });
    const shared = toHex(diffieHellman({ privateKey, publicKey }));
    expect(toHex(x25519Shared(mine, x25519Public(theirs)))).toBe(shared);
    expect(toHex(x25519Shared(theirs, x25519Public(mine)))).toBe(shared);
  }
});

it('gives zero for keys of small order', () => {
  const secret = new Uint8Array(32).fill(7);
  expect(x25519Shared(secret, new Uint8Array(32))).toEqual(new Uint8Array(32));
  expect(x25519Shared(secret, Uint8Array.of(1, ...new Uint8Array(31)))).toEqual(new Uint8Array(32));
});
