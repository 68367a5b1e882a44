/** The plain loops that maps are measured against: lanes that answer inputs in order. */

import { openRaw } from './raw-channel.ts';
import type { SignalBus } from './signal-bus.ts';

/** Where parts go and outputs come from, in the same order. */
export interface Lane {
  /** Parts that it has at a time: a worker one, as in any pool; another tab the next one too, to hide the way there. */
  readonly window: number;
  /** Gives a part; the input stays as it is. */
  send(input: Uint8Array<ArrayBuffer>): void;
  onOutput: (output: Uint8Array) => void;
  /** Nothing more comes. */
  onFailure: (error: Error) => void;
}

/** A worker of this page that has the module compiled. */
export async function workerLane(module: Uint8Array): Promise<Lane> {
  const worker = new Worker(new URL('./bare-worker.ts', import.meta.url), { type: 'module' });
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = event => reject(new Error(`the bare worker failed: ${event.message}`));
    worker.postMessage(module);
  });
  const lane: Lane = {
    window: 1,
    send(input) {
      const { buffer } = input.slice();
      worker.postMessage(buffer, [buffer]);
    },
    onOutput: () => {},
    onFailure: () => {},
  };
  worker.onerror = event => lane.onFailure(new Error(`the bare worker failed: ${event.message}`));
  worker.onmessage = ({ data }) => lane.onOutput(new Uint8Array(data as ArrayBuffer));
  return lane;
}

/** Another tab's worker, over a raw data channel. */
export async function channelLane(bus: SignalBus): Promise<Lane> {
  const { channel } = await openRaw(bus, bus.freshLine(), 'offer');
  const lane: Lane = { window: 2, send: input => channel.send(input), onOutput: () => {}, onFailure: () => {} };
  channel.onclose = () => lane.onFailure(new Error('the raw channel closed'));
  channel.onmessage = ({ data }) => lane.onOutput(new Uint8Array(data as ArrayBuffer));
  return lane;
}

/** The other end of a channel lane: what comes over the channel goes to a worker and its outputs back. */
export function serveLane(bus: SignalBus, worker: Lane): void {
  bus.onLine = async (line, first) => {
    const opening = openRaw(bus, line, 'answer');
    bus.replay(line, first);
    const { channel } = await opening;
    channel.onmessage = ({ data }) => worker.send(new Uint8Array(data as ArrayBuffer));
    worker.onOutput = output => channel.send(output as Uint8Array<ArrayBuffer>);
    worker.onFailure = () => channel.close();
  };
}

/** Every input's output, in the order of the inputs. */
export function computeOn(lanes: readonly Lane[], inputs: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const outputs: Uint8Array[] = [];
    let sent = 0;
    let done = 0;
    const give = (lane: Lane, waiting: number[]): void => {
      while (waiting.length < lane.window && sent < inputs.length) {
        waiting.push(sent);
        lane.send(inputs[sent++]!);
      }
    };
    for (const lane of lanes) {
      const waiting: number[] = [];
      lane.onFailure = reject;
      lane.onOutput = output => {
        outputs[waiting.shift()!] = output;
        give(lane, waiting);
        if (++done === inputs.length) resolve(outputs);
      };
      give(lane, waiting);
    }
  });
}
