import { expect, it } from 'vitest';
import { KeptCertificate } from './certificate.ts';

const DAY_MS = 86_400_000;

/** A platform whose certificates last as long as the test says. */
function platform(...lifetimesMs: number[]) {
  const made: object[] = [];
  return {
    made,
    async generateCertificate() {
      const certificate = { expires: Date.now() + (lifetimesMs[made.length] ?? 0) };
      made.push(certificate);
      return certificate as RTCCertificate;
    },
  };
}

const settled = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

it('is made ahead, once, and given to every connection', async () => {
  const maker = platform(30 * DAY_MS);
  const kept = new KeptCertificate(maker);
  expect(kept.get()).toBeUndefined();
  await settled();
  expect([kept.get(), kept.get()]).toEqual([maker.made[0], maker.made[0]]);
  expect(maker.made.length).toBe(1);
});

it('is made anew before it expires', async () => {
  const maker = platform(DAY_MS / 2, 30 * DAY_MS);
  const kept = new KeptCertificate(maker);
  await settled();
  expect(kept.get()).toBeUndefined();
  await settled();
  expect(kept.get()).toBe(maker.made[1]);
});

it('is not there where the platform has none or fails', async () => {
  const refusing = { generateCertificate: () => Promise.reject(new Error('no')) };
  for (const maker of [undefined, {}, refusing]) {
    const kept = new KeptCertificate(maker);
    await settled();
    expect(kept.get()).toBeUndefined();
  }
});
