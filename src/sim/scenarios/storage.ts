/**
 * Storage: everybody lends; files are stored and read while nodes come and go. Nothing is repaired here, so a file is
 * lost when more of its holders have gone than its code allows: seen from outside, with the knowledge of everything. Every
 * other file must come back, byte for byte.
 */

import { equal } from '../../base/bytes.ts';
import { isSeaError } from '../../base/errors.ts';
import { BEAT_MS } from '../../membership/limits.ts';
import { type SimNode, World } from '../world.ts';
import { gather, mean } from './gather.ts';
import type { ScenarioOptions, ScenarioResult } from './scenario.ts';
import { isIn, pickSettled, settled, turnOver } from './turn-over.ts';

const QUOTA_BYTES = 67_108_864;
const K = 4;
const N = 10;
const FILE_BYTES_MAX = 65_536;
/** How long churn goes on; between two files that are stored, and between two reads; s. */
const DURATION_S = 300;
const PUT_EVERY_S = 5;
const GET_EVERY_S = 2;

interface Stored {
  readonly bytes: Uint8Array;
  readonly read: string;
  /** Who holds the shards of its one segment. */
  readonly holders: readonly string[];
}

interface Tally {
  readonly stored: Stored[];
  puts: number;
  gets: number;
  got: number;
  left: number;
  readonly getMs: number[];
  readonly faults: string[];
}

export async function storage({ nodes: count, seed, drain, say }: ScenarioOptions): Promise<ScenarioResult> {
  await Promise.all([import('../../storage/files.ts'), import('../../storage/holder.ts')]); // in real time, so beforehand
  const world = new World(seed, drain);
  await gather(world, count, say);
  for (const node of world.nodes) lend(node);
  await world.run(6 * BEAT_MS);
  const tally: Tally = { stored: [], puts: 0, gets: 0, got: 0, left: 0, getMs: [], faults: [] };
  const open: Promise<void>[] = [];
  for (let second = 0; second < DURATION_S; second++) {
    tally.left += await turnOver(world, lend);
    if (second % PUT_EVERY_S === 0) open.push(putOne(world, tally));
    if (second % GET_EVERY_S === 0) open.push(getOne(world, tally));
    await world.run(1_000);
    if (second % 60 === 0) say(`${second} s: ${tally.left} have left, ${tally.got} of ${tally.gets} reads succeeded`);
  }
  await world.until(Promise.all(open), 300_000);
  const result = judge(world, tally);
  await world.end();
  return result;
}

/** A newcomer lends as soon as it is in. */
function lend({ sea }: SimNode): void {
  void sea.storage.lend({ quotaBytes: QUOTA_BYTES });
}

/** One of the settled stores a file; a put whose owner leaves meanwhile does not count. */
async function putOne(world: World, tally: Tally): Promise<void> {
  const owner = pickSettled(world);
  const bytes = world.random.bytes(1 + (world.random.uint32() % FILE_BYTES_MAX));
  try {
    const { read } = await owner.sea.storage.put(bytes, { k: K, n: N });
    const { segments } = await owner.sea.storage.inspect(read);
    tally.stored.push({ bytes, read, holders: segments[0]!.map(String) });
    tally.puts++;
  } catch (error) {
    if (!isIn(owner)) return;
    tally.puts++;
    tally.faults.push(`a file was not stored: ${String(error)}`);
  }
}

/** One of the settled reads a file that enough of its holders still have, before and after; others do not count. */
async function getOne(world: World, tally: Tally): Promise<void> {
  const reader = pickSettled(world);
  const file = tally.stored[world.random.uint32() % Math.max(1, tally.stored.length)];
  if (file === undefined) return;
  const beganMs = world.clock.now();
  let fault = 'the bytes differ';
  let whole = false;
  try {
    const parts: Uint8Array[] = [];
    for await (const part of reader.sea.storage.get(file.read)) parts.push(part);
    whole = parts.length === 1 && equal(parts[0]!, file.bytes);
  } catch (error) {
    fault = isSeaError(error) ? `${error.code} ${error.message}` : String(error);
  }
  if (!isIn(reader) || !isReadable(world, file)) return;
  tally.gets++;
  if (whole) {
    tally.got++;
    tally.getMs.push(world.clock.now() - beganMs);
  } else tally.faults.push(`a file with enough holders did not come back: ${fault}`);
}

/** Enough of the holders are in: k of n for the segment; the manifest's n - k + 1 are among the same. */
function isReadable(world: World, { holders }: Stored): boolean {
  const present = new Set(settled(world).map(({ sea }) => sea.localId().toString()));
  const living = holders.filter(holder => present.has(holder));
  return living.length >= K && holders.slice(0, N - K + 1).some(holder => present.has(holder));
}

function judge(world: World, { stored, puts, gets, got, left, getMs, faults }: Tally): ScenarioResult {
  const getSuccess = got / Math.max(1, gets);
  const putSuccess = stored.length / Math.max(1, puts);
  const ok = getSuccess === 1 && putSuccess === 1 && gets > 0;
  return {
    ok,
    traceHash: world.trace.digest(),
    metrics: {
      putSuccess,
      getSuccess,
      puts,
      gets,
      filesLost: stored.filter(file => !isReadable(world, file)).length,
      getMsMean: mean(getMs),
      getMsMax: Math.max(...getMs),
      left,
      virtualMs: world.clock.now(),
    },
    faults: faults.slice(0, 5),
  };
}
