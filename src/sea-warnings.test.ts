/** What goes wrong in an application's own code, told where it runs: by 'warning', and in the log. */

import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { SeaError } from './base/errors.ts';
import type { Chan } from './pubsub/chan.ts';
import type { Argument } from './rpc/arguments.ts';
import type { Sea } from './sea.ts';
import { tellingLog } from './sea-api.ts';
import { World } from './sim/world.ts';

const ENTRY = 'ws://entry';
const fault = new TypeError('x is undefined');
const failing = (): never => {
  throw fault;
};

let world: World;
let entry: Sea;
let node: Sea;
let warnings: SeaError[];
let lines: string[];

beforeEach(async () => {
  world = new World('warnings', () => setImmediate());
  ({ sea: entry } = await world.addNode({ listenUrl: ENTRY }));
  await entry.goOnline([]);
  lines = [];
  ({ sea: node } = await world.addNode({ log: { write: (level, message) => void lines.push(`${level} ${message}`) } }));
  await world.until(node.goOnline(ENTRY), 20_000);
  warnings = [];
  lines = [];
  node.on('warning', warning => warnings.push(warning));
});

function told(text: string): void {
  expect(warnings.map(({ code, message }) => ({ code, message }))).toEqual([
    { code: 'HANDLER_FAILED', message: `HANDLER_FAILED: ${text}: x is undefined` },
  ]);
  expect(warnings[0]!.cause).toBe(fault);
  expect(lines.filter(line => /^(warn|error) /.test(line))).toHaveLength(1);
}

test('a handler of calls that throws', async () => {
  node.handle('great', async () => failing());
  const calling = world.until(entry.call(node.localId(), 'great'), 10_000);
  await expect(calling).rejects.toMatchObject({ code: 'HANDLER_FAILED' });
  told('a handler threw, scope great');
});

test('an error with a code that a handler throws is its answer, no trouble', async () => {
  node.handle('shy', () => {
    throw new SeaError('DECLINED', 'not today');
  });
  const calling = world.until(entry.call(node.localId(), 'shy'), 10_000);
  await expect(calling).rejects.toMatchObject({ code: 'DECLINED' });
  expect(warnings).toEqual([]);
});

test('an answer that cannot travel', async () => {
  node.handle('odd', () => (() => 1) as unknown as Argument);
  await expect(world.until(entry.call(node.localId(), 'odd'), 10_000)).rejects.toBeInstanceOf(SeaError);
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('what a handler answered cannot travel, scope odd: '),
  ]);
});

async function channels(): Promise<{ mine: Chan; theirs: Chan }> {
  const [mine, theirs] = [node.join('harbour'), entry.join('harbour')];
  await world.run(15_000);
  expect(mine.connected()).toBe(true);
  return { mine, theirs };
}

test('a listener of a channel that throws', async () => {
  const { mine, theirs } = await channels();
  mine.on('news', failing);
  await world.until(theirs.send('news', 1), 5_000);
  await world.run(2_000);
  told('a listener threw, channel harbour');
});

test('a validator of a channel that throws', async () => {
  const { mine, theirs } = await channels();
  mine.validate('news', failing);
  await world.until(theirs.send('news', 1), 5_000);
  await world.run(2_000);
  told('a listener threw, channel harbour');
});

test('a listener of a con that throws', async () => {
  entry.on('connection', con => void con.send('news', 1));
  const con = node.connect(entry.localId());
  con.on('news', failing);
  await world.run(5_000);
  told(`trouble in a con, peer ${entry.localId()}`);
});

test('a listener of the sea that throws, at once or from its promise', async () => {
  node.on('offline', failing);
  await node.goOffline();
  told('a listener threw, event offline');
  warnings = [];
  lines = [];
  node.on('online', async () => failing());
  await world.until(node.goOnline(ENTRY), 20_000);
  told('a listener threw, event online');
});

test('a listener of warnings that throws is logged, and told to nobody again', async () => {
  node.on('warning', failing);
  node.handle('great', failing);
  const calling = world.until(entry.call(node.localId(), 'great'), 10_000);
  await expect(calling).rejects.toMatchObject({ code: 'HANDLER_FAILED' });
  expect(warnings).toHaveLength(1);
  expect(lines.filter(line => /^(warn|error) /.test(line))).toEqual(['warn a handler threw', 'error a listener threw']);
});

test('lines below warn are only logged; an error with a code keeps it', () => {
  const seen: string[] = [];
  const heard: SeaError[] = [];
  const log = tellingLog({ write: (level, message) => void seen.push(`${level} ${message}`) }, warning =>
    heard.push(warning),
  );
  log.write('debug', 'a');
  log.write('info', 'b', { error: fault });
  log.write('warn', 'c', { name: 'x', error: new SeaError('NO_STORAGE', 'full') });
  log.write('error', 'd');
  expect(seen).toEqual(['debug a', 'info b', 'warn c', 'error d']);
  expect(heard.map(({ message }) => message)).toEqual([
    'NO_STORAGE: c, name x: NO_STORAGE: full',
    'HANDLER_FAILED: d: ',
  ]);
});
