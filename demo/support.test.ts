/** What the page says to a browser that cannot take part. */

import { expect, it } from 'vitest';
import { missingFeatures } from './support.ts';

const complete = {
  isSecureContext: true,
  RTCPeerConnection: {},
  WebAssembly: {},
  Worker: {},
  crypto: { subtle: {} },
  createImageBitmap: {},
};

it('is content with a current browser', () => {
  expect(missingFeatures(complete)).toEqual([]);
});

it('names plain http first and alone, for it takes the rest away', () => {
  const sentences = missingFeatures({ ...complete, isSecureContext: false, crypto: {} });
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(/https or on localhost/);
});

it.each([
  ['RTCPeerConnection', /WebRTC/],
  ['WebAssembly', /WebAssembly/],
  ['Worker', /workers/],
  ['crypto', /too old/],
  ['createImageBitmap', /too old/],
])('says what is missing without %s', (name, sentence) => {
  const sentences = missingFeatures({ ...complete, [name]: undefined });
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(sentence);
});
