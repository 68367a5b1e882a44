import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { gcmOpen, gcmSeal } from './aes-gcm.ts';

const zeros = (length: number): Uint8Array => new Uint8Array(length);

describe('AES-256-GCM', () => {
  it('gives the published values (McGrew and Viega, test cases 13 and 14)', () => {
    expect(toHex(gcmSeal(zeros(32), zeros(12), zeros(0)))).toBe('530f8afbc74536b9a963b4f1c4cb738b');
    expect(toHex(gcmSeal(zeros(32), zeros(12), zeros(16)))).toBe(
      'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
    );
  });

  it.each([1, 15, 16, 17, 64, 1000])('of %i bytes is what OpenSSL makes, and opens', length => {
    const random = new SeededRandom(`gcm ${length}`);
    const [key, nonce, plain] = [random.bytes(32), random.bytes(12), random.bytes(length)];
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const expected = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    const sealed = gcmSeal(key, nonce, plain);
    expect(toHex(sealed)).toBe(expected.toString('hex'));
    expect(gcmOpen(key, nonce, sealed)).toEqual(plain);
  });

  it('does not open what was changed, cut short or sealed by another key', () => {
    const key = fromHex('07'.repeat(32));
    const sealed = gcmSeal(key, zeros(12), Uint8Array.of(1, 2, 3));
    for (let i = 0; i < sealed.length; i++) {
      const changed = sealed.slice();
      changed[i]! ^= 1;
      expect(gcmOpen(key, zeros(12), changed)).toBeUndefined();
    }
    expect(gcmOpen(key, zeros(12), sealed.subarray(1))).toBeUndefined();
    expect(gcmOpen(key, zeros(12), sealed.subarray(0, 10))).toBeUndefined();
    expect(gcmOpen(zeros(32), zeros(12), sealed)).toBeUndefined();
  });
});
