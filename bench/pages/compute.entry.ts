/**
 * One tab of the compute bench: a requester or a provider, each both as a node of the sea and bare. All arms compute the
 * same parts with the same module, bounded in the same way, in as many workers.
 */

import { boundMemory } from '../../src/compute/bound-memory.ts';
import { inspectModule } from '../../src/compute/inspect-module.ts';
import { type Bundle, createSea, makeBundle, type Sea } from '../../src/index.ts';
import { spinInput } from '../../wasm-tasks/testing/spin.ts';
import { channelLane, computeOn, type Lane, serveLane, workerLane } from './lanes.ts';
import { SignalBus } from './signal-bus.ts';

/** Parts per second, and a sum over all outputs that must be the same in every arm. */
export interface Outcome {
  readonly partsPerSecond: number;
  readonly sum: number;
}

/** About 4 ms each. */
const CALIBRATION_STEPS = 2_000_000;
const CALIBRATION_ROUNDS = 200;

let bundle: Bundle;
let bounded: Uint8Array;
let sea: Sea;
let inputs: Uint8Array<ArrayBuffer>[] = [];
const pool: Lane[] = [];
const channels: Lane[] = [];

const page = {
  async load(): Promise<void> {
    const module = new Uint8Array(await (await fetch('/task.wasm')).arrayBuffer());
    bundle = makeBundle(module, { name: 'spin' });
    const { memoryBytesMax } = bundle.manifest;
    bounded = boundMemory(module, inspectModule(module, memoryBytesMax), memoryBytesMax);
  },

  /** A node with that many slots; in the sea where there are bootstraps. */
  async join(bootstraps: string[], slots: number): Promise<string> {
    sea = await createSea({ bootstraps, identity: 'passing' });
    if (bootstraps.length > 0) await sea.goOnline();
    sea.contribute({ slots });
    return sea.localId().toString();
  },

  /** Whether direct links to all of them stand. */
  isLinkedTo(addresses: string[]): boolean {
    const direct = sea.links().filter(({ transport }) => transport === 'webrtc');
    const linked = new Set(direct.map(({ address }) => address.toString()));
    return addresses.every(address => linked.has(address));
  },

  async startPool(workers: number): Promise<void> {
    while (pool.length < workers) pool.push(await workerLane(bounded));
  },

  /** Puts this tab's worker at the other end of the room's raw channel. */
  async serve(room: string): Promise<void> {
    serveLane(await SignalBus.connect(room), await workerLane(bounded));
  },

  async connect(rooms: string[]): Promise<void> {
    for (const room of rooms) channels.push(await channelLane(await SignalBus.connect(room)));
  },

  /**
   * Steps of the task that take a worker of the pool so many milliseconds while all of them work: by the fastest of many
   * short rounds, since what else the machine does only slows a round down.
   */
  async calibrate(partMs: number): Promise<number> {
    this.prepare(pool.length, CALIBRATION_STEPS, 1_024);
    let fastest = 0;
    for (let round = 0; round < CALIBRATION_ROUNDS; round++) {
      fastest = Math.max(fastest, (await this.run('pool')).partsPerSecond);
    }
    return Math.round((CALIBRATION_STEPS * partMs * fastest) / (1_000 * pool.length));
  },

  prepare(parts: number, steps: number, inputBytes: number): void {
    inputs = Array.from({ length: parts }, (_, i) => spinInput(steps, inputBytes, i));
  },

  async run(arm: 'pool' | 'raw' | 'remote' | 'local'): Promise<Outcome> {
    const began = performance.now();
    const outputs =
      arm === 'pool' || arm === 'raw' ? await computeOn(arm === 'raw' ? channels : pool, inputs) : await map(arm);
    const partsPerSecond = (inputs.length * 1_000) / (performance.now() - began);
    return { partsPerSecond, sum: outputs.reduce((sum, bytes) => sum + bytes.reduce((all, byte) => all + byte, 0), 0) };
  },
};

async function map(where: 'remote' | 'local'): Promise<Uint8Array[]> {
  const outputs: Uint8Array[] = [];
  for await (const { output } of sea.map(bundle, inputs, { redundancy: 1, local: where === 'local' }))
    outputs.push(output);
  return outputs;
}

export type ComputePage = typeof page;
Object.assign(globalThis, { tab: page });
