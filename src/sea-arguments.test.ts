/** What an application may hand over by mistake: every public method of a sea says what it takes. */

import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SeaError } from './base/errors.ts';
import { increments, ScriptedRunner } from './compute/testing/scripted-runner.ts';
import { echoTask } from './compute/testing/wasm-parts.ts';
import { entryUrls } from './sea-api.ts';
import type { SimNode } from './sim/world.ts';
import { World } from './sim/world.ts';

const ENTRY = 'ws://entry';
const ADDRESS = '5a'.repeat(32);
// Handed over as JavaScript does it: unseen by the compiler.
const wrong = 5 as never;
const text = 'text' as never;
const bytes = new Uint8Array(1);

let world: World;
let node: SimNode['sea'];
let other: SimNode['sea'];

beforeAll(async () => {
  world = new World('arguments', () => setImmediate());
  const entry = await world.addNode({ listenUrl: ENTRY });
  other = entry.sea;
  await other.goOnline([]);
  ({ sea: node } = await world.addNode());
  await world.until(node.goOnline(ENTRY), 20_000); // one URL needs no list
});

afterAll(() => world.end());

/** What a use ends with at once, however it gives it: thrown, rejected, or met by whoever reads. */
async function failure(use: () => unknown): Promise<SeaError> {
  const run = async (): Promise<unknown> => {
    const given = use();
    if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given)
      for await (const _ of given as AsyncIterable<unknown>);
    return given;
  };
  return run().then(
    value => Promise.reject(new Error(`taken: ${String(value)}`)),
    (error: unknown) => error as SeaError,
  );
}

type Use = readonly [name: string, use: () => unknown, says: string];

const uses: readonly Use[] = [
  ['goOnline(5)', () => node.goOnline(wrong), 'bootstraps are a list of ws: or wss: URLs, not 5'],
  ['goOnline([5])', () => node.goOnline([wrong]), 'a bootstrap is a ws: or wss: URL'],
  ['on(5)', () => node.on(wrong, () => {}), 'an event is a text, not 5'],
  ['on without a listener', () => node.on('links', wrong), 'a listener is a function, not 5'],
  ['handle(5)', () => node.handle(wrong, () => 1), 'a name is a text, not 5'],
  ['handle without a handler', () => node.handle('x', undefined as never), 'a handler is a function, not undefined'],
  ['call(5)', () => node.call(wrong, 'x'), 'an address is a HashAddress, or its 64 hex digits, not 5'],
  ['call of no scope', () => node.call(ADDRESS, wrong), 'a scope is a text, not 5'],
  [
    'callWith without options',
    () => node.callWith(text, ADDRESS, 'x'),
    'callWith takes { signal, timeoutMs, nearest }',
  ],
  ['callWith a name', () => node.callWith({ timeout: 5 } as never, ADDRESS, 'x'), 'not "timeout": perhaps timeoutMs'],
  [
    'goOnline with a name',
    () => node.goOnline(ENTRY, { timeoutMS: 5 } as never),
    'goOnline takes { signal, timeoutMs }',
  ],
  ['announce with a name', () => node.announce('x', new Uint8Array(1), { lifetime: 5 } as never), 'perhaps lifetimeMs'],
  ['announce(5)', () => node.announce(wrong, new Uint8Array(1)), 'a name is a text, not 5'],
  ['announce a text', () => node.announce('x', text), 'what is announced is a Uint8Array, not "text"'],
  ['find(5)', () => node.find(wrong), 'it takes a key or { tags }, not 5'],
  ['find(undefined)', () => node.find(undefined as never), 'it takes a key or { tags }, not undefined'],
  ['find({ tags: [5] })', () => node.find({ tags: [wrong] }), 'a key is a text, not 5'],
  ['connect(5)', () => node.connect(wrong), 'an address is a HashAddress'],
  ['join(5)', () => node.join(wrong), 'a channel id is a text, not 5'],
  ['contribute(5)', () => node.contribute(wrong), 'contribute takes { slots }, not 5'],
  ['contribute({ slots: "2" })', () => node.contribute({ slots: text }), 'slots is a whole number'],
  ['contribute with a name', () => node.contribute({ slots: 1, slot: 1 } as never), 'not "slot": perhaps slots'],
  [
    'map with a name',
    () => node.map(echoTask(), [], { redundency: 2 } as never),
    'not "redundency": perhaps redundancy',
  ],
  ['map of a path', () => node.map(text, []), 'a task is the bytes of a WebAssembly module'],
  ['map({})', () => node.map({} as never, []), 'or what makeBundle() gives, not an object (Object)'],
  ['blocks.put', () => node.blocks.put(text), 'bytes come from a Uint8Array, a Blob or File'],
  ['blocks.withdraw', () => node.blocks.withdraw(wrong), 'a content id is a text, not 5'],
  ['blocks.offer', () => node.blocks.offer(wrong), 'a content id is a text, not 5'],
  ['blocks.offerBlocks', () => node.blocks.offerBlocks(wrong), 'it takes a list of blocks, not 5'],
  ['blocks.stream', () => node.blocks.stream(wrong), 'a content id is a text, not 5'],
  ['blocks.get', () => node.blocks.get(wrong), 'a content id is a text, not 5'],
  ['blocks.getBlock', () => node.blocks.getBlock(wrong), 'a content id is a text, not 5'],
  ['blocks.push', () => node.blocks.push(wrong, 'b'), 'an address is a HashAddress'],
  ['blocks.accept', () => node.blocks.accept(wrong), 'it takes { wants }, not 5'],
  ['storage.lend', () => node.storage.lend(wrong), 'lend takes { quotaBytes, leaseMsMax }, not 5'],
  ['storage.put', () => node.storage.put(text), 'or an iterable of Uint8Arrays, not "text"'],
  ['storage.put of a path', () => node.storage.put(undefined as never), 'not undefined'],
  ['storage.get', () => node.storage.get(wrong), 'a link to a stored file is a text, not 5'],
  ['storage.inspect', () => node.storage.inspect(wrong), 'a link to a stored file is a text, not 5'],
  ['storage.look', () => node.storage.look(wrong), 'a link to a stored file is a text, not 5'],
  ['storage.offers', () => node.storage.offers(wrong), 'offers takes { bytes, wanted, signal }, not 5'],
  ['storage.put with a name', () => node.storage.put(bytes, { replicas: 5 } as never), 'put takes { k, n, leaseMs,'],
  ['storage.get with a name', () => node.storage.get('x', { ranges: {} } as never), 'not "ranges": perhaps range'],
  ['storage.inspect with a name', () => node.storage.inspect('x', { abort: 1 } as never), 'inspect takes { signal }'],
  ['storage.look with a name', () => node.storage.look('x', { onShards: 1 } as never), 'perhaps onShard'],
  ['storage.offers with a name', () => node.storage.offers({ byte: 1 } as never), 'perhaps bytes'],
  ['storage.delete with a name', () => node.storage.delete('x', { abort: 1 } as never), 'delete takes { signal }'],
  ['storage.delete', () => node.storage.delete(wrong), 'a link to a stored file is a text, not 5'],
  ['credit.ask', () => node.credit.ask(wrong), 'it takes { part, egress, free }, not 5'],
  ['credit.ask a number', () => node.credit.ask({ part: wrong }), 'part is a bigint'],
  ['credit.usePurse', () => node.credit.usePurse(wrong), 'it takes { payer, key, priceMax }, not 5'],
  ['credit.quote', () => node.credit.quote(wrong), 'an address is a HashAddress'],
  ['credit.redeemed', () => node.credit.redeemed(wrong), 'it takes one of vouchers(), not 5'],
  ['credit.signClaim', () => node.credit.signClaim(wrong), 'it takes { voucher, to, maxFee, deadline }, not 5'],
  ['credit.exportPayKey', () => node.credit.exportPayKey(wrong), 'a passphrase is a text, not 5'],
  ['credit.importPayKey', () => node.credit.importPayKey(wrong, ''), 'a key file is a text, not 5'],
  ['credit.receipts', () => node.credit.receipts(wrong), 'it takes { kind: "given" or "taken" }, not 5'],
];

test.each(uses)('%s is BAD_ARGUMENT, and says what is taken', async (_, use, says) => {
  const error = await failure(use);
  expect(error).toBeInstanceOf(SeaError);
  expect(error).toMatchObject({ code: 'BAD_ARGUMENT' });
  expect(error.message).toContain(says);
});

test('no method of a sea is left out but those that take nothing, or nothing of the application', () => {
  const open = new Set(
    'close localId connections links online goOffline contribution affords load setSlots linkOpened asked price newSessionKey purse payAddress vouchers status giveUp'.split(
      ' ',
    ),
  );
  const methodsOf = (object: object): string[] =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter(
      name => name !== 'constructor' && !open.has(name) && typeof object[name as keyof object] === 'function',
    );
  const all = [
    ...methodsOf(node),
    ...(['blocks', 'storage', 'credit'] as const).flatMap(part => methodsOf(node[part]).map(name => `${part}.${name}`)),
  ];
  const tried = new Set(uses.map(([, use]) => /node\.((?:(?:blocks|storage|credit)\.)?\w+)/.exec(String(use))?.[1]));
  expect(all.filter(name => !tried.has(name))).toEqual([]);
});

test('channels and connections say what they take', async () => {
  const channel = node.join('harbour');
  const con = node.connect(other.localId());
  const told = async (use: () => unknown, says: string): Promise<void> => {
    const error = await failure(use);
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(error.message).toContain(says);
  };
  await told(() => channel.on(wrong, () => {}), 'an event or scope is a text, not 5');
  await told(() => channel.on('x', wrong), 'a listener is a function, not 5');
  await told(() => channel.send(wrong), 'a scope is a text, not 5');
  await told(() => channel.sendAny(wrong), 'a scope is a text, not 5');
  await told(() => channel.serve(wrong, () => 1), 'a scope is a text, not 5');
  await told(() => channel.serve('x', wrong), 'a handler is a function, not 5');
  await told(() => channel.validate('x', wrong), 'a validator is a function, not 5');
  await told(() => con.on(wrong, () => {}), 'an event or scope is a text, not 5');
  await told(() => con.on('x', wrong), 'a listener is a function, not 5');
  await told(() => con.send(wrong), 'a scope is a text, not 5');
  await told(() => con.stream(wrong), 'a name is a text, not 5');
  channel.disconnect();
  con.disconnect();
});

test('inputs of a map are a list, and each of them bytes', async () => {
  const task = echoTask();
  node.contribute({ slots: 1 });
  for (const [inputs, says] of [
    [5, 'inputs are a list or another iterable of Uint8Arrays, not 5'],
    ['text', 'not "text"'],
    [new Uint8Array(3), 'not an object (Uint8Array)'],
    [[5], 'input 0 is not a Uint8Array'],
  ] as const) {
    const error = await failure(() => node.map(task, inputs as never));
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(error.message).toContain(says);
  }
  node.contribute({ slots: 0 });
  expect(await failure(() => node.map(new Uint8Array(3), []))).toMatchObject({ code: 'NOT_WASM' });
});

describe('entries', () => {
  test('are ws: and wss: URLs', () => {
    expect(entryUrls(ENTRY)).toEqual([ENTRY]);
    expect(entryUrls(['wss://host:1/sea?x=1', 'WS://[::1]:4600/sea'])).toHaveLength(2);
    expect(entryUrls([])).toEqual([]);
    for (const given of [
      'http://127.0.0.1:4600/sea',
      'https://x',
      'ws://',
      'ws:///sea',
      ' ws://x',
      'x',
      '',
      '/sea',
      'tab:',
    ])
      expect(() => entryUrls([ENTRY, given]), given).toThrow(
        `as ws://127.0.0.1:4600/sea, not ${JSON.stringify(given)}`,
      );
    expect(() => entryUrls('http://x')).toThrow('BAD_ARGUMENT');
  });

  test('that are none keep nobody waiting', async () => {
    const { sea } = await world.addNode();
    expect(await failure(() => sea.goOnline('http://127.0.0.1:4600/sea'))).toMatchObject({ code: 'BAD_ARGUMENT' });
    const { sea: named } = await world.addNode({ bootstraps: ['https://x'] });
    expect(await failure(() => named.goOnline())).toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

test('offline: what needs others says so at once; a device with slots maps alone', async () => {
  const runner = new ScriptedRunner(world.clock, increments(50));
  const { sea } = await world.addNode({ platform: { runner } });
  const inputs = [Uint8Array.of(1)];
  for (const use of [
    () => sea.storage.put(new Uint8Array(1)),
    () => sea.connect(ADDRESS),
    () => sea.call(ADDRESS, 'x'),
    () => sea.map(echoTask(), inputs),
  ])
    expect(await failure(use)).toMatchObject({ code: 'NOT_ONLINE' });
  sea.contribute({ slots: 1 });
  expect(await failure(() => sea.map(echoTask(), inputs, { local: false }))).toMatchObject({ code: 'NOT_ONLINE' });
  expect(await failure(() => sea.map(echoTask(), inputs, { redundancy: 2 }))).toMatchObject({ code: 'NOT_ONLINE' });
  const outputs: Uint8Array[] = [];
  const mapping = (async () => {
    for await (const { output } of sea.map(echoTask(), inputs)) outputs.push(output);
  })();
  await world.until(mapping, 1_000);
  expect(outputs).toEqual([Uint8Array.of(2)]);
});

test('a node that was closed is CLOSED for whatever needs others, not offline', async () => {
  const { sea } = await world.addNode();
  await world.until(sea.goOnline(ENTRY), 20_000);
  const channel = sea.join('harbour');
  await sea.close();
  for (const use of [
    () => sea.goOnline(ENTRY),
    () => sea.call(ADDRESS, 'x'),
    () => sea.call(sea.localId(), 'x'),
    () => sea.callWith({ timeoutMs: 5 }, ADDRESS, 'x'),
    () => sea.connect(ADDRESS),
    () => sea.join('quay'),
    () => channel.send('x'),
    () => sea.storage.put(bytes),
    () => sea.map(echoTask(), [bytes]),
  ])
    expect(await failure(use), String(use)).toMatchObject({ code: 'CLOSED', message: 'CLOSED: this node was closed' });
});
