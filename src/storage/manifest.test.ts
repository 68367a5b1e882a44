import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SEGMENT_BYTES, SHARDS_MAX } from './limits.ts';
import { decodeDetails, decodeManifest, encodeDetails, encodeManifest, type Manifest } from './manifest.ts';

const fill = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const holders = [1, 2].map(i => HashAddress.hash(Uint8Array.of(i)));
const manifest: Manifest = {
  k: 1,
  n: 2,
  endsAtMs: 1_750_000_000_000,
  holders,
  segments: [
    {
      length: SEGMENT_BYTES,
      shards: [
        { id: fill(32, 1), root: fill(32, 2), holder: 0 },
        { id: fill(32, 3), root: fill(32, 4), holder: 1 },
      ],
    },
    {
      length: 1,
      shards: [
        { id: fill(32, 5), root: fill(32, 6), holder: 1 },
        { id: fill(32, 7), root: fill(32, 8), holder: 0 },
      ],
    },
  ],
  details: { bytes: fill(5, 9), tag: fill(16, 10) },
};
const badManifest: unknown = expect.objectContaining({ code: 'BAD_MANIFEST' });

describe('manifest', () => {
  it('comes out as it went in', () => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
    const empty = { ...manifest, holders: [], segments: [] };
    expect(decodeManifest(encodeManifest(empty))).toEqual(empty);
  });

  it('costs 65 bytes a shard', () => {
    const longer = { ...manifest, segments: [...manifest.segments, manifest.segments[1]!] };
    const perSegment = encodeManifest(longer).length - encodeManifest(manifest).length;
    expect(perSegment).toBe(2 * 65 + 7); // an array, a short length, and the heads of three strings
  });

  it('of a later version may say more where this one says nothing', () => {
    const fields = decodeValue(encodeManifest(manifest)) as Value[];
    expect(fields.at(-1)).toBeNull();
    expect(decodeManifest(encodeValue([...fields.slice(0, -1), { custodians: [] }]))).toEqual(manifest);
  });

  const fields = decodeValue(encodeManifest(manifest)) as Value[];
  const changed = (at: number, value: Value): Uint8Array =>
    encodeValue(fields.map((field, i) => (i === at ? value : field)));
  const segments = fields[5] as Value[][];
  it.each([
    ['no CBOR', Uint8Array.of(0xff)],
    ['no array', encodeValue(1)],
    ['a field too few', encodeValue(fields.slice(0, -1))],
    ['k = 0', changed(1, 0)],
    ['n below k', changed(1, 3)],
    ['too many shards', changed(2, SHARDS_MAX + 1)],
    ['a short address', changed(4, [fill(31, 1)])],
    ['a shard too few', changed(5, [[1, fill(32, 1), fill(64, 1), fill(2, 0)]])],
    ['an unknown holder', changed(5, [[...segments[0]!.slice(0, 3), fill(2, 2)]])],
    ['a segment of no bytes', changed(5, [[0, ...segments[0]!.slice(1)]])],
    ['too long a segment', changed(5, [[SEGMENT_BYTES + 1, ...segments[0]!.slice(1)]])],
    ['a short tag', changed(6, [fill(5, 9), fill(15, 1)])],
  ])('with %s is BAD_MANIFEST', (_what, bytes) => {
    expect(() => decodeManifest(bytes)).toThrow(badManifest);
  });
});

describe('details', () => {
  it('come out as they went in', () => {
    for (const name of [null, 'a film.mp4']) {
      const details = { name, type: name && 'video/mp4', seals: [{ key: fill(32, 1), tag: fill(16, 2) }] };
      expect(decodeDetails(encodeDetails(details))).toEqual(details);
    }
  });

  it('of another form are BAD_MANIFEST', () => {
    for (const value of [
      [1, null, null],
      [1, 'x'.repeat(256), null, []],
      [1, null, null, [[fill(31, 1), fill(16, 1)]]],
      7,
    ])
      expect(() => decodeDetails(encodeValue(value as Value))).toThrow(badManifest);
  });
});
