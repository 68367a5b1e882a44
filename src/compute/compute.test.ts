/** What a node answers to others, good and bad: slots, prepare, run, and the blocks of its bundles. */

import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Value } from '../base/cbor.ts';
import { type ErrorCode, isSeaError } from '../base/errors.ts';
import { scopes as blockScopes, writeGet } from '../blocks/messages.ts';
import { cut } from '../blocks/tree.ts';
import type { Body } from '../rpc/exchange.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import { scopes, writePrepare, writeRun, writeSlots } from './messages.ts';
import { readModule } from './module.ts';
import { failsWith, increments, type Script } from './testing/scripted-runner.ts';
import { settle, testAddress, testSubtask } from './testing/test-network.ts';
import { type TestNode, TestSea } from './testing/test-sea.ts';
import { assemble, bodies, echoTask, exportsAll, functions, onePage, types } from './testing/wasm-parts.ts';

const bundle = makeBundle(echoTask(), { name: 'echo', inputBytesMax: 100 });
const silent: Script = () => undefined;

/** A task whose module takes more than one block. */
function largeTask(bytes: number): Uint8Array {
  const name = [4, 0x70, 0x61, 0x64, 0x73];
  const fill = Array.from({ length: bytes }, (_, index) => index % 251);
  return assemble(types, functions, onePage, exportsAll, bodies, [0, [...name, ...fill]]);
}

async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fine'> {
  try {
    await promise;
    return 'fine';
  } catch (error) {
    if (isSeaError(error)) return error.code;
    throw error;
  }
}

/** The ids of a bundle's blocks in the order in which they are asked for. */
function blocksOf({ id, module }: Bundle): string[] {
  const hexes = cut(module).blocks.map(it => it.id.hex);
  return [id.hex, ...hexes.slice(-1), ...hexes.slice(0, -1)];
}

/** Leaves a bundle in a node's store, as an earlier session would have. */
async function keep(node: TestNode, { id, manifestBytes, module }: Bundle): Promise<void> {
  await node.blocks.put(id.hex, manifestBytes);
  for (const block of cut(module).blocks) await node.blocks.put(block.id.hex, block.bytes);
}

/** Blocks that were asked for, by hex digest. */
function asked(sea: TestSea): string[] {
  return sea.network.calls
    .filter(({ scope }) => scope === blockScopes.get)
    .map(({ body }) => toHex((body.value as Uint8Array[])[0]!));
}

/** A requester that serves `bundle` for as long as the test lasts, by a map that cannot end. */
async function requesterOf(sea: TestSea, provider: TestNode, served: Bundle = bundle): Promise<TestNode> {
  const requester = sea.node();
  sea.link(requester, provider);
  void requester.compute
    .map(served, [new Uint8Array(1)], { redundancy: 8 })
    .next()
    .catch(() => {});
  await settle();
  return requester;
}

describe('compute:slots', () => {
  it('reaches neighbours when a link opens and on every change', async () => {
    const sea = new TestSea();
    const [a, b] = [sea.node(), sea.node()];
    sea.link(a, b);
    await settle();
    expect(sea.network.calls).toEqual([]); // nothing to say
    a.compute.contribute({ slots: 2 });
    a.compute.contribute({ slots: 3 });
    await settle();
    a.compute.contribute({ slots: 0 });
    await settle();
    expect(sea.network.calls.map(({ scope, body }) => [scope, body.value])).toEqual([
      ['compute:slots', [2]],
      ['compute:slots', [3]],
      ['compute:slots', [0]],
    ]);
  });

  it('is sent again until it is heard, with the number that holds then', async () => {
    const sea = new TestSea();
    const [a, b] = [sea.node(), sea.node()];
    a.compute.contribute({ slots: 2 });
    a.compute.linkOpened(b.address); // b does not know the link yet: DECLINED
    await settle();
    a.compute.contribute({ slots: 5 });
    await settle();
    b.neighbours.set(a.address.toString(), a.address);
    await sea.pass(3_000);
    expect(sea.network.calls.at(-1)?.body.value).toEqual([5]);
    const sent = sea.network.calls.length;
    await sea.pass(60_000);
    expect(sea.network.calls.length).toBe(sent);
  });

  it('is repeated ever more seldom where it is refused, and is given up at once where nobody handles it', async () => {
    const sea = new TestSea();
    const [a, b] = [sea.node(), sea.node()];
    a.compute.contribute({ slots: 2 });
    a.compute.linkOpened(b.address);
    await sea.pass(31_500, 100);
    expect(sea.network.calls).toHaveLength(6);
    await sea.pass(96_000, 100);
    expect(sea.network.calls).toHaveLength(9);
    a.compute.linkClosed(b.address);
    sea.network.caller(testAddress(200));
    a.compute.linkOpened(testAddress(200));
    await sea.pass(120_000, 100);
    expect(sea.network.calls).toHaveLength(10);
    expect(sea.clock.waiting).toBe(0);
  });

  it.each([[[-1]], [[129]], [['2']], [[]], [{ slots: 2 }]] as Value[][])('refuses %o: BAD_MESSAGE', async value => {
    const sea = new TestSea();
    const node = sea.node();
    const caller = sea.network.caller(testAddress(200));
    expect(await codeOf(caller.call(node.address, scopes.slots, { value: value as Value }))).toBe('BAD_MESSAGE');
  });

  it('is taken from linked nodes only, and from them only over the link: DECLINED', async () => {
    const sea = new TestSea();
    const [node, neighbour] = [sea.node(), sea.node()];
    const stranger = sea.network.caller(testAddress(200));
    expect(await codeOf(stranger.call(node.address, scopes.slots, writeSlots(4)))).toBe('DECLINED');
    sea.link(node, neighbour);
    sea.network.direct = () => false;
    const claimed = sea.network.caller(neighbour.address);
    expect(await codeOf(claimed.call(node.address, scopes.slots, writeSlots(4)))).toBe('DECLINED');
    sea.network.direct = () => true;
    expect(await codeOf(claimed.call(node.address, scopes.slots, writeSlots(4)))).toBe('fine');
  });
});

describe('compute:prepare', () => {
  it('fetches a bundle once per device, however many ask at once, and never again', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const big = makeBundle(largeTask(600_000));
    const requesters = await Promise.all([1, 2, 3].map(() => requesterOf(sea, provider, big)));
    await sea.pass(1_000);
    expect(asked(sea)).toEqual(blocksOf(big));
    expect(asked(sea)).toHaveLength(2 + 3);
    const fetches = sea.network.calls.filter(({ scope }) => scope === blockScopes.get);
    expect(new Set(fetches.map(({ to }) => to.toString())).size).toBe(1);
    const prepares = sea.network.calls.filter(({ scope }) => scope === scopes.prepare);
    expect(prepares).toHaveLength(requesters.length);
    const again = sea.network.caller(testAddress(200));
    expect(await codeOf(again.call(provider.address, scopes.prepare, writePrepare(big.id)))).toBe('fine');
  });

  it('finds on the device what an earlier session fetched', async () => {
    const sea = new TestSea();
    const first = sea.node();
    first.compute.contribute({ slots: 1 });
    await requesterOf(sea, first);
    await sea.pass(100);
    const second = sea.node();
    for (const hex of blocksOf(bundle)) await second.blocks.put(hex, (await first.blocks.get(hex))!);
    second.compute.contribute({ slots: 1 });
    const stranger = sea.network.caller(testAddress(200));
    expect(await codeOf(stranger.call(second.address, scopes.prepare, writePrepare(bundle.id)))).toBe('fine');
  });

  it('does not believe its own store either', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    await keep(provider, bundle);
    await provider.blocks.put(cut(bundle.module).blocks[0]!.id.hex, bundle.module.with(40, 0xff));
    const stranger = sea.network.caller(testAddress(200));
    expect(await codeOf(stranger.call(provider.address, scopes.prepare, writePrepare(bundle.id)))).toBe('NO_HANDLER');
  });

  const [MANIFEST, LIST, MODULE] = [0, 1, 2];
  const tampered: readonly (readonly [string, number, (bytes: Uint8Array) => Uint8Array])[] = [
    ['a changed module', MODULE, bytes => bytes.with(40, 0xff)],
    ['a shortened module', MODULE, bytes => bytes.slice(1)],
    ['a changed manifest', MANIFEST, bytes => bytes.with(5, 0x61)],
    ['another list', LIST, () => cut(echoTask([1, 0, 2])).blocks[1]!.bytes],
    ['nothing for the module', MODULE, () => new Uint8Array(0)],
  ];
  it.each(tampered)('refuses %s: BUNDLE_MISMATCH', async (_what, piece, tamper) => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const bad = blocksOf(bundle)[piece]!;
    sea.network.tamper = ({ scope, body }, answer) =>
      scope === blockScopes.get && toHex((body.value as Uint8Array[])[0]!) === bad
        ? { ...answer, payload: tamper(answer.payload!) }
        : answer;
    const requester = await requesterOf(sea, provider);
    await sea.pass(100);
    sea.network.calls.length = 0;
    const failed = requester.compute.map(bundle, [new Uint8Array(1)]).next();
    const reason = failed.catch((error: unknown) => error);
    const error = await sea.until(reason, 120_000);
    expect(error).toMatchObject({ code: 'NO_PROVIDER', cause: { code: 'BUNDLE_MISMATCH' } });
    expect(provider.runner.began).toEqual([]);
    expect(await provider.blocks.has(bad)).toBe(false);
  });

  it('is spoilt for nobody by a requester that delivers other bytes', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const liar = sea.node();
    sea.network.tamper = (call, answer) =>
      call.scope === blockScopes.get && call.to.equals(liar.address)
        ? { ...answer, payload: Uint8Array.of(1) }
        : answer;
    sea.link(liar, provider);
    void liar.compute
      .map(bundle, [new Uint8Array(1)])
      .next()
      .catch(() => {});
    const honest = sea.node();
    sea.link(honest, provider);
    const result = honest.compute.map(bundle, [new Uint8Array(1)]).next();
    expect((await sea.until(result, 500)).value?.index).toBe(0);
  });

  it('gives up on a requester that does not deliver: TIMEOUT', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const caller = sea.network.caller(testAddress(200));
    sea.network.swallow = ({ scope }) => scope === blockScopes.get;
    const prepared = caller.call(provider.address, scopes.prepare, writePrepare(bundle.id), { timeoutMs: 100_000 });
    expect(await codeOf(sea.until(prepared))).toBe('TIMEOUT');
    expect(sea.clock.now()).toBeLessThanOrEqual(8_100);
  });

  it('is done for others while one requester asks for many that it never delivers', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const stranger = sea.network.caller(testAddress(200));
    sea.network.swallow = ({ scope, to }) => scope === blockScopes.get && to.equals(testAddress(200));
    const prepare = (id: ContentId): Promise<Body> => stranger.call(provider.address, scopes.prepare, writePrepare(id));
    prepare(bundle.id).catch(() => {}); // what the other will want
    for (let byte = 0; byte < 40; byte++) prepare(ContentId.of(Uint8Array.of(byte))).catch(() => {});
    await settle();
    expect(await codeOf(prepare(ContentId.of(Uint8Array.of(40))))).toBe('OVERLOADED');
    const honest = sea.node();
    sea.link(honest, provider);
    const [fresh, spoilt] = [makeBundle(echoTask(), { name: 'another' }), bundle];
    const first = honest.compute.map(fresh, [new Uint8Array(1)]).next();
    expect((await sea.until(first, 200)).value?.index).toBe(0);
    const second = honest.compute.map(spoilt, [new Uint8Array(1)]).next();
    expect((await sea.until(second, 8_200)).value?.index).toBe(0);
  });

  it('refuses what is not to be run here, whoever vouches for it', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    for (const [code, module] of [
      ['NOT_WASM', Uint8Array.of(1, 2, 3)],
      ['NO_ABI', Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)],
      ['UNSUPPORTED', echoTask([1, 3, 1, 2])],
      ['MEMORY_LIMIT', echoTask([1, 0, 0x80, 0x80, 4])],
    ] as const) {
      const forged = forge(module);
      const requester = await requesterOf(sea, provider, forged);
      const results = requester.compute.map(forged, [new Uint8Array(1)]).next();
      expect(await codeOf(sea.until(results))).toBe(code);
      sea.unlink(requester, provider);
    }
    expect(provider.runner.began).toEqual([]);
  });

  it('is refused while nothing is contributed: NO_SLOT', async () => {
    const sea = new TestSea();
    const node = sea.node();
    const caller = sea.network.caller(testAddress(200));
    expect(await codeOf(caller.call(node.address, scopes.prepare, writePrepare(bundle.id)))).toBe('NO_SLOT');
  });

  it.each([scopes.prepare, scopes.run])('%s refuses a malformed message: BAD_MESSAGE', async scope => {
    const sea = new TestSea();
    const node = sea.node();
    node.compute.contribute({ slots: 1 });
    const caller = sea.network.caller(testAddress(200));
    for (const value of [null, [], ['x'], [new Uint8Array(31), 0, 1], { bundle: 1 }] as Value[]) {
      expect(await codeOf(caller.call(node.address, scope, { value }))).toBe('BAD_MESSAGE');
    }
  });
});

describe('a bundle’s blocks', () => {
  it('are given for maps under way only', async () => {
    const sea = new TestSea();
    const { requester } = await sea.star([increments(10)]);
    const caller = sea.network.caller(testAddress(200));
    const ask = (hex: string): Promise<Body> =>
      caller.call(requester.address, blockScopes.get, writeGet(ContentId.fromDigest(fromHex(hex))));
    const codes = (): Promise<string[]> => Promise.all(blocksOf(bundle).map(hex => codeOf(ask(hex))));
    expect(await codes()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
    const results = requester.compute.map(bundle, [new Uint8Array(1), new Uint8Array(1)]);
    await sea.until(results.next());
    expect(await codes()).toEqual(['fine', 'fine', 'fine']);
    expect((await ask(bundle.id.hex)).payload).toEqual(bundle.manifestBytes);
    await results.return();
    expect(await codes()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });

  it('that came before a requester vanished are not fetched from the next one', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const big = makeBundle(largeTask(1_000_000));
    const [manifest, list, ...module] = blocksOf(big);
    sea.network.swallow = ({ scope, body }) =>
      scope === blockScopes.get && toHex((body.value as Uint8Array[])[0]!) === module[2];
    const gone = await requesterOf(sea, provider, big);
    await sea.pass(100);
    sea.unlink(gone, provider);
    expect(asked(sea)).toEqual([manifest, list, ...module]);
    sea.network.swallow = () => false;
    sea.network.calls.length = 0;
    await requesterOf(sea, provider, big);
    await sea.pass(100);
    expect(asked(sea)).toEqual([module[2]]);
    expect(provider.runner.began).toHaveLength(1);
  });

  it('are fetched once where two bundles share their module', async () => {
    const sea = new TestSea();
    const provider = sea.node();
    provider.compute.contribute({ slots: 1 });
    const module = largeTask(600_000);
    const bundles = ['one', 'other'].map(name => makeBundle(module, { name }));
    for (const named of bundles) {
      const requester = sea.node();
      sea.link(requester, provider);
      void requester.compute
        .map(named, [new Uint8Array(1)], { redundancy: 8 })
        .next()
        .catch(() => {});
    }
    await sea.pass(1_000);
    expect(asked(sea).sort()).toEqual([...new Set(bundles.flatMap(blocksOf))].sort());
    expect(asked(sea)).toHaveLength(2 + 1 + 3);
  });
});

describe('compute:run', () => {
  /** A provider with the bundle ready, and callers that know it. */
  async function ready(
    script: Script,
    slots: number,
  ): Promise<{
    sea: TestSea;
    provider: TestNode;
    run: (who: number, byte: number, options?: { signal?: AbortSignal }) => Promise<Body>;
  }> {
    const sea = new TestSea();
    const provider = sea.node(script);
    provider.compute.contribute({ slots });
    await keep(provider, bundle);
    const callers = new Map([1, 2, 3].map(who => [who, sea.network.caller(testAddress(200 + who))]));
    await callers.get(1)!.call(provider.address, scopes.prepare, writePrepare(bundle.id));
    const run = (who: number, byte: number, options: { signal?: AbortSignal } = {}): Promise<Body> => {
      const body = writeRun({
        bundle: bundle.id,
        subtask: testSubtask(byte),
        timeoutMs: 1_000,
        input: Uint8Array.of(byte),
      });
      const answer = callers.get(who)!.call(provider.address, scopes.run, body, options);
      answer.catch(() => {});
      return answer;
    };
    return { sea, provider, run };
  }

  it('runs the bounded module, not the one that came', async () => {
    const { sea, provider, run } = await ready(increments(10), 1);
    expect((await sea.until(run(1, 4))).payload).toEqual(Uint8Array.of(5));
    expect(readModule(bundle.module).memories).toEqual([{ min: 1, max: undefined }]);
    expect(readModule(provider.runner.modules[0]!).memories).toEqual([{ min: 1, max: 1_024 }]);
  });

  it('queues two parts of a requester, two per slot in all, and no more: NO_SLOT', async () => {
    const { run } = await ready(silent, 1);
    const [, , second] = [run(1, 0), run(1, 1), run(1, 2)];
    await settle();
    expect(await codeOf(run(1, 3))).toBe('NO_SLOT');
    run(2, 3).catch(() => {}); // waits in place of the first one's second
    expect(await codeOf(second!)).toBe('NO_SLOT');
    for (const requester of [1, 2, 3]) expect(await codeOf(run(requester, 3))).toBe('NO_SLOT');
  });

  it('lets requesters take turns', async () => {
    const { sea, provider, run } = await ready(increments(100), 2);
    for (const byte of [10, 11, 12, 13]) run(1, byte);
    await settle();
    for (const byte of [20, 21]) run(2, byte);
    await settle();
    await sea.pass(350);
    expect(provider.runner.began).toEqual([10, 11, 12, 20, 13, 21]);
  });

  it('needs the bundle to be ready: BUNDLE_UNAVAILABLE', async () => {
    const { sea, provider } = await ready(increments(10), 1);
    const caller = sea.network.caller(testAddress(210));
    const body = writeRun({
      bundle: ContentId.of(Uint8Array.of(1)),
      subtask: testSubtask(0),
      timeoutMs: 1_000,
      input: Uint8Array.of(1),
    });
    expect(await codeOf(caller.call(provider.address, scopes.run, body))).toBe('BUNDLE_UNAVAILABLE');
  });

  it('refuses an input above what the manifest allows: INPUT_TOO_LARGE', async () => {
    const { sea, provider } = await ready(increments(10), 1);
    const caller = sea.network.caller(testAddress(210));
    const ask = (length: number): Promise<Body> =>
      caller.call(
        provider.address,
        scopes.run,
        writeRun({ bundle: bundle.id, subtask: testSubtask(0), timeoutMs: 1_000, input: new Uint8Array(length) }),
      );
    expect(await codeOf(ask(101))).toBe('INPUT_TOO_LARGE');
    expect(await codeOf(sea.until(ask(100)))).toBe('fine');
  });

  it('tells how a task failed: TASK_TIMEOUT, TASK_TRAPPED', async () => {
    const { sea, provider, run } = await ready(silent, 1);
    expect(await codeOf(sea.until(run(1, 0)))).toBe('TASK_TIMEOUT');
    provider.runner.script = failsWith('TASK_TRAPPED');
    expect(await codeOf(sea.until(run(1, 0)))).toBe('TASK_TRAPPED');
    provider.runner.script = increments(10);
    expect(await codeOf(sea.until(run(1, 0)))).toBe('fine');
    expect(provider.compute.status()).toMatchObject({ completed: 1, failed: 2, computeMs: 10 });
  });

  it('ends with its caller, running or queued, and the next one begins', async () => {
    const { sea, provider, run } = await ready(silent, 1);
    const [first, second] = [new AbortController(), new AbortController()];
    run(1, 0, { signal: first.signal });
    run(1, 1, { signal: second.signal });
    run(1, 2);
    await settle();
    second.abort();
    first.abort();
    await settle();
    expect(provider.runner.began).toEqual([0, 2]);
    expect(provider.runner.aborted).toBe(1);
    expect(provider.compute.status().failed).toBe(0);
    expect(sea.clock.now()).toBe(0);
  });

  it('ends what a requester wanted when the link to it closes, and nothing else', async () => {
    const { provider, run } = await ready(silent, 2);
    const [gone, stays] = [[run(1, 0), run(1, 1), run(1, 2)], run(2, 3)];
    await settle();
    provider.compute.linkClosed(testAddress(201));
    expect(await Promise.all(gone.map(codeOf))).toEqual(['PEER_GONE', 'PEER_GONE', 'PEER_GONE']);
    await settle();
    expect(provider.runner.began).toEqual([0, 1, 3]);
    expect(provider.compute.status()).toMatchObject({ failed: 0, running: [{ requester: testAddress(202) }] });
    expect(await Promise.race([codeOf(stays), settle()])).toBeUndefined();
  });

  it('tells who computes what for whom, since when', async () => {
    const { sea, provider, run } = await ready(silent, 1);
    await sea.pass(500);
    run(2, 0);
    await settle();
    expect(provider.statuses.at(-1)).toEqual({
      slots: 1,
      running: [{ requester: testAddress(202), taskName: 'echo', bundleId: bundle.id.toString(), sinceMs: 500 }],
      completed: 0,
      failed: 0,
      computeMs: 0,
    });
  });

  it('stops at once: running and queued parts end with ABORTED, and the neighbours hear of it', async () => {
    const { provider, run } = await ready(silent, 1);
    const answers = [run(1, 0), run(1, 1), run(2, 2)];
    await settle();
    provider.compute.contribute({ slots: 0 });
    expect(provider.compute.status()).toMatchObject({ slots: 0, running: [] });
    expect(await Promise.all(answers.map(codeOf))).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
    expect(await codeOf(run(1, 3))).toBe('NO_SLOT');
    expect(provider.runner.running).toBe(0);
  });

  it('with fewer slots ends what runs above them, and with more begins what waits', async () => {
    const { provider, run } = await ready(silent, 2);
    const answers = [run(1, 0), run(1, 1), run(1, 2), run(1, 3)];
    await settle();
    provider.compute.contribute({ slots: 1 });
    expect(await codeOf(answers[1]!)).toBe('ABORTED');
    await settle();
    expect(provider.runner.began).toEqual([0, 1]);
    provider.compute.contribute({ slots: 3 });
    await settle();
    expect(provider.runner.began).toEqual([0, 1, 2, 3]);
  });

  it('is told before anything is fetched for it, and said in the sea once while it lasts', async () => {
    const node = new TestSea().node();
    const idle = { running: [], completed: 0, failed: 0, computeMs: 0 };
    expect([node.compute.status(), node.posted]).toEqual([{ slots: 0, ...idle }, []]);
    node.compute.contribute({ slots: 2 });
    node.compute.contribute({ slots: 3 });
    expect([node.compute.status(), node.statuses.at(-1)]).toEqual([
      { slots: 3, ...idle },
      { slots: 3, ...idle },
    ]);
    expect([node.posted, node.runner.slots]).toEqual([['compute:providers'], 0]);
    await settle();
    expect(node.runner.slots).toBe(3);
    node.compute.contribute({ slots: 0 });
    node.compute.contribute({ slots: 0 });
    expect([node.posted, node.runner.slots]).toEqual([[], 0]);
  });

  it('that ended meanwhile gives no slots when it comes', async () => {
    const [sooner, closed] = [new TestSea().node(), new TestSea().node()];
    for (const { compute } of [sooner, closed]) compute.contribute({ slots: 2 });
    sooner.compute.contribute({ slots: 0 });
    closed.scope.close();
    await settle();
    for (const { runner, compute, posted } of [sooner, closed])
      expect([runner.slots, compute.status().slots, posted]).toEqual([0, 0, []]);
  });

  it.each([-1, 1.5, 129, Number.NaN])('contribute refuses %d slots: BAD_ARGUMENT', async slots => {
    const node = new TestSea().node();
    expect(() => node.compute.contribute({ slots })).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
    expect(node.compute.status().slots).toBe(0);
  });

  it('closes with its scope: the runner too', async () => {
    const { provider, run } = await ready(silent, 1);
    const answer = run(1, 0);
    await settle();
    provider.scope.close();
    expect(await codeOf(answer)).toBe('ABORTED');
    expect(provider.runner.closed).toBe(true);
    expect(await codeOf(run(1, 1))).toBe('NO_HANDLER');
  });
});

/** A bundle made without looking at the module, as an attacker would. */
function forge(module: Uint8Array): Bundle {
  const manifest = { ...bundle.manifest, module: cut(module).id };
  const manifestBytes = bundle.manifestBytes.slice();
  manifestBytes.set(manifest.module.digest, manifestBytes.length - 32);
  return { id: ContentId.of(manifestBytes), manifest, manifestBytes, module };
}
