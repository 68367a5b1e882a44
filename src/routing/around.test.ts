/** A path that does without the link to its target: the opener has reason to doubt that link. */

import { expect, test } from 'vitest';
import { utf8Encode } from '../base/bytes.ts';
import { recording, TestNet } from './testing/test-net.ts';

const hello = utf8Encode('hello');

test('goes by way of others who are linked with the target, and back the same way', async () => {
  const net = new TestNet();
  const [a, b, c] = [net.node('8'), net.node('4'), net.node('0')];
  await net.link([a, b], [b, c], [a, c]);
  c.onPath = path => ({ onMessage: () => path.send(utf8Encode('hi'), true), onEnd() {} });
  const heard = recording();
  const path = a.router.open(c.address, { around: true }, hello, heard);
  await net.settle();
  expect(net.story()).toEqual([
    '8>4 route',
    '4>8 taken',
    '4>0 route',
    '0>4 ready',
    '0>4 data',
    '4>8 ready',
    '4>8 data',
  ]);
  expect([path.direct, heard.messages.length, heard.ended]).toEqual([false, 1, null]);
  expect(net.pathCount()).toBe(0);
});

test('where the link to the target is the only one there is no way', async () => {
  const net = new TestNet();
  const [a, c] = [net.node('8'), net.node('0')];
  await net.link([a, c]);
  const heard = recording();
  a.router.open(c.address, { around: true }, hello, heard);
  await net.settle();
  expect(net.story()).toEqual([]);
  expect(heard.ended?.code).toBe('NO_ROUTE');
});
