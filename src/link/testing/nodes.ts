/** Nodes and channels for the tests of links: known keys, time by hand, a stranger in between. */

import { MemoryChannel } from '../../adapters/memory/memory-channel.ts';
import { NobleCrypto, seedKey } from '../../adapters/memory/noble-crypto.ts';
import { addressOfKey } from '../../address/signed.ts';
import type { Clock } from '../../base/clock.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { Channel } from '../../ports/link-factory.ts';
import { SeededRandom } from '../../sim/seeded-random.ts';
import { type Authenticated, type HandshakeTools, type LocalNode, shakeHands } from '../handshake.ts';

export interface TestNode {
  readonly tools: HandshakeTools;
  readonly local: LocalNode;
}

/** The node of this name: its key is always the same, its nonces never. */
export function testNode(name: string, clock: Clock = new ManualClock(), local: Partial<LocalNode> = {}): TestNode {
  const random = new SeededRandom(`${name} ${drawn++}`);
  const key = seedKey(new SeededRandom(name).bytes(32));
  const address = addressOfKey(key.publicKey);
  return {
    tools: { clock, random, crypto: new NobleCrypto(random) },
    local: { key, address, networkId: 'test', leaf: false, url: null, ...local },
  };
}

let drawn = 0;

/** The same time, but another opinion of what day it is. */
export function shifted(clock: Clock, byMs: number): Clock {
  return {
    now: () => clock.now(),
    wallMs: () => clock.wallMs() + byMs,
    after: (delayMs, fn) => clock.after(delayMs, fn),
  };
}

/** Two ends of one channel; frames move as soon as whoever sent them has returned. */
export function channelPair(): [Channel, Channel] {
  return MemoryChannel.pair({ held: false, waiting: [] });
}

/** The channel with other binding bytes or another transport. */
export function disguised(channel: Channel, as: Partial<Pick<Channel, 'binding' | 'transport'>>): Channel {
  return {
    transport: as.transport ?? channel.transport,
    binding: as.binding ?? channel.binding,
    get bufferedBytes() {
      return channel.bufferedBytes;
    },
    open: handler => channel.open(handler),
    send: frame => channel.send(frame),
    close: () => channel.close(),
  };
}

export type Side = 'left' | 'right';

/** Two ends with somebody in between who hands on what `meddle` makes of each frame: any number of frames. */
export function meddledPair(
  meddle: (frame: Uint8Array, from: Side, count: number) => Uint8Array[],
): [Channel, Channel] {
  const [left, nearLeft] = channelPair();
  const [right, nearRight] = channelPair();
  const join = (from: Side, near: Channel, far: Channel): void => {
    let count = 0;
    near.open({
      onFrame: frame => {
        for (const changed of meddle(frame, from, count++)) far.send(changed);
      },
      onWritable() {},
      onClose: () => far.close(),
    });
  };
  join('left', nearLeft, nearRight);
  join('right', nearRight, nearLeft);
  return [left, right];
}

/** Both ends shake hands. */
export async function shakenPair(
  a: TestNode,
  b: TestNode,
  [left, right]: [Channel, Channel] = channelPair(),
): Promise<[Authenticated, Authenticated]> {
  return Promise.all([shakeHands(a.tools, a.local, left), shakeHands(b.tools, b.local, right)]);
}

/** What came of a promise: its value's kind, or the code or text it was rejected with. */
export function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** Lets everything happen that is under way and needs no clock. */
export function settle(): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, 0));
}
