import { describe, expect, test } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { concat } from '../base/bytes.ts';
import { below } from '../base/random.ts';
import { prefixOf } from '../routing/prefix.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { dispensable, improves, siblings, spare, thinBuckets, victims, wanted } from './wanted.ts';

/** This node is 00…; the distance to another is its own number, its bucket the count of leading zero bits. */
const self = HashAddress.from('00'.repeat(32));

interface Peer {
  readonly address: HashAddress;
  readonly leaf: boolean;
  readonly openedMs: number;
}

/** A peer by its leading hex digits; "leaf" after a star. */
function peer(hex: string, openedMs: number = 0): Peer {
  const leaf = hex.endsWith('*');
  return { address: HashAddress.from(hex.replace('*', '').padEnd(64, '0')), leaf, openedMs };
}

const peers = (...hexes: string[]): Peer[] => hexes.map((hex, i) => peer(hex, i));
const names = (found: readonly Peer[]): string[] => found.map(({ address }) => address.toString().slice(0, 2));
/** Eight near ones: 01 to 08 (buckets 7 to 4). */
const eight = ['01', '02', '03', '04', '05', '06', '07', '08'];

describe('siblings', () => {
  test('are the nearest core nodes, nearest first', () => {
    expect(names(siblings(self, peers('80', '01*', '03', '02')))).toEqual(['02', '03', '80']);
    expect(names(siblings(self, peers('09', ...eight, 'f0')))).toEqual(eight);
    expect(siblings(self, [])).toEqual([]);
  });
});

describe('wanted', () => {
  test('siblings first, nearest first, then three for each bucket in the order they were heard of', () => {
    const contacts = peers('f0', '80', ...eight.toReversed(), 'e0', 'd0', '40');
    expect(names(wanted(self, [], contacts))).toEqual([...eight, 'f0', '80', 'e0', '40']);
  });

  test('the linked ones count and are not dialled again', () => {
    const linked = peers(...eight, 'f0', 'e0');
    expect(names(wanted(self, linked, peers('01', 'f0', 'd0', 'c0', '60')))).toEqual(['d0', '60']);
  });

  test('a nearer one than the eighth is wanted though all eight are linked', () => {
    expect(names(wanted(self, peers(...eight, '09', '0a', '0b'), peers('0011', '0c')))).toEqual(['00']);
  });

  test('no leaf is wanted, and a leaf wants its nearest only', () => {
    expect(names(wanted(self, [], peers('01*', '02')))).toEqual(['02']);
    const contacts = peers('f0', '80', '40', ...eight, '09');
    expect(names(wanted(self, peers('01'), contacts, true))).toEqual(eight.slice(1));
    expect(names(wanted(self, peers(...eight), contacts, true))).toEqual([]);
  });

  test('in a small sea everybody is wanted', () => {
    expect(names(wanted(self, [], peers('f0', 'e0', 'd0', 'c0')))).toEqual(['c0', 'd0', 'e0', 'f0']);
  });
});

describe('improves', () => {
  const full = [...eight, 'f0', 'e0', 'd0'];

  test('by nearness', () => {
    expect(improves(self, peers(...full, '09', '0a', '0b'), peer('0081').address)).toBe(true);
    expect(improves(self, peers(...full, '09', '0a', '0b'), peer('0c').address)).toBe(false); // ninth, and bucket 4 is full
    expect(improves(self, peers(...eight.slice(1)), peer('ff').address)).toBe(true); // the eighth
  });

  test('by filling a bucket', () => {
    expect(improves(self, peers(...full), peer('c0').address)).toBe(false);
    expect(improves(self, peers(...full.slice(0, -1)), peer('c0').address)).toBe(true);
    expect(improves(self, peers(...full), peer('40').address)).toBe(true);
  });

  test('leaves take no sibling place from anybody', () => {
    const leaves = eight.map(hex => `${hex}*`);
    expect(improves(self, peers(...leaves, 'f0', 'e0', 'd0'), peer('c0').address)).toBe(true);
  });
});

describe('spare and victims', () => {
  test('spare are links beyond three in a bucket that are no siblings, fullest bucket first, then the youngest', () => {
    // Bucket 0: 5, bucket 1: 4, bucket 2: 3.
    const linked = peers(...eight, '80', '90', 'a0', 'b0', 'c0', '40', '50', '60', '70', '20', '24', '28');
    expect(names(spare(self, linked))).toEqual(['c0', 'b0', 'a0', '90', '80', '70', '60', '50', '40']);
    expect(spare(self, peers(...eight, 'f0', 'e0', 'd0'))).toEqual([]);
  });

  test('a leaf is always spare', () => {
    expect(names(spare(self, peers(...eight, '41*', 'f0')))).toEqual(['41']);
  });

  test('a newcomer that is needed may take any spare place', () => {
    const linked = peers(...eight, '80', '90', 'a0', 'b0');
    expect(names(victims(self, linked, peer('20').address))).toEqual(['b0', 'a0', '90', '80']);
  });

  test('one that is not may take a place where links stay crowded even without it', () => {
    const bucketZero = ['80', '90', 'a0', 'b0', 'c0'];
    const bucketThree = ['10', '14', '18']; // 3 there: the newcomer would be the fourth
    const linked = peers(...eight, ...bucketZero, ...bucketThree);
    expect(names(victims(self, linked, peer('1c').address))).toEqual(['c0', 'b0', 'a0', '90', '80']); // 5 > 4
    expect(victims(self, peers(...eight, ...bucketZero.slice(1), ...bucketThree), peer('1c').address)).toEqual([]);
    expect(victims(self, linked, peer('f0').address)).toEqual([]); // its own bucket is the fullest
  });

  test('exchanges come to an end', () => {
    const random = new SeededRandom('victims');
    let linked: Peer[] = Array.from({ length: 48 }, (_, i) => ({
      address: HashAddress.random(random),
      leaf: false,
      openedMs: i,
    }));
    let exchanges = 0;
    for (let i = 0; i < 5_000; i++) {
      const newcomer = self.flipBitRandomise(below(random, 12), random);
      const [victim] = victims(self, linked, newcomer);
      if (victim === undefined) continue;
      linked = [...linked.filter(link => link !== victim), { address: newcomer, leaf: false, openedMs: 48 + i }];
      exchanges++;
    }
    expect(exchanges).toBeGreaterThan(10);
    const crowd = new Map<number, number>();
    for (const { address } of linked) crowd.set(self.logDist(address), (crowd.get(self.logDist(address)) ?? 0) + 1);
    const outer = Array.from({ length: 9 }, (_, bucket) => crowd.get(bucket) ?? 0);
    expect(Math.max(...outer) - Math.min(...outer)).toBeLessThanOrEqual(2); // evened out
  });
});

describe('dispensable', () => {
  /** What the peer 80… says that it is linked with: this node, 00…, lies in its bucket 0 with all that begin below 80. */
  const says = (...hexes: string[]): Uint8Array => concat(...peers('00', ...hexes).map(p => prefixOf(p.address)));
  const far = peer('80').address;
  const nearIt = ['81', '82', '83', '84', '85', '86', '87', '88'];

  test('a link is, where the peer has 8 nearer ones and more than three that lead here', () => {
    expect(dispensable(self, far, says(...nearIt, '10', '20', '7f'))).toBe(true);
  });

  test('it is needed to fill the bucket, or as one of the 8 nearest', () => {
    expect(dispensable(self, far, says(...nearIt, '10', '20'))).toBe(false);
    expect(dispensable(self, far, says(...nearIt, '10', '20', '90'))).toBe(false); // 90 is on the other side
    expect(dispensable(self, far, says(...nearIt.slice(1), '10', '20', '30'))).toBe(false);
    expect(dispensable(self, far, says(...nearIt.slice(1), 'ff', '20', '30', '10'))).toBe(true); // ff is nearer than 00
    expect(dispensable(self, far, new Uint8Array(0))).toBe(false); // it has said nothing yet
  });

  test('in a deep bucket only those count that share all the bits before it', () => {
    // The peer 04… and this node differ in bit 5 first: 01, 02 and 03 lead here as well, 0c, 10 and 20 do not.
    const own = ['0400', '0500', '0600', '0700', '0480', '0580', '0680', '0780', '0440'];
    expect(dispensable(self, peer('04').address, says(...own, '01', '02', '03'))).toBe(true);
    expect(dispensable(self, peer('04').address, says(...own, '01', '02', '0c', '10', '20'))).toBe(false);
  });
});

describe('thinBuckets', () => {
  test('those beyond the farthest sibling with fewer than three', () => {
    // The farthest sibling, 08, lies in bucket 4.
    expect(thinBuckets(self, peers(...eight))).toEqual([0, 1, 2, 3]);
    expect(thinBuckets(self, peers(...eight, '80', '90', 'a0', '40', '10', '11', '12'))).toEqual([1, 2]);
  });

  test('none while siblings are few: they are sought anyhow', () => {
    expect(thinBuckets(self, peers(...eight.slice(1)))).toEqual([]);
  });
});
