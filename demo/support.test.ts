/** What the page says to a browser that cannot take part. */

import { expect, it } from 'vitest';
import { obstacleOf } from './support.ts';

const page = new URL('http://192.168.1.5:4600/?bootstrap=ws://a.example/sea');

const complete = {
  isSecureContext: true,
  RTCPeerConnection: {},
  WebAssembly: {},
  Worker: {},
  crypto: { subtle: {} },
  createImageBitmap: {},
};

it('is content with a current browser', () => {
  expect(obstacleOf(complete, page)).toBeUndefined();
});

it('names plain http first and alone, for it takes the rest away', () => {
  const { sentences } = obstacleOf({ ...complete, isSecureContext: false, crypto: {} }, page)!;
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toMatch(/https or on localhost/);
});

it('names where the page would do when plain http is the obstacle', () => {
  const insecure = { ...complete, isSecureContext: false };
  expect(obstacleOf(insecure, page)!.elsewhere.map(({ address }) => address)).toEqual([
    'https://192.168.1.5:4600/?bootstrap=ws://a.example/sea',
    'http://localhost:4600/?bootstrap=ws://a.example/sea',
  ]);
  expect(obstacleOf(insecure, new URL('http://sea.example/'))!.elsewhere[0]!.address).toBe('https://sea.example/');
});

it.each([
  ['RTCPeerConnection', /WebRTC/],
  ['WebAssembly', /WebAssembly/],
  ['Worker', /workers/],
  ['crypto', /too old/],
  ['createImageBitmap', /too old/],
])('says what is missing without %s', (name, sentence) => {
  const { sentences, elsewhere } = obstacleOf({ ...complete, [name]: undefined }, page)!;
  expect(sentences).toHaveLength(1);
  expect(elsewhere).toEqual([]);
  expect(sentences[0]).toMatch(sentence);
});
