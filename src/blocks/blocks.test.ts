/** The service as a whole: contents put, fetched from one node or several, and pushed. */

import { describe, expect, it } from 'vitest';
import { MemoryBlockStore } from '../adapters/memory/memory-block-store.ts';
import { ContentId } from '../address/content-id.ts';
import { concat, equal } from '../base/bytes.ts';
import { type ErrorCode, isSeaError, SeaError } from '../base/errors.ts';
import { settle, testAddress } from '../compute/testing/test-network.ts';
import type { BlocksProgress, Push } from './blocks.ts';
import { BLOCK_BYTES_MAX, LIST_ENTRIES_MAX, PUSHES_MAX, PUSHES_PER_NEIGHBOUR_MAX } from './limits.ts';
import { scopes } from './messages.ts';
import { TestSea, testBytes } from './testing/test-sea.ts';
import { cut } from './tree.ts';

const MIB = 1_048_576;
const content = testBytes(3 * BLOCK_BYTES_MAX + 7);
const tree = cut(content);
const id = tree.id.toString();
const hexOf = (at: number): string => tree.blocks[at]!.id.hex;
const LIST = 4;

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fine'> {
  try {
    await promise;
    return 'fine';
  } catch (error) {
    if (isSeaError(error)) return error.code;
    throw error;
  }
}

/** As toEqual, in a time that suits megabytes. */
function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(equal(actual, expected)).toBe(true);
}

/** Refuses every block but the first `room`. */
class FullStore extends MemoryBlockStore {
  room: number;

  constructor(room: number) {
    super();
    this.room = room;
  }

  override async put(hash: string, bytes: Uint8Array): Promise<void> {
    if (this.room-- <= 0) throw new SeaError('NO_STORAGE', 'full');
    await super.put(hash, bytes);
  }
}

describe('put and get', () => {
  it('give a content to whoever knows its id: the list first, every block once', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    expect(await source.blocks.put(content)).toBe(id);
    const progress: BlocksProgress[] = [];
    expectBytes(await reader.blocks.get(id, { from: source.address, onProgress: it => progress.push(it) }), content);
    expect(sea.asked(scopes.get)).toEqual([hexOf(LIST), hexOf(0), hexOf(1), hexOf(2), hexOf(3)]);
    expect(progress[0]).toEqual({ doneBytes: 0, fetchedBytes: 0, totalBytes: 786_439 });
    expect(progress.at(-1)).toEqual({ doneBytes: 786_439, fetchedBytes: 786_439, totalBytes: 786_439 });
    expect(progress).toHaveLength(1 + 4);
  });

  it('take a node by its address or the digits of it, alone or in a list', async () => {
    const sea = new TestSea();
    const source = sea.node();
    await source.blocks.put(content);
    const hex = source.address.toString();
    for (const from of [hex, [hex], [source.address, hex]])
      expectBytes(await sea.node().blocks.get(id, { from }), content);
    for (const from of [5, ['nobody'], 'nobody'])
      expect(await codeOf(sea.node().blocks.get(id, { from: from as never }))).toBe('BAD_ARGUMENT');
    const receiver = sea.node();
    receiver.blocks.accept({ wants: () => true });
    expect(await source.blocks.push(receiver.address.toString(), id)).toBe(content.length);
  });

  it('take every kind of source, and none at all', async () => {
    const sea = new TestSea();
    const { blocks } = sea.node();
    const chunks = [content.subarray(0, 1000), new Uint8Array(0), content.subarray(1000)];
    const blob = new Blob(chunks as BlobPart[]);
    for (const source of [content, blob, blob.stream(), chunks]) expect(await blocks.put(source)).toBe(id);
    const nothing = await blocks.put(new Uint8Array(0));
    expect(await blocks.get(nothing)).toEqual(new Uint8Array(0));
  });

  it('ask nobody for what is here: neither the same again nor the blocks that two contents share', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    const changed = concat(content.subarray(0, 2 * BLOCK_BYTES_MAX), testBytes(9, 2));
    await source.blocks.put(content);
    const other = await source.blocks.put(changed);
    await reader.blocks.get(id, { from: source.address });
    sea.network.calls.length = 0;
    expectBytes(await reader.blocks.get(id, { from: source.address }), content);
    expect(sea.network.calls).toEqual([]);
    const progress: BlocksProgress[] = [];
    const { address: from } = source;
    expectBytes(await reader.blocks.get(other, { from, onProgress: it => progress.push(it) }), changed);
    expect(sea.asked(scopes.get)).toEqual([ContentId.parse(other).hex, ContentId.of(testBytes(9, 2)).hex]);
    expect(progress.at(-1)).toEqual({ doneBytes: 524_297, fetchedBytes: 9, totalBytes: 524_297 });
  });

  it('skip whole lists that are here', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    const whole = testBytes(17 * MIB);
    const id17 = await source.blocks.put(whole);
    const lists = cut(whole).blocks.slice(-3); // of 64 blocks, of 4, and over both
    expect(lists.map(({ bytes }) => bytes.length)).toEqual([4 + 64 * 41, 3 + 4 * 41, 3 + 2 * 41]);
    await reader.blocks.put(whole.subarray(0, 16 * MIB)); // the first of them
    expectBytes(await reader.blocks.get(id17, { from: source.address }), whole);
    const tail = cut(whole.subarray(16 * MIB)).blocks;
    expect(sea.asked(scopes.get)).toEqual([lists[2]!, lists[1]!, ...tail.slice(0, 4)].map(it => it.id.hex));
  });

  it('know blocks by their bytes: a content that repeats itself travels once', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    const same = new Uint8Array(20 * BLOCK_BYTES_MAX).fill(7);
    const sameId = await source.blocks.put(same);
    expectBytes(await reader.blocks.get(sameId, { from: source.address }), same);
    expect(sea.asked(scopes.get)).toHaveLength(2);
  });

  it('need nobody for what was put here, and say so when nobody is there to ask: NOT_FOUND', async () => {
    const sea = new TestSea();
    const [one, other] = [sea.node(), sea.node()];
    await one.blocks.put(content);
    expectBytes(await one.blocks.get(id), content);
    expect(await codeOf(other.blocks.get(id))).toBe('NOT_FOUND');
    expect(await codeOf(other.blocks.get(id, { from: [] }))).toBe('NOT_FOUND');
    expect(sea.network.calls).toEqual([]);
  });

  it('read ahead of the reader by a few blocks, and stop when it leaves', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    const whole = testBytes(12 * BLOCK_BYTES_MAX);
    const stream = reader.blocks.stream(await source.blocks.put(whole), { from: source.address });
    expectBytes((await stream.next()).value as Uint8Array, whole.subarray(0, BLOCK_BYTES_MAX));
    await settle();
    expect(sea.asked(scopes.get)).toHaveLength(1 + 4);
    await stream.return();
    await settle();
    expect(sea.asked(scopes.get)).toHaveLength(1 + 4);
    expect(sea.clock.waiting).toBe(0);
  });

  it.each([
    ['', 'BAD_ARGUMENT'],
    ['bafkrei', 'BAD_ARGUMENT'],
    [tree.id.hex, 'BAD_ARGUMENT'],
  ])('refuse %j for an id: %s', async (text, code) => {
    const { blocks } = new TestSea().node();
    expect(await codeOf(blocks.get(text))).toBe(code);
    expect(await codeOf(blocks.offer(text))).toBe(code);
  });

  it('bound what is taken and what is put: TOO_LARGE', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    await source.blocks.put(content);
    const { address: from } = source;
    expect(await codeOf(reader.blocks.get(id, { from, bytesMax: content.length - 1 }))).toBe('TOO_LARGE');
    expect(sea.asked(scopes.get)).toEqual([hexOf(LIST)]);
    expect(await codeOf(reader.blocks.get(id, { from, bytesMax: content.length }))).toBe('fine');
    const big = { getReader: () => ({ read: async () => ({ done: false, value: new Uint8Array(MIB) }), cancel }) };
    let cancelled = 0;
    async function cancel(): Promise<void> {
      cancelled++;
    }
    expect(await codeOf(source.blocks.put(big))).toBe('TOO_LARGE');
    expect(cancelled).toBe(1);
  }, 30_000);

  it('do without a store that fails when fetching, not when putting: NO_STORAGE', async () => {
    const sea = new TestSea();
    const [source, reader, putter] = [sea.node(), sea.node(new FullStore(0)), sea.node(new FullStore(2))];
    await source.blocks.put(content);
    expectBytes(await reader.blocks.get(id, { from: source.address }), content);
    expect(await codeOf(putter.blocks.put(content))).toBe('NO_STORAGE');
  });

  it('do not believe their own store: what is damaged there is fetched again', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    await source.blocks.put(content);
    await reader.blocks.get(id, { from: source.address });
    await reader.store.put(hexOf(1), new Uint8Array(BLOCK_BYTES_MAX));
    sea.network.calls.length = 0;
    expectBytes(await reader.blocks.get(id, { from: source.address }), content);
    expect(sea.asked(scopes.get)).toEqual([hexOf(1)]);
  });
});

describe('an offer', () => {
  it('stands until it is withdrawn, and can be made again of what is kept', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node(new FullStore(0))];
    const get = (): Promise<unknown> => reader.blocks.get(id, { from: source.address });
    await source.blocks.put(content);
    await source.blocks.put(content); // once is enough to end it
    source.blocks.withdraw(id);
    source.blocks.withdraw(id);
    expect(await codeOf(get())).toBe('NOT_FOUND');
    const end = await source.blocks.offer(id);
    const endOther = await source.blocks.offer(id);
    end();
    end();
    expect(await codeOf(get())).toBe('fine');
    endOther();
    expect(await codeOf(get())).toBe('NOT_FOUND');
  });

  it('is not made of what is not whole here: NOT_FOUND', async () => {
    const sea = new TestSea();
    const source = sea.node();
    await source.blocks.put(content);
    for (const at of [0, LIST]) {
      await source.store.delete(hexOf(at));
      expect(await codeOf(source.blocks.offer(id))).toBe('NOT_FOUND');
    }
  });

  it('hands out nothing that is merely kept: what was fetched is nobody else’s business', async () => {
    const sea = new TestSea();
    const [source, reader, third] = [sea.node(), sea.node(), sea.node()];
    await source.blocks.put(content);
    await reader.blocks.get(id, { from: source.address });
    expect(await codeOf(third.blocks.get(id, { from: reader.address }))).toBe('NOT_FOUND');
    await reader.blocks.offer(id);
    expect(await codeOf(third.blocks.get(id, { from: reader.address }))).toBe('fine');
  });

  it('of blocks in memory needs no store, and gives them one by one too', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(new FullStore(0)), sea.node()];
    const end = source.blocks.offerBlocks(tree.blocks);
    expectBytes(await reader.blocks.get(id, { from: source.address }), content);
    const other = sea.node();
    expectBytes(await other.blocks.getBlock(tree.blocks[3]!.id, { from: source.address }), content.subarray(-7));
    end();
    expect(await codeOf(other.blocks.getBlock(tree.blocks[2]!.id, { from: source.address }))).toBe('NOT_FOUND');
  });

  it('names so many blocks and no more: OVERLOADED, and the others stand', async () => {
    const { blocks } = new TestSea().node();
    const many = Array.from({ length: 65_536 }, (_, i) => {
      const digest = new Uint8Array(32);
      new DataView(digest.buffer).setUint32(0, i);
      return { id: ContentId.fromDigest(digest), bytes: digest };
    });
    const end = blocks.offerBlocks(many);
    expect(() => blocks.offerBlocks(tree.blocks)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
    end();
    expect(() => blocks.offerBlocks(tree.blocks)).not.toThrow();
  });

  it.each([scopes.get, scopes.push])('%s refuses what is malformed: BAD_MESSAGE', async scope => {
    const sea = new TestSea();
    const [node, stranger] = [sea.node(), sea.network.caller(testAddress(200))];
    node.blocks.accept({ wants: () => true });
    for (const value of [null, [], ['x'], [new Uint8Array(31), 1], { id: 1 }])
      expect(await codeOf(stranger.call(node.address, scope, { value }))).toBe('BAD_MESSAGE');
  });

  it('ends with the service: NO_HANDLER', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    await source.blocks.put(content);
    source.scope.close();
    expect(await codeOf(reader.blocks.get(id, { from: source.address }))).toBe('NO_HANDLER');
  });
});

describe('push', () => {
  it('sends the hashes first, then what the receiver lacks', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    const taken: Push[] = [];
    receiver.blocks.accept({ wants: ({ length }) => length < MIB, onTaken: push => taken.push(push) });
    await receiver.store.put(hexOf(1), tree.blocks[1]!.bytes);
    await sender.blocks.put(content);
    sender.blocks.withdraw(id);
    const sent: number[] = [];
    expect(await sender.blocks.push(receiver.address, id, { onSent: bytes => sent.push(bytes) })).toBe(524_295);
    expect(sea.asked(scopes.get)).toEqual([LIST, 0, 2, 3].map(hexOf));
    expect(sent).toEqual([163, 262_144, 262_144, 7]);
    expect(taken).toEqual([{ from: sender.address, id, length: content.length }]);
    expectBytes(await receiver.blocks.get(id), content);
    sea.network.calls.length = 0;
    expect(await sender.blocks.push(receiver.address, id)).toBe(0);
    expect(sea.asked(scopes.get)).toEqual([]);
  });

  it('skips whole lists that the receiver has', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    const whole = testBytes((LIST_ENTRIES_MAX + 1) * BLOCK_BYTES_MAX);
    receiver.blocks.accept({ wants: () => true });
    await receiver.blocks.put(whole.subarray(0, LIST_ENTRIES_MAX * BLOCK_BYTES_MAX));
    expect(await sender.blocks.push(receiver.address, await sender.blocks.put(whole))).toBe(BLOCK_BYTES_MAX);
    expect(sea.asked(scopes.get)).toHaveLength(3);
  });

  it('is declined where nobody accepts, or the content is not wanted: DECLINED', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    await sender.blocks.put(content);
    const push = (): Promise<unknown> => sender.blocks.push(receiver.address, id);
    expect(await codeOf(push())).toBe('DECLINED');
    const stop = receiver.blocks.accept({ wants: () => Promise.resolve(false) });
    expect(await codeOf(push())).toBe('DECLINED');
    expect(() => receiver.blocks.accept({ wants: () => true })).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }),
    );
    stop();
    receiver.blocks.accept({ wants: () => true });
    stop(); // ends its own only
    expect(await codeOf(push())).toBe('fine');
  });

  it('is done when all is kept: NO_STORAGE where it is not, and the next try goes on there', async () => {
    const sea = new TestSea();
    const store = new FullStore(3);
    const [sender, receiver] = [sea.node(), sea.node(store)];
    receiver.blocks.accept({ wants: () => true });
    await sender.blocks.put(content);
    expect(await codeOf(sender.blocks.push(receiver.address, id))).toBe('NO_STORAGE');
    await settle();
    store.room = 100;
    sea.network.calls.length = 0;
    expect(await codeOf(sender.blocks.push(receiver.address, id))).toBe('fine');
    expect(sea.asked(scopes.get)).toHaveLength(2);
    expectBytes(await receiver.blocks.get(id), content);
  });

  it('refuses a content that is not as long as its sender said: BAD_MESSAGE', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    receiver.blocks.accept({ wants: () => true });
    await sender.blocks.put(content);
    const liar = sea.network.caller(sender.address); // its handlers are gone with this, so offer again
    liar.handle(scopes.get, async () => ({ value: [], payload: tree.blocks[LIST]!.bytes }));
    const said = { value: [tree.id.digest, content.length - 1] };
    expect(await codeOf(liar.call(receiver.address, scopes.push, said))).toBe('BAD_MESSAGE');
  });

  it('offers nothing that is not whole here: NOT_FOUND', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    expect(await codeOf(sender.blocks.push(receiver.address, id))).toBe('NOT_FOUND');
    expect(sea.network.calls).toEqual([]);
  });

  it('is taken for a few at a time, fewer from one neighbour: OVERLOADED, until one is through', async () => {
    const sea = new TestSea();
    const receiver = sea.node();
    const answers: ((wanted: boolean) => void)[] = [];
    receiver.blocks.accept({ wants: () => new Promise(resolve => answers.push(resolve)) });
    const senders = Array.from({ length: PUSHES_MAX / PUSHES_PER_NEIGHBOUR_MAX + 1 }, () => sea.node());
    for (const { blocks } of senders) await blocks.put(content);
    const pushFrom = (at: number): Promise<string> => codeOf(senders[at]!.blocks.push(receiver.address, id));
    const pushes = Array.from({ length: PUSHES_PER_NEIGHBOUR_MAX }, () => pushFrom(0));
    await settle();
    expect(await pushFrom(0)).toBe('OVERLOADED');
    for (let at = pushes.length; at < PUSHES_MAX; at++)
      pushes.push(pushFrom(Math.floor(at / PUSHES_PER_NEIGHBOUR_MAX)));
    await settle();
    expect(answers).toHaveLength(PUSHES_MAX);
    expect(await pushFrom(senders.length - 1)).toBe('OVERLOADED');
    answers[0]!(false);
    expect(await pushes[0]).toBe('DECLINED');
    const late = pushFrom(senders.length - 1);
    await settle();
    for (const answer of answers) answer(true);
    expect(new Set(await Promise.all([...pushes.slice(1), late]))).toEqual(new Set(['fine']));
  });

  it('holds no place while nobody decides about it, once its sender has given up', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    receiver.blocks.accept({ wants: () => new Promise(() => {}) });
    await sender.blocks.put(content);
    for (let i = 0; i < 2 * PUSHES_MAX; i++) {
      const controller = new AbortController();
      const pushed = codeOf(sender.blocks.push(receiver.address, id, { signal: controller.signal }));
      await settle();
      controller.abort();
      expect(await pushed).toBe('ABORTED');
      await settle();
    }
  });

  it('ends when its sender gives up: nothing more is fetched', async () => {
    const sea = new TestSea();
    const [sender, receiver] = [sea.node(), sea.node()];
    receiver.blocks.accept({ wants: () => true });
    await sender.blocks.put(content);
    sea.network.swallow = ({ scope, body }) =>
      scope === scopes.get && (body.value as Uint8Array[])[0]![0] !== tree.id.digest[0];
    const controller = new AbortController();
    const pushed = codeOf(sender.blocks.push(receiver.address, id, { signal: controller.signal }));
    await settle();
    controller.abort();
    expect(await pushed).toBe('ABORTED');
    await settle();
    expect(sea.clock.waiting).toBe(0);
  });
});
