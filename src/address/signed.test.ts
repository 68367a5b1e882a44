import { expect, test } from 'vitest';
import { NobleCrypto, seedKey } from '../adapters/memory/noble-crypto.ts';
import { concat, fromHex, utf8Encode } from '../base/bytes.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { addressOfKey, type Domain, signFor, verify } from './signed.ts';

const crypto = new NobleCrypto(new SeededRandom('signed'));
const body = utf8Encode('the body');

test('an address is the SHA-256 of the public key (RFC 8032 §7.1, key of test 1)', () => {
  const key = seedKey(fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'));
  expect(addressOfKey(key.publicKey).toString()).toBe(
    '21fe31dfa154a261626bf854046fd2271b7bed4b6abe45aa58877ef47f9721b9',
  );
});

test('a signature for its purpose passes and names its signer', async () => {
  const key = await crypto.passingKey();
  const signature = await signFor('handshake', key, body);
  expect(signature.length).toBe(64);
  const verified = await verify(crypto, 'handshake', key.publicKey, body, signature, { the: 'value' });
  expect(verified.value).toEqual({ the: 'value' });
  expect(verified.signer.equals(addressOfKey(key.publicKey))).toBe(true);
});

test('what is signed is the tag, a zero byte and the body', async () => {
  const key = await crypto.passingKey();
  const signature = await signFor('peer-record', key, body);
  const plain = concat(utf8Encode('peersea/peer-record\0'), body);
  expect(await crypto.verify(key.publicKey, plain, signature)).toBe(true);
});

test('a signature for one purpose does not pass for another', async () => {
  const key = await crypto.passingKey();
  const domains: readonly Domain[] = ['handshake', 'peer-record'];
  for (const signed of domains) {
    const signature = await signFor(signed, key, body);
    for (const asked of domains) {
      const outcome = verify(crypto, asked, key.publicKey, body, signature, 0);
      if (asked === signed) expect((await outcome).value).toBe(0);
      else await expect(outcome).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    }
  }
});

test('another body, another key, another signature, no signature: BAD_SIGNATURE', async () => {
  const key = await crypto.passingKey();
  const other = await crypto.passingKey();
  const signature = await signFor('handshake', key, body);
  const tampered = signature.slice();
  tampered[10]! ^= 1;
  const attempts: readonly (readonly [Uint8Array, Uint8Array, Uint8Array])[] = [
    [key.publicKey, utf8Encode('another body'), signature],
    [key.publicKey, new Uint8Array(0), signature],
    [other.publicKey, body, signature],
    [key.publicKey, body, tampered],
    [key.publicKey, body, await signFor('handshake', other, body)],
    [key.publicKey, body, new Uint8Array(64)],
    [key.publicKey, body, new Uint8Array(0)],
    [new Uint8Array(32), body, signature],
    [new Uint8Array(31), body, signature],
  ];
  for (const [publicKey, claimed, given] of attempts) {
    await expect(verify(crypto, 'handshake', publicKey, claimed, given, 0)).rejects.toMatchObject({
      code: 'BAD_SIGNATURE',
    });
  }
});
