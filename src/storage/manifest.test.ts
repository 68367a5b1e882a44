import { describe, expect, it } from 'vitest';
import { addressOfKey } from '../address/signed.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SEGMENT_BYTES, SHARDS_MAX } from './limits.ts';
import { decodeDetails, decodeManifest, encodeDetails, encodeManifest, type Manifest, termsOf } from './manifest.ts';

const fill = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const holderKeys = [fill(32, 11), fill(32, 12)];
const manifest: Manifest = {
  k: 1,
  n: 2,
  endsAtMs: 1_750_000_000_000,
  holderKeys,
  holders: holderKeys.map(addressOfKey),
  rights: { fetchKey: fill(32, 13), deleteKey: fill(32, 14), verifyKey: null },
  segments: [
    {
      length: SEGMENT_BYTES,
      shards: [
        { id: fill(32, 1), root: fill(32, 2), holder: 0, acceptance: fill(64, 21) },
        { id: fill(32, 3), root: fill(32, 4), holder: 1, acceptance: fill(64, 22) },
      ],
    },
    {
      length: 1,
      shards: [
        { id: fill(32, 5), root: fill(32, 6), holder: 1, acceptance: fill(64, 23) },
        { id: fill(32, 7), root: fill(32, 8), holder: 0, acceptance: fill(64, 24) },
      ],
    },
  ],
  details: { bytes: fill(5, 9), tag: fill(16, 10) },
};
const badManifest: unknown = expect.objectContaining({ code: 'BAD_MANIFEST' });

describe('manifest', () => {
  it('comes out as it went in', () => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
    const verifyKey = fill(32, 15);
    const empty = { ...manifest, holderKeys: [], holders: [], rights: { ...manifest.rights, verifyKey }, segments: [] };
    expect(decodeManifest(encodeManifest(empty))).toEqual(empty);
  });

  it('costs 129 bytes a shard', () => {
    const longer = { ...manifest, segments: [...manifest.segments, manifest.segments[1]!] };
    const perSegment = encodeManifest(longer).length - encodeManifest(manifest).length;
    expect(perSegment).toBe(2 * 129 + 9); // an array, a short length, and the heads of four strings
  });

  it('of a later version may say more where this one says nothing', () => {
    const fields = decodeValue(encodeManifest(manifest)) as Value[];
    expect(fields.at(-1)).toBeNull();
    expect(decodeManifest(encodeValue([...fields.slice(0, -1), { custodians: [] }]))).toEqual(manifest);
  });

  it('has all that was signed of a shard', () => {
    const [segment] = manifest.segments;
    expect(termsOf({ ...manifest, k: 3 }, segment!, segment!.shards[1]!)).toEqual({
      ...manifest.rights,
      shard: fill(32, 3),
      length: 1_398_102,
      root: fill(32, 4),
      endsAtMs: 1_750_000_000_000,
    });
  });

  const fields = decodeValue(encodeManifest(manifest)) as Value[];
  const changed = (at: number, value: Value): Uint8Array =>
    encodeValue(fields.map((field, i) => (i === at ? value : field)));
  const segments = fields[6] as Value[][];
  it.each([
    ['no CBOR', Uint8Array.of(0xff)],
    ['no array', encodeValue(1)],
    ['a field too few', encodeValue(fields.slice(0, -1))],
    ['k = 0', changed(1, 0)],
    ['n below k', changed(1, 3)],
    ['too many shards', changed(2, SHARDS_MAX + 1)],
    ['a short key of a holder', changed(4, [fill(31, 1)])],
    ['a right too few', changed(5, [fill(32, 1), fill(32, 2)])],
    ['a shard too few', changed(6, [[1, fill(32, 1), fill(64, 1), fill(2, 0), fill(128, 1)]])],
    ['an unknown holder', changed(6, [[...segments[0]!.slice(0, 3), fill(2, 2), fill(128, 1)]])],
    ['a short acceptance', changed(6, [[...segments[0]!.slice(0, 4), fill(127, 1)]])],
    ['a segment of no bytes', changed(6, [[0, ...segments[0]!.slice(1)]])],
    ['too long a segment', changed(6, [[SEGMENT_BYTES + 1, ...segments[0]!.slice(1)]])],
    ['a short tag', changed(7, [fill(5, 9), fill(15, 1)])],
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
