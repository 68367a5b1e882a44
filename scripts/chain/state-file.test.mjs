/** The state's file: what is kept of a dump, and what is no state. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateFile } from './state-file.mjs';

let folder;
let path;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-state-'));
  path = join(folder, 'state.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const dumpOf = value => `0x${gzipSync(JSON.stringify(value)).toString('hex')}`;
const state = blocks => ({
  accounts: { a: 1 },
  block: { number: blocks },
  best_block_number: blocks,
  blocks: Array.from({ length: blocks + 1 }, (_, i) => ({ header: { number: `0x${i.toString(16)}` } })),
  transactions: Array.from({ length: blocks + 1 }, (_, i) => ({ block_number: i })),
});

test('a dump is kept whole', () => {
  const file = new StateFile(path);
  expect(file.usable()).toBeUndefined();
  file.keep(dumpOf(state(3)));
  expect(file.usable()).toBe(path);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(state(3));
});

test('of many blocks the newest 256 are kept', () => {
  new StateFile(path).keep(dumpOf(state(1_000)));
  const { blocks, transactions } = JSON.parse(readFileSync(path, 'utf8'));
  expect([blocks.length, Number(blocks[0].header.number)]).toEqual([256, 745]);
  expect([transactions.length, transactions[0].block_number]).toEqual([256, 745]);
});

test.each([
  ['no gzip', '0xabcd'],
  ['no JSON', `0x${gzipSync('{"accounts":').toString('hex')}`],
  ['no state', dumpOf({ accounts: {} })],
])('%s is refused, and what was kept stays', (_, dump) => {
  const file = new StateFile(path);
  file.keep(dumpOf(state(1)));
  expect(() => file.keep(dump)).toThrow();
  expect(file.usable()).toBe(path);
});

test.each(['', '{"accounts":', 'null', '{}'])('a file that holds %j is put aside', text => {
  writeFileSync(path, text);
  const told = [];
  expect(new StateFile(path).usable(aside => told.push(aside))).toBeUndefined();
  expect(told).toEqual([`${path}.broken`]);
  expect(existsSync(path)).toBe(false);
});
