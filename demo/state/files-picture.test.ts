/** The picture of a file's shards: rows, runs, and what stands for many segments. */

import { expect, it } from 'vitest';
import { lookedWords, ShardPicture } from './files-picture.ts';

it('has a row for each shard number, and joins what looks the same', () => {
  const picture = new ShardPicture(4, 2);
  for (const segment of [0, 1, 3]) picture.set(segment, 0, 'a', 'placed');
  picture.set(0, 1, 'b', 'held');
  picture.set(1, 1, 'c', 'held');
  picture.set(2, 1, 'c', 'lost');
  picture.set(3, 1, 'c', 'lost');
  expect(picture.rows()).toEqual([
    {
      holders: ['a'],
      runs: [
        { holder: 'a', state: 'placed', from: 0, length: 2 },
        { holder: 'a', state: 'placed', from: 3, length: 1 },
      ],
      counts: { placed: 3, held: 0, lost: 0, away: 0 },
      missing: 1,
    },
    {
      holders: ['b', 'c'],
      runs: [
        { holder: 'b', state: 'held', from: 0, length: 1 },
        { holder: 'c', state: 'held', from: 1, length: 1 },
        { holder: 'c', state: 'lost', from: 2, length: 2 },
      ],
      counts: { placed: 0, held: 2, lost: 2, away: 0 },
      missing: 0,
    },
  ]);
});

it('shows the worst of the segments that a step stands for', () => {
  const picture = new ShardPicture(256, 1);
  for (let segment = 0; segment < 256; segment++) picture.set(segment, 0, 'a', 'held');
  expect(picture.steps).toBe(128);
  expect(picture.rows()[0]!.runs).toEqual([{ holder: 'a', state: 'held', from: 0, length: 128 }]);
  picture.set(11, 0, 'a', 'away');
  expect(picture.rows()[0]!.runs.map(({ state, from, length }) => [state, from, length])).toEqual([
    ['held', 0, 5],
    ['away', 5, 1],
    ['held', 6, 122],
  ]);
  expect(picture.rows()[0]!.counts).toEqual({ placed: 0, held: 255, lost: 0, away: 1 });
});

it('shows a step only when all its segments are there', () => {
  const picture = new ShardPicture(256, 1);
  picture.set(0, 0, 'a', 'placed');
  expect(picture.rows()[0]!.runs).toEqual([]);
  picture.set(1, 0, 'a', 'placed');
  expect(picture.rows()[0]!.runs).toEqual([{ holder: 'a', state: 'placed', from: 0, length: 1 }]);
});

it('knows no shard beyond its bounds, and a file without bytes has none', () => {
  const picture = new ShardPicture(1, 1);
  picture.set(1, 0, 'a', 'held');
  picture.set(0, 1, 'a', 'held');
  expect(picture.rows()).toMatchObject([{ runs: [], missing: 1 }]);
  expect(new ShardPicture(0, 2).rows()).toMatchObject([{ runs: [] }, { runs: [] }]);
});

it('says whether the file can be read after a look', () => {
  const picture = new ShardPicture(2, 3);
  expect(lookedWords(picture, 1)).toMatch(/^0 of 6 pieces are there\. That is too few/);
  for (const shard of [0, 1, 2]) for (const segment of [0, 1]) picture.set(segment, shard, 'a', 'held');
  expect(lookedWords(picture, 1)).toBe(
    '6 of 6 pieces are there. The file can be read, and 2 more devices may be lost.',
  );
  picture.set(1, 0, 'a', 'away'); // one segment decides
  expect(lookedWords(picture, 1)).toMatch(/^5 of 6 pieces are there\. The file can be read, and one more device may/);
  expect(lookedWords(picture, 2)).toMatch(/none to spare\.$/);
  expect(lookedWords(picture, 3)).toMatch(/too few to read/);
  expect(lookedWords(new ShardPicture(0, 2), 1)).toMatch(/no bytes/);
});
