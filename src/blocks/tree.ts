/** A content as blocks: cut, and named by lists. Pure; the same content always has the same id. */

import { ContentId } from '../address/content-id.ts';
import { BLOCK_BYTES_MAX, LIST_ENTRIES_MAX } from './limits.ts';
import { type Entry, lengthOf, writeList } from './list.ts';

/** A block beside its name. */
export interface Block {
  readonly id: ContentId;
  readonly bytes: Uint8Array;
}

export interface Tree {
  /** The content's id: that of its outermost list. */
  readonly id: ContentId;
  /** Bytes of the content. */
  readonly length: number;
  /** Lists and blocks of bytes (views of the content), each once or more often. */
  readonly blocks: readonly Block[];
}

/** Cuts a content into blocks of 256 KiB, the last one shorter. */
export function cut(content: Uint8Array): Tree {
  const blocks: Block[] = [];
  for (let at = 0; at < content.length; at += BLOCK_BYTES_MAX)
    blocks.push(blockOf(content.subarray(at, at + BLOCK_BYTES_MAX)));
  const lists = listsOver(blocks.map(({ id, bytes }) => ({ id, length: bytes.length, isList: false })));
  return { id: outermost(lists).id, length: content.length, blocks: [...blocks, ...lists] };
}

/** The lists over these entries, the outermost last: as few levels as their number needs. */
export function listsOver(entries: readonly Entry[]): Block[] {
  const lists: Block[] = [];
  let level = entries;
  while (level.length > LIST_ENTRIES_MAX) {
    const next: Entry[] = [];
    for (let at = 0; at < level.length; at += LIST_ENTRIES_MAX) {
      const group = level.slice(at, at + LIST_ENTRIES_MAX);
      const list = blockOf(writeList(group));
      lists.push(list);
      next.push({ id: list.id, length: lengthOf(group), isList: true });
    }
    level = next;
  }
  lists.push(blockOf(writeList(level)));
  return lists;
}

/** The list that names a content. `lists` as listsOver gave them. */
export function outermost(lists: readonly Block[]): Block {
  return lists[lists.length - 1] as Block;
}

export function blockOf(bytes: Uint8Array): Block {
  return { id: ContentId.of(bytes), bytes };
}
