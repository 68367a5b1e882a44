/** Sources that vanish, stall and lie, lists that are made to harm, and many readers at once. */

import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { equal, toHex } from '../base/bytes.ts';
import { type ErrorCode, isSeaError, type SeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { type SentCall, settle, testAddress } from '../compute/testing/test-network.ts';
import type { Body } from '../rpc/exchange.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { BLOCK_BYTES_MAX, HEDGE_MS, LIST_DEPTH_MAX, LIST_ENTRIES_MAX, SOURCES_MAX } from './limits.ts';
import { type Entry, writeList } from './list.ts';
import { scopes } from './messages.ts';
import { type TestNode, TestSea, testBytes } from './testing/test-sea.ts';
import { type Block, blockOf, cut } from './tree.ts';

const BLOCKS = 12;
const content = testBytes(BLOCKS * BLOCK_BYTES_MAX);
const tree = cut(content);
const id = tree.id.toString();
const LIST = tree.blocks[BLOCKS]!.id.hex;

async function failureOf(promise: Promise<unknown>): Promise<SeaError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (isSeaError(error)) return error;
    throw error;
  }
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fine'> {
  return (await failureOf(promise))?.code ?? 'fine';
}

/** The block that a call asks for, in hex; empty for other calls. */
function blockIn({ scope, body }: SentCall): string {
  return scope === scopes.get ? toHex((body.value as Uint8Array[])[0]!) : '';
}

/** Lets time pass until the promise has settled. */
async function until<T>(sea: TestSea, promise: Promise<T>): Promise<T> {
  let settled = false;
  const mark = (): void => {
    settled = true;
  };
  promise.then(mark, mark);
  for (let turn = 0; turn < 10_000 && !settled; turn++) {
    await settle();
    if (!settled && turn % 3 === 2) sea.clock.pass(100);
  }
  return promise;
}

/** A reader, and so many nodes that offer the content. */
async function star(count: number): Promise<{ sea: TestSea; reader: TestNode; sources: TestNode[] }> {
  const sea = new TestSea();
  const sources = Array.from({ length: count }, () => sea.node());
  for (const { blocks } of sources) blocks.offerBlocks(tree.blocks);
  return { sea, reader: sea.node(), sources };
}

const addressesOf = (nodes: readonly TestNode[]) => nodes.map(({ address }) => address);

describe('sources', () => {
  it('share the work', async () => {
    const { sea, reader, sources } = await star(3);
    expect(equal(await reader.blocks.get(id, { from: addressesOf(sources) }), content)).toBe(true);
    const counts = sources.map(({ address }) => sea.network.calls.filter(({ to }) => to.equals(address)).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(1 + BLOCKS);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
  });

  it('that vanish in mid-transfer are replaced by the others: what came is not fetched again', async () => {
    const { sea, reader, sources } = await star(2);
    const [first, second] = sources as [TestNode, TestNode];
    sea.network.swallow = call => call.to.equals(first.address) && sea.network.calls.length > 6;
    const got = reader.blocks.get(id, { from: addressesOf(sources) });
    await settle();
    sea.network.breakCalls(first.address, reader.address);
    first.scope.close();
    expect(equal(await until(sea, got), content)).toBe(true);
    const served = sea.network.calls.filter(({ to }) => to.equals(second.address)).map(blockIn);
    expect(new Set(served).size).toBe(served.length);
  });

  it('that vanish all leave what came: the next fetch goes on there', async () => {
    const { sea, reader, sources } = await star(2);
    const [first, second] = sources as [TestNode, TestNode];
    sea.network.swallow = () => sea.network.calls.length > 6;
    const failed = failureOf(reader.blocks.get(id, { from: first.address }));
    await settle();
    sea.network.breakCalls(first.address, reader.address);
    expect((await until(sea, failed))?.code).toBe('PEER_GONE');
    sea.network.swallow = () => false;
    const before = sea.asked(scopes.get);
    sea.network.calls.length = 0;
    expect(equal(await reader.blocks.get(id, { from: second.address }), content)).toBe(true);
    const after = sea.asked(scopes.get);
    const cameBefore = before.slice(0, 6);
    expect(after.filter(hex => cameBefore.includes(hex))).toEqual([]);
    expect(after).toHaveLength(1 + BLOCKS - 6);
  });

  it('that stay silent are passed over after a moment, and asked last from then on', async () => {
    const { sea, reader, sources } = await star(2);
    const [silent] = sources as [TestNode, TestNode];
    sea.network.swallow = ({ to }) => to.equals(silent.address);
    const got = reader.blocks.get(id, { from: addressesOf(sources) });
    expect(equal(await until(sea, got), content)).toBe(true);
    expect(sea.clock.now()).toBeLessThanOrEqual(2 * HEDGE_MS + 200);
    expect(sea.network.calls.filter(({ to }) => to.equals(silent.address)).length).toBeLessThanOrEqual(5);
    expect(sea.clock.waiting).toBe(0);
  });

  it('that lack some blocks are asked for the others', async () => {
    const sea = new TestSea();
    const [odd, even, reader] = [sea.node(), sea.node(), sea.node()];
    odd.blocks.offerBlocks(tree.blocks.filter((_, at) => at % 2 === 1));
    even.blocks.offerBlocks(tree.blocks.filter((_, at) => at % 2 === 0)); // the list too
    expect(equal(await reader.blocks.get(id, { from: addressesOf([odd, even]) }), content)).toBe(true);
    expect(await codeOf(sea.node().blocks.get(id, { from: even.address }))).toBe('NOT_FOUND');
  });

  it('beyond the first few are not asked', async () => {
    const { reader, sources } = await star(1);
    const strangers = Array.from({ length: SOURCES_MAX }, (_, i) => testAddress(100 + i));
    const from = [...strangers, sources[0]!.address];
    expect(await codeOf(reader.blocks.get(id, { from }))).toBe('NO_HANDLER');
    expect(await codeOf(reader.blocks.get(id, { from: from.slice(1) }))).toBe('fine');
  });
});

describe('a liar', () => {
  const lies: readonly (readonly [string, (answer: Body) => Body])[] = [
    ['changed bytes', answer => ({ ...answer, payload: answer.payload!.with(9, answer.payload![9]! ^ 1) })],
    ['fewer bytes', answer => ({ ...answer, payload: answer.payload!.slice(1) })],
    ['no bytes', ({ value }) => ({ value })],
    ['another block', answer => ({ ...answer, payload: tree.blocks[0]!.bytes.with(0, 1) })],
  ];
  it.each(lies)('with %s alone: DAMAGED, named, held against it, and nothing is kept', async (_what, lie) => {
    const { sea, reader, sources } = await star(1);
    sea.network.tamper = (call, answer) => (blockIn(call) === LIST ? answer : lie(answer));
    const failure = await failureOf(reader.blocks.get(id, { from: sources[0]!.address }));
    expect(failure?.code).toBe('DAMAGED');
    expect(failure?.peer).toBe(sources[0]!.address.toString());
    expect(reader.offenders).toEqual([sources[0]!.address.toString()]);
    for (const block of tree.blocks.slice(0, BLOCKS)) expect(await reader.store.has(block.id.hex)).toBe(false);
    expect(await reader.store.has(LIST)).toBe(true);
  });

  it('among others is asked no more, and costs nobody anything', async () => {
    const { sea, reader, sources } = await star(3);
    const [, liar] = sources as [TestNode, TestNode, TestNode];
    sea.network.tamper = (call, answer) =>
      call.to.equals(liar.address) ? { ...answer, payload: testBytes(BLOCK_BYTES_MAX, 3) } : answer;
    expect(equal(await reader.blocks.get(id, { from: addressesOf(sources) }), content)).toBe(true);
    expect(reader.offenders).toEqual([liar.address.toString()]);
    expect(sea.network.calls.filter(({ to }) => to.equals(liar.address)).length).toBeLessThanOrEqual(4);
  });

  it('that answers with more than a block is refused before it is hashed: BAD_MESSAGE', async () => {
    const { sea, reader, sources } = await star(1);
    sea.network.tamper = (_call, answer) => ({ ...answer, payload: new Uint8Array(BLOCK_BYTES_MAX + 1) });
    expect(await codeOf(reader.blocks.get(id, { from: sources[0]!.address }))).toBe('BAD_MESSAGE');
  });

  it('that answers every name with a list of that name is found out: DAMAGED', async () => {
    const sea = new TestSea();
    const reader = sea.node();
    const liar = sea.network.caller(testAddress(200));
    liar.handle(scopes.get, async ({ body }) => {
      const own = ContentId.fromDigest((body.value as Uint8Array[])[0]!);
      return { value: [], payload: writeList([{ id: own, length: 1, isList: true }]) };
    });
    expect(await codeOf(reader.blocks.get(id, { from: testAddress(200) }))).toBe('DAMAGED');
    expect(sea.asked(scopes.get)).toEqual([LIST]);
  });
});

describe('a list made to harm', () => {
  /** What a reader says of a content whose outermost list has these entries. */
  async function read(entries: readonly Entry[], blocks: readonly Block[]): Promise<ErrorCode | 'fine'> {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    const list = blockOf(writeList(entries));
    source.blocks.offerBlocks([...blocks, list]);
    const code = await codeOf(reader.blocks.get(list.id, { from: source.address }));
    expect(reader.offenders).toEqual([]); // the source gave what it was asked for
    return code;
  }
  const byte = blockOf(Uint8Array.of(7));
  const leaf: Entry = { id: byte.id, length: 1, isList: false };
  const over = (entries: readonly Entry[]): { block: Block; entry: Entry } => {
    const block = blockOf(writeList(entries));
    return { block, entry: { id: block.id, length: entries.reduce((sum, it) => sum + it.length, 0), isList: true } };
  };

  it('nests as deep as lists may, and no deeper: TOO_LARGE', async () => {
    const blocks = [byte];
    let entry = leaf;
    for (let depth = 1; depth < LIST_DEPTH_MAX; depth++) {
      const next = over([entry]);
      blocks.push(next.block);
      entry = next.entry;
    }
    expect(await read([entry], blocks)).toBe('fine');
    const deeper = over([entry]);
    expect(await read([deeper.entry], [...blocks, deeper.block])).toBe('TOO_LARGE');
  });

  it('unfolds a few small lists into many entries: TOO_LARGE, long before their end', async () => {
    const times = (entry: Entry, count: number): Entry[] => Array.from({ length: count }, () => entry);
    const low = over(times(leaf, LIST_ENTRIES_MAX));
    const middle = over(times(low.entry, LIST_ENTRIES_MAX));
    const blocks = [byte, low.block, middle.block];
    expect(await read([middle.entry, middle.entry, middle.entry], blocks)).toBe('fine');
    expect(await read(times(middle.entry, LIST_ENTRIES_MAX), blocks)).toBe('TOO_LARGE');
  });

  it('says another length than what it names: BAD_MESSAGE', async () => {
    const low = over([leaf, leaf]);
    expect(await read([low.entry], [byte, low.block])).toBe('fine');
    expect(await read([{ ...low.entry, length: 3 }], [byte, low.block])).toBe('BAD_MESSAGE');
    expect(await read([{ ...leaf, length: 2 }], [byte])).toBe('BAD_MESSAGE');
  });

  it('calls bytes a list, or a list bytes', async () => {
    const low = over([leaf, leaf]);
    expect(await read([{ ...leaf, isList: true }], [byte])).toBe('BAD_MESSAGE');
    expect(await read([{ id: low.entry.id, length: low.block.bytes.length, isList: false }], [low.block])).toBe('fine');
  });

  it('is no list at all: BAD_MESSAGE', async () => {
    const sea = new TestSea();
    const [source, reader] = [sea.node(), sea.node()];
    source.blocks.offerBlocks([byte]);
    expect(await codeOf(reader.blocks.get(byte.id, { from: source.address }))).toBe('BAD_MESSAGE');
  });
});

describe('many readers of one node', () => {
  it('that want the same at once have it travel once', async () => {
    const { sea, reader, sources } = await star(1);
    const all = await Promise.all([1, 2, 3].map(() => reader.blocks.get(id, { from: sources[0]!.address })));
    for (const bytes of all) expect(equal(bytes, content)).toBe(true);
    expect(sea.asked(scopes.get)).toHaveLength(1 + BLOCKS);
    all[0]![0]! ^= 1;
    expect(all[1]![0]).toBe(content[0]);
  });

  it('are not spoilt by one that gives up, whose flight they had joined', async () => {
    const { sea, reader, sources } = await star(2);
    const [silent, good] = sources as [TestNode, TestNode];
    sea.network.swallow = ({ to }) => to.equals(silent.address);
    const controller = new AbortController();
    const { signal } = controller;
    const first = codeOf(reader.blocks.get(id, { from: silent.address, signal }));
    await settle();
    const second = reader.blocks.get(id, { from: good.address });
    await settle();
    expect(sea.asked(scopes.get)).toEqual([LIST]);
    controller.abort();
    expect(await first).toBe('ABORTED');
    expect(equal(await second, content)).toBe(true);
    expect(sea.clock.now()).toBe(0);
  });

  it('are held up for a moment only by one whose source is silent', async () => {
    const { sea, reader, sources } = await star(2);
    const [silent, good] = sources as [TestNode, TestNode];
    sea.network.swallow = call => call.to.equals(silent.address) && blockIn(call) !== LIST;
    const first = codeOf(reader.blocks.get(id, { from: silent.address }));
    await settle();
    expect(equal(await until(sea, reader.blocks.get(id, { from: good.address })), content)).toBe(true);
    expect(sea.clock.now()).toBeLessThanOrEqual(HEDGE_MS + 200);
    expect(await until(sea, first)).toBe('TIMEOUT');
  });

  it('end with the service: CLOSED', async () => {
    const { sea, reader, sources } = await star(1);
    sea.network.swallow = () => true;
    const got = codeOf(reader.blocks.get(id, { from: sources[0]!.address }));
    await settle();
    reader.scope.close();
    expect(await got).toBe('CLOSED');
    expect(sea.clock.waiting).toBe(0);
    expect(await codeOf(reader.blocks.get(id, { from: sources[0]!.address }))).toBe('CLOSED');
  });
});

it('whatever the sources do, a reader gets the content or an error, and keeps nothing false', async () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = new SeededRandom(`chaos ${seed}`);
    const { sea, reader, sources } = await star(4);
    const odds = sources.map(() => below(random, 60));
    const roll = ({ to }: SentCall): boolean => {
      const at = sources.findIndex(({ address }) => address.equals(to));
      return at >= 0 && below(random, 100) < odds[at]!;
    };
    sea.network.swallow = roll;
    sea.network.tamper = (call, answer) =>
      roll(call) ? { ...answer, payload: answer.payload!.with(0, answer.payload![0]! ^ 1) } : answer;
    let got: Uint8Array | undefined;
    for (let attempt = 0; attempt < 20 && got === undefined; attempt++) {
      const outcome = reader.blocks.get(id, { from: addressesOf(sources) }).catch((error: unknown) => {
        if (!isSeaError(error, 'DAMAGED') && !isSeaError(error, 'TIMEOUT')) throw error;
        return undefined;
      });
      got = await until(sea, outcome);
    }
    expect(got !== undefined && equal(got, content)).toBe(true);
    for (const { id: block } of tree.blocks) {
      const kept = await reader.store.get(block.hex);
      expect(kept === undefined || ContentId.of(kept).equals(block)).toBe(true);
    }
  }
}, 120_000);
