import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { BLOCK_BYTES_MAX, LIST_ENTRIES_MAX } from './limits.ts';
import { readList } from './list.ts';
import { testBytes } from './testing/test-sea.ts';
import { blockOf, cut, listsOver, outermost } from './tree.ts';

describe('cut', () => {
  it('names a content by a list of its blocks, the last one shorter', () => {
    const content = testBytes(2 * BLOCK_BYTES_MAX + 5);
    const tree = cut(content);
    expect(tree.length).toBe(524_293);
    expect(tree.blocks.map(({ bytes }) => bytes.length)).toEqual([262_144, 262_144, 5, 122]);
    expect(tree.id).toEqual(tree.blocks[3]!.id);
    expect(readList(tree.blocks[3]!.bytes)).toEqual([
      { id: ContentId.of(content.subarray(0, 262_144)), length: 262_144, isList: false },
      { id: ContentId.of(content.subarray(262_144, 524_288)), length: 262_144, isList: false },
      { id: ContentId.of(content.subarray(524_288)), length: 5, isList: false },
    ]);
  });

  it('copies nothing', () => {
    const content = testBytes(10);
    expect(cut(content).blocks[0]!.bytes.buffer).toBe(content.buffer);
  });

  it('gives every content an id of its own, also none and one that looks like a list', () => {
    const nothing = cut(new Uint8Array(0));
    expect(nothing.blocks).toHaveLength(1);
    expect(nothing.id.hex).toBe(ContentId.of(Uint8Array.of(0x82, 0x01, 0x80)).hex);
    const disguised = cut(nothing.blocks[0]!.bytes);
    expect(disguised.id.equals(nothing.id)).toBe(false);
    expect(disguised.blocks.map(({ bytes }) => bytes.length)).toEqual([3, 40]);
  });
});

describe('listsOver', () => {
  const leaf = { id: ContentId.of(Uint8Array.of(1)), length: 1, isList: false };
  const over = (count: number) => listsOver(Array.from({ length: count }, () => leaf));

  it('is one list for as many entries as a list has, and for none', () => {
    expect(over(0)).toHaveLength(1);
    expect(over(LIST_ENTRIES_MAX)).toHaveLength(1);
  });

  it('nests beyond that: full lists first, the rest in the last one, the outermost behind them', () => {
    const lists = over(LIST_ENTRIES_MAX + 1);
    expect(lists.map(({ bytes }) => readList(bytes).length)).toEqual([64, 1, 2]);
    expect(readList(outermost(lists).bytes)).toEqual([
      { id: lists[0]!.id, length: 64, isList: true },
      { id: lists[1]!.id, length: 1, isList: true },
    ]);
  });

  it('nests as deep as it has to', () => {
    const lists = over(LIST_ENTRIES_MAX * LIST_ENTRIES_MAX + 1);
    const sizes = lists.map(({ bytes }) => readList(bytes).length);
    expect(sizes).toHaveLength(65 + 2 + 1);
    expect(sizes.slice(-4)).toEqual([1, 64, 1, 2]);
    expect(readList(outermost(lists).bytes).map(({ length }) => length)).toEqual([4096, 1]);
  });
});

it('blockOf names bytes by their hash', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(blockOf(bytes)).toEqual({ id: ContentId.of(bytes), bytes });
});
