/** The adapters of a Node process pass the acceptance suites of their ports, each case in a folder of its own. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { agreementCases } from '../../ports/acceptance/agreement.ts';
import { blockStoreCases } from '../../ports/acceptance/block-store.ts';
import type { AcceptanceCase } from '../../ports/acceptance/case.ts';
import { clockCases, passRealTime } from '../../ports/acceptance/clock.ts';
import { cryptoCases } from '../../ports/acceptance/crypto.ts';
import { deviceLockCases } from '../../ports/acceptance/device-lock.ts';
import { smallStoreCases } from '../../ports/acceptance/small-store.ts';
import { FileBlockStore } from './file-block-store.ts';
import { FileLock } from './file-lock.ts';
import { FileSmallStore } from './file-small-store.ts';
import { NodeClock } from './node-clock.ts';
import { NodeCrypto } from './node-crypto.ts';
import { NodeRandom } from './node-random.ts';

const clock = new NodeClock();
const folders: string[] = [];

async function freshFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'peersea-test-'));
  folders.push(folder);
  return join(folder, 'data'); // not there yet
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

function suite(name: string, cases: readonly AcceptanceCase[]): void {
  describe(name, () => {
    for (const { name: claim, run } of cases) it(claim, run);
  });
}

suite(
  'NodeClock',
  clockCases(async () => ({ clock, pass: ms => passRealTime(clock, ms) })),
);

suite(
  'NodeCrypto',
  cryptoCases(async () => {
    const folder = await freshFolder();
    return { crypto: new NodeCrypto(folder), reopened: async () => new NodeCrypto(folder) };
  }),
);

suite(
  'NodeAgreement',
  agreementCases(async () => new NodeCrypto(undefined)),
);

suite(
  'FileSmallStore',
  smallStoreCases(async () => {
    const folder = await freshFolder();
    return { store: new FileSmallStore(folder), reopened: async () => new FileSmallStore(folder) };
  }),
);

suite(
  'FileBlockStore',
  blockStoreCases(async ({ bytesMax, clock: time }) => {
    const folder = await freshFolder();
    const make = (): FileBlockStore => new FileBlockStore(folder, time, bytesMax);
    return { store: make(), reopened: async () => make() };
  }),
);

suite(
  'FileLock',
  deviceLockCases(async () => {
    const folder = await freshFolder();
    return { here: new FileLock(folder, clock), there: new FileLock(folder, clock) };
  }),
);

describe('NodeRandom', () => {
  it('gives fresh bytes of any length', () => {
    const random = new NodeRandom();
    expect([random.bytes(0).length, random.bytes(200_000).length]).toEqual([0, 200_000]);
    expect(Buffer.compare(random.bytes(32), random.bytes(32))).not.toBe(0);
  });
});
