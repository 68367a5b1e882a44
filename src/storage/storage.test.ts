/** The service as a whole: several nodes in one process, holders that fail, links that do not fit. */

import { describe, expect, it, vi } from 'vitest';
import { MemoryShardStore } from '../adapters/memory/memory-shard-store.ts';
import { deferred } from '../base/deferred.ts';
import type { ErrorCode } from '../base/errors.ts';
import { settle } from '../compute/testing/test-network.ts';
import { formatLink, parseLink } from './file-link.ts';
import { HEDGE_MS, MANIFEST_HEDGE_MS, SHARDS_IN_FLIGHT, SWEEP_FIRST_MS, SWEEP_MS } from './limits.ts';
import type { PutProgress } from './put.ts';
import { scopes } from './scopes.ts';
import { gather, TEST_SEGMENT_BYTES, TestNode, TestSea, testBytes } from './testing/test-sea.ts';

const DAY_MS = 86_400_000;
const file = testBytes(100_000);

const failing = (code: ErrorCode): unknown => expect.objectContaining({ code });

describe('put and get', () => {
  it('give a file back, with its name, to whoever has the read link', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(5);
    const reader = await sea.node();
    const progress: PutProgress[] = [];
    const links = await owner.storage.put(file, {
      k: 2,
      n: 5,
      name: 'a.bin',
      type: 'x/y',
      onProgress: told => progress.push(told),
    });
    expect(await gather(reader.storage.get(links.read))).toEqual(file);
    expect(progress.at(-1)).toMatchObject({ storedBytes: 100_000, totalBytes: 100_000 });
    const shown = await reader.storage.inspect(links.read);
    expect(shown).toMatchObject({ name: 'a.bin', type: 'x/y', length: 100_000, k: 2, n: 5 });
    expect(new Set(shown.segments[0]!.map(String)).size).toBe(5);
    expect(shown.segments[0]!.map(String)).not.toContain(owner.address.toString());
  });

  it('take bytes from every kind of source, and none at all', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const chunks = [file.subarray(0, 1000), file.subarray(1000, 70_000), new Uint8Array(0), file.subarray(70_000)];
    const named = new File(chunks as BlobPart[], 'photo.png', { type: 'image/png' });
    async function* later(): AsyncGenerator<Uint8Array> {
      yield* chunks;
    }
    for (const source of [file, new Blob(chunks as BlobPart[]), named, named.stream(), chunks, later()]) {
      const { read } = await owner.storage.put(source, { k: 2, n: 3 });
      expect(await gather(owner.storage.get(read))).toEqual(file);
    }
    const { read } = await owner.storage.put(named, { k: 1, n: 1 });
    expect(await owner.storage.inspect(read)).toMatchObject({ name: 'photo.png', type: 'image/png' });
    const nothing = await owner.storage.put(new Uint8Array(0), { k: 2, n: 3 });
    expect(await gather(owner.storage.get(nothing.read))).toEqual(new Uint8Array(0));
  });

  it('cross segments, whole and by ranges, and leave nothing running when the reader leaves', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(2);
    const large = testBytes(TEST_SEGMENT_BYTES + 1000);
    const { read } = await owner.storage.put(large, { k: 1, n: 2 });
    expect((await owner.storage.inspect(read)).segments.length).toBe(2);
    const range = async (start?: number, end?: number): Promise<Uint8Array> =>
      gather(owner.storage.get(read, { range: { start, end } }));
    expect(await range(TEST_SEGMENT_BYTES - 5, TEST_SEGMENT_BYTES + 5)).toEqual(
      large.slice(TEST_SEGMENT_BYTES - 5, TEST_SEGMENT_BYTES + 5),
    );
    expect(await range(10, 20)).toEqual(large.slice(10, 20));
    expect(await range(TEST_SEGMENT_BYTES)).toEqual(large.slice(TEST_SEGMENT_BYTES));
    expect(await range(7, 7)).toEqual(new Uint8Array(0));
    await expect(range(-1)).rejects.toEqual(failing('BAD_ARGUMENT'));
    await expect(range(9, 8)).rejects.toEqual(failing('BAD_ARGUMENT'));
    for await (const _ of owner.storage.get(read)) break;
  });

  it('have a few shards on their way at a time: a slow uplink is not shared by all of a file', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(8);
    let underWay = 0;
    let most = 0;
    sea.network.swallow = ({ scope }) => {
      if (scope === scopes.begin) most = Math.max(most, ++underWay);
      return false;
    };
    sea.network.tamper = ({ scope }, answer) => {
      if (scope === scopes.commit) underWay--;
      return answer;
    };
    await owner.storage.put(testBytes(3 * TEST_SEGMENT_BYTES), { k: 4, n: 8 });
    expect([underWay, most]).toEqual([0, SHARDS_IN_FLIGHT]);
  });

  it('go on without any n - k holders, and say so when one more is missing', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(10);
    const { read } = await owner.storage.put(file);
    for (const holder of holders.slice(2, 8)) holder.leave();
    expect(await sea.until(gather(owner.storage.get(read)))).toEqual(file);
    holders[0]!.leave();
    await expect(sea.until(gather(owner.storage.get(read)))).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
  });

  it('ask others when a holder is silent', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(6);
    const { read } = await owner.storage.put(file, { k: 2, n: 6 });
    const silent = new Set(holders.slice(0, 4).map(({ address }) => address.toString()));
    sea.network.swallow = ({ to }) => silent.has(to.toString());
    expect(await sea.until(gather(owner.storage.get(read)))).toEqual(file);
  });

  it('wait for one silent holder a moment, and once', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const { read } = await owner.storage.put(file, { k: 2, n: 4 });
    for (const { address } of holders) {
      sea.network.swallow = ({ to }) => to.equals(address);
      const before = sea.clock.now();
      expect(await sea.until(gather(owner.storage.get(read)))).toEqual(file);
      expect(sea.clock.now() - before).toBeLessThanOrEqual(MANIFEST_HEDGE_MS + HEDGE_MS / 5);
    }
  });

  it('share the shards of equal segments of one owner, until the last file is deleted', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const put = () => owner.storage.put(file, { k: 3, n: 3 });
    const first = await put();
    const bytes = holders.map(({ storage }) => storage.status().usedBytes);
    const sent = (): number => sea.network.calls.filter(({ scope }) => scope === scopes.piece).length;
    const before = sent();
    const second = await put();
    const shards = holders.map(({ storage }) => storage.status().shards);
    expect([before, sent()]).toEqual([4, 5]); // three shards and a manifest, then a manifest
    expect(shards.reduce((sum, each) => sum + each)).toBe(5);
    expect(bytes.every(each => each >= 33_334)).toBe(true);
    await owner.storage.delete(first.delete);
    expect(await gather(owner.storage.get(second.read))).toEqual(file);
    await owner.storage.delete(second.delete);
    expect(holders.map(({ storage }) => storage.status().usedBytes)).toEqual([0, 0, 0]);
  });
});

describe('holders', () => {
  it('that are full refuse with QUOTA before they are over, and the next one takes over', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const full = await sea.node(1_000);
    const { read } = await owner.storage.put(file, { k: 2, n: 4 });
    expect(full.storage.status()).toMatchObject({ usedBytes: 0, shards: 0 });
    expect(await gather(owner.storage.get(read))).toEqual(file);
    await holders[0]!.storage.lend({ quotaBytes: 0 });
    await expect(owner.storage.put(testBytes(9, 2), { k: 2, n: 5 })).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
  });

  it('that fill up in mid-upload are replaced', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const small = await sea.node(70_000);
    let chunks = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (; chunks < 3; chunks++) yield testBytes(TEST_SEGMENT_BYTES, chunks);
    }
    const { read } = await owner.storage.put(source(), { k: 2, n: 3 });
    expect(small.storage.status().usedBytes).toBeLessThanOrEqual(70_000);
    expect((await gather(owner.storage.get(read))).length).toBe(3 * TEST_SEGMENT_BYTES);
  });

  it('that are giving a shard up take it anew: its owner is not refused', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(0);
    const { shards } = await sea.node(64_000_000);
    const put = () => owner.storage.put(file, { k: 1, n: 1 });
    const remove = shards.delete.bind(shards);
    const [deleting, mayDelete] = [deferred<void>(), deferred<void>()];
    shards.delete = async id => {
      deleting.resolve();
      await mayDelete.promise;
      await remove(id);
    };
    const first = await put();
    const deletion = owner.storage.delete(first.delete);
    await deleting.promise;
    const again = put();
    for (let turn = 0; turn < 200; turn++) await settle();
    mayDelete.resolve();
    expect(await deletion).toEqual({ deleted: 2, missed: 0 });
    expect(await gather(owner.storage.get((await again).read))).toEqual(file);
  });

  it('that are no neighbours are found, and named by neighbours', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const [a, b, c, d] = holders.map(({ address }) => address);
    sea.neighbours = of => (of.equals(owner.address) ? [a!] : of.equals(b!) ? [c!] : []);
    sea.found.push(b!);
    const { read } = await owner.storage.put(file, { k: 2, n: 3 });
    const shown = await owner.storage.inspect(read);
    expect(shown.segments[0]!.map(String).sort()).toEqual([a, b, c].map(String).sort());
    await expect(owner.storage.put(file, { k: 2, n: 4 })).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
    sea.found.push(d!);
    await owner.storage.put(file, { k: 2, n: 4 });
  });

  it('that are silent keep nobody waiting where others are enough, and are waited for where they are not', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const silent = holders[1]!.address;
    let isSilent = true;
    sea.network.swallow = ({ to }) => isSilent && to.equals(silent);
    await sea.until(owner.storage.put(file, { k: 2, n: 3 }), 500);
    const put = owner.storage.put(file, { k: 2, n: 4 });
    sea.clock.pass(2_000);
    isSilent = false;
    await sea.until(put);
  });

  it('that cannot be reached at first are asked again', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const late = holders[1]!.address;
    let lost = 0;
    sea.network.swallow = ({ to, scope }) => scope === scopes.offer && to.equals(late) && lost++ < 2;
    const { read } = await sea.until(owner.storage.put(file, { k: 2, n: 3 }));
    expect((await owner.storage.inspect(read)).segments[0]!.map(String)).toContain(late.toString());
    sea.network.swallow = ({ to }) => to.equals(late);
    await expect(sea.until(owner.storage.put(file, { k: 2, n: 3 }))).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
  });

  it('let go when a lease ends', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const { read } = await owner.storage.put(file, { k: 2, n: 3, leaseMs: DAY_MS });
    expect(holders[0]!.storage.status().usedBytes).toBeGreaterThan(50_000);
    sea.clock.pass(DAY_MS - 1_000);
    expect(await sea.until(gather(owner.storage.get(read)))).toEqual(file);
    sea.clock.pass(1_000 + SWEEP_MS);
    await expect(sea.until(gather(owner.storage.get(read)))).rejects.toEqual(failing('NOT_FOUND'));
    expect(holders.map(({ storage }) => storage.status().usedBytes)).toEqual([0, 0, 0]);
    expect(await holders[0]!.shards.list()).toEqual([]);
  });

  it('have everything they acknowledged after a restart', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    const { read } = await owner.storage.put(file, { k: 3, n: 3 });
    const before = holders.map(({ storage }) => storage.status().usedBytes);
    for (const [i, holder] of holders.entries()) {
      holder.leave();
      sea.nodes[i + 1] = new TestNode(sea, i + 1, holder.shards);
    }
    expect(await sea.until(gather(owner.storage.get(read)))).toEqual(file);
    expect(sea.nodes.slice(1).map(({ storage }) => storage.status().usedBytes)).toEqual(before);
  });

  it('know soon after a restart what they hold, though nobody asks and nothing is lent', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(1);
    await owner.storage.put(file, { k: 1, n: 1 });
    const { usedBytes } = holders[0]!.storage.status();
    holders[0]!.leave();
    const again = new TestNode(sea, 1, holders[0]!.shards);
    expect(again.storage.status()).toMatchObject({ usedBytes: 0, shards: 0, endsAtMs: undefined });
    sea.clock.pass(SWEEP_FIRST_MS);
    await vi.waitFor(() => expect(again.statuses.at(-1)).toMatchObject({ usedBytes, quotaBytes: 0 }));
    expect(again.storage.status()).toEqual(again.statuses.at(-1));
  });
});

describe('what does not fit has its code', () => {
  it('links: truncated, mistyped, of another kind', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const links = await owner.storage.put(file, { k: 2, n: 3 });
    for (const text of [
      '',
      'x',
      links.read.slice(0, -3),
      links.read.replace('sea-read:', 'sea-delete:'),
      'sea-read:AAAA',
    ])
      await expect(gather(owner.storage.get(text)), text).rejects.toEqual(failing('BAD_LINK'));
    await expect(gather(owner.storage.get(links.delete))).rejects.toEqual(failing('NO_RIGHT'));
    await expect(owner.storage.delete(links.read)).rejects.toEqual(failing('NO_RIGHT'));
    await expect(owner.storage.delete(links.delete.slice(0, -9))).rejects.toEqual(failing('BAD_LINK'));
  });

  it('a right that no lease knows: NO_RIGHT, to read, to find and to delete', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const links = await owner.storage.put(file, { k: 2, n: 3 });
    const seed = new Uint8Array(32).fill(1);
    const [read, remove] = [parseLink(links.read), parseLink(links.delete)];
    await expect(gather(owner.storage.get(formatLink({ ...read, seed })))).rejects.toEqual(failing('NO_RIGHT'));
    const lost = formatLink({ ...read, manifest: { ...read.manifest, fetchSeed: seed } });
    await expect(gather(owner.storage.get(lost))).rejects.toEqual(failing('NO_RIGHT'));
    expect(await owner.storage.delete(formatLink({ ...remove, seed }))).toEqual({ deleted: 0, missed: 5 });
    expect(await gather(owner.storage.get(links.read))).toEqual(file);
  });

  it('shards that were changed: others serve; when too many were, DAMAGED', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const { read } = await owner.storage.put(file, { k: 2, n: 4 });
    const manifest = parseLink(read).manifest.id;
    const liars = new Set<string>();
    sea.network.tamper = ({ scope, to, body }, answer) => {
      const [shard] = body.value as [Uint8Array];
      if (scope !== scopes.get || !liars.has(to.toString()) || String(shard) === String(manifest)) return answer;
      answer.payload![5]! ^= 1;
      return answer;
    };
    for (const { address } of holders.slice(0, 2)) liars.add(address.toString());
    expect(await gather(owner.storage.get(read))).toEqual(file);
    liars.add(holders[2]!.address.toString());
    await expect(gather(owner.storage.get(read))).rejects.toEqual(failing('DAMAGED'));
  });

  it('a manifest that is another one: BAD_MANIFEST', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(3);
    const [one, other] = [
      await owner.storage.put(file, { k: 2, n: 3 }),
      await owner.storage.put(testBytes(1000), { k: 2, n: 3 }),
    ].map(({ read }) => parseLink(read)) as [ReturnType<typeof parseLink>, ReturnType<typeof parseLink>];
    const swapped = formatLink({ ...one, manifest: other.manifest });
    await expect(gather(owner.storage.get(swapped))).rejects.toEqual(failing('BAD_MANIFEST'));
    sea.network.tamper = ({ scope }, answer) => {
      if (scope === scopes.get) answer.payload!.fill(0);
      return answer;
    };
    await expect(gather(owner.storage.get(formatLink(one)))).rejects.toEqual(failing('BAD_MANIFEST'));
  });

  it('deleted files: NOT_FOUND', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(4);
    const links = await owner.storage.put(file, { k: 2, n: 4 });
    expect(await owner.storage.delete(links.delete)).toEqual({ deleted: 7, missed: 0 });
    expect(holders.map(({ storage }) => storage.status().shards)).toEqual([0, 0, 0, 0]);
    await expect(gather(owner.storage.get(links.read))).rejects.toEqual(failing('NOT_FOUND'));
    await expect(owner.storage.delete(links.delete)).rejects.toEqual(failing('NOT_FOUND'));
  });

  it('unfit options, and a put that is given up leaves nothing', async () => {
    const sea = new TestSea();
    const { owner, holders } = await sea.star(3);
    for (const options of [{ k: 0 }, { k: 3, n: 2 }, { n: 129 }, { k: 1.5 }, { leaseMs: 1 }, { leaseMs: 1e13 }])
      await expect(owner.storage.put(file, options)).rejects.toEqual(failing('BAD_ARGUMENT'));
    await expect(owner.storage.put(file, { k: 2, n: 4 })).rejects.toEqual(failing('TOO_FEW_HOLDERS'));
    const controller = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield testBytes(TEST_SEGMENT_BYTES);
      controller.abort();
      yield testBytes(TEST_SEGMENT_BYTES);
    }
    await expect(owner.storage.put(source(), { k: 1, n: 1, signal: controller.signal })).rejects.toEqual(
      failing('ABORTED'),
    );
    await expect(owner.storage.put([1] as never, { k: 1, n: 1 })).rejects.toEqual(failing('BAD_ARGUMENT'));
    await sea.until(new Promise(resolve => setTimeout(resolve, 50)));
    expect(holders.map(({ storage }) => storage.status().usedBytes)).toEqual([0, 0, 0]);
  });

  it('a store that refuses: another holder takes the shard', async () => {
    const sea = new TestSea();
    const { owner } = await sea.star(2);
    const broken = new MemoryShardStore();
    broken.put = async () => {
      throw new Error('the disk is gone');
    };
    const bad = await sea.node(64_000_000, broken);
    await sea.node(64_000_000);
    const { read } = await owner.storage.put(file, { k: 2, n: 3 });
    expect(bad.storage.status()).toMatchObject({ usedBytes: 0, shards: 0 });
    expect(await gather(owner.storage.get(read))).toEqual(file);
  });
});
