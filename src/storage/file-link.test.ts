import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { type DeleteLink, formatLink, parseLink, type ReadLink } from './file-link.ts';

const fill = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const manifest = {
  id: fill(32, 0xfb),
  length: 1_000,
  key: fill(32, 2),
  tag: fill(16, 3),
  fetchSeed: fill(32, 4),
  holders: [1, 2, 3].map(i => HashAddress.hash(Uint8Array.of(i))),
};
const read: ReadLink = { kind: 'read', manifest, detailsKey: fill(32, 5), seed: fill(32, 6) };
const remove: DeleteLink = { kind: 'delete', manifest, seed: fill(32, 7) };
const badLink: unknown = expect.objectContaining({ code: 'BAD_LINK' });

describe('links', () => {
  it('come out as they went in, as text that is safe in a URL', () => {
    for (const link of [read, remove]) {
      const text = formatLink(link);
      expect(text).toMatch(/^sea-(read|delete):[A-Za-z0-9_-]+$/);
      expect(parseLink(text)).toEqual(link);
    }
  });

  it('of seven holders fit into a QR code', () => {
    const seven = Array.from({ length: 7 }, (_, i) => HashAddress.hash(Uint8Array.of(i)));
    expect(formatLink({ ...read, manifest: { ...manifest, holders: seven } }).length).toBeLessThan(700);
  });

  it('that lack any character, or have one changed, are BAD_LINK', () => {
    const text = formatLink(read);
    for (let length = 0; length < text.length; length += 7)
      expect(() => parseLink(text.slice(0, length)), String(length)).toThrow(badLink);
    expect(() => parseLink(text.slice(0, -1))).toThrow(badLink);
    for (let at = 9; at < text.length - 1; at += 13) {
      const changed = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
      expect(() => parseLink(changed), String(at)).toThrow(badLink);
    }
  });

  it('of another kind, prefix or length are BAD_LINK', () => {
    const text = formatLink(remove);
    for (const other of [text.replace('delete', 'read'), `x${text}`, `${text}${'A'.repeat(20_000)}`, 'https://sea', ''])
      expect(() => parseLink(other)).toThrow(badLink);
    const lonely = formatLink({ ...remove, manifest: { ...manifest, holders: [] } });
    expect(() => parseLink(lonely)).toThrow(badLink);
  });
});
