/** Links as the panel shows them. */

import { expect, it } from 'vitest';
import type { LinkInfo } from '../../src/index.ts';
import { addressOf, FakeSea } from '../testing/fake-sea.ts';
import { Links } from './links.ts';

function link(byte: number, bytesIn: number): LinkInfo {
  return {
    address: addressOf(byte),
    transport: 'webrtc',
    rttMs: undefined,
    bytesIn,
    bytesOut: 1,
    sinceMs: 0,
    pins: [],
  };
}

it('are in order of address, new at once, measured with the beat', () => {
  const sea = new FakeSea();
  const links = new Links();
  links.refresh();
  expect(links.links.value).toEqual([]);
  sea.linkList = [link(9, 0)];
  links.follow(sea.asSea());
  sea.linkList = [link(9, 5), link(3, 0)];
  expect(links.links.value).toHaveLength(1);
  sea.emit('links', undefined);
  expect(links.links.value.map(({ address, bytesIn }) => [address.slice(0, 2), bytesIn])).toEqual([
    ['03', 0],
    ['09', 5],
  ]);
  sea.linkList = [link(9, 7)];
  links.refresh();
  expect(links.links.value).toMatchObject([{ bytesIn: 7, bytesOut: 1, transport: 'webrtc', rttMs: undefined }]);
});
