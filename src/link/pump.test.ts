import { expect, test } from 'vitest';
import { below, pick } from '../base/random.ts';
import { FRAME_BYTES_MAX } from '../ports/link-factory.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { BULK_HIGH_WATER_BYTES, HIGH_WATER_BYTES, QUEUE_BYTES_MAX, QUEUE_FRAMES_MAX } from './limits.ts';
import { Pump, type TrafficClass, trafficClasses } from './pump.ts';
import { FakeChannel } from './testing/fake-channel.ts';

/** A pump over a channel that has so many bytes under way and wakes it as adapters do. */
function makePump(bufferedBytes = 0): { pump: Pump; channel: FakeChannel } {
  const channel = new FakeChannel();
  const pump = new Pump(channel);
  channel.open({ onFrame() {}, onWritable: () => pump.drain(), onClose() {} });
  channel.bufferedBytes = bufferedBytes;
  return { pump, channel };
}

/** A frame of this length that begins with a mark. */
function frame(mark: number, length = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = mark;
  return bytes;
}

function marks(channel: FakeChannel): number[] {
  return channel.sent.map(bytes => bytes[0]!);
}

test('an idle channel takes every class at once', () => {
  const { pump, channel } = makePump();
  for (const [i, name] of trafficClasses.entries()) expect(pump.send(name, frame(i))).toBe(true);
  expect([marks(channel), pump.waitingBytes]).toEqual([[0, 1, 2, 3], 0]);
});

test('what waits goes in order of class, and in order of sending within one', () => {
  const { pump, channel } = makePump(HIGH_WATER_BYTES);
  const order: readonly (readonly [TrafficClass, number])[] = [
    ['bulk', 40],
    ['gossip', 30],
    ['rpc', 20],
    ['bulk', 41],
    ['control', 10],
    ['rpc', 21],
    ['control', 11],
  ];
  for (const [name, mark] of order) expect(pump.send(name, frame(mark))).toBe(true);
  expect([marks(channel), pump.waitingBytes]).toEqual([[], 7]);
  channel.drain(0);
  expect([marks(channel), pump.waitingBytes]).toEqual([[10, 11, 20, 21, 30, 40, 41], 0]);
});

test('bulk stops at its high water, the others at theirs', () => {
  const { pump, channel } = makePump(BULK_HIGH_WATER_BYTES - 1);
  pump.send('bulk', frame(1, 1_000));
  expect(marks(channel)).toEqual([1]); // below the mark: one frame may go past it
  pump.send('bulk', frame(2));
  expect(marks(channel)).toEqual([1]);
  channel.bufferedBytes = HIGH_WATER_BYTES - 1;
  pump.send('rpc', frame(3));
  expect(marks(channel)).toEqual([1, 3]); // although bulk waits
  pump.send('rpc', frame(4));
  pump.send('control', frame(5));
  expect(marks(channel)).toEqual([1, 3]);
  channel.drain(BULK_HIGH_WATER_BYTES); // above the low water: nobody is woken
  expect(marks(channel)).toEqual([1, 3]);
  channel.drain(0);
  expect(marks(channel)).toEqual([1, 3, 5, 4, 2]);
});

test('nothing overtakes within a class, whether it waited or not', () => {
  const { pump, channel } = makePump(HIGH_WATER_BYTES);
  pump.send('rpc', frame(1));
  channel.bufferedBytes = 0; // has drained, and the pump has not heard of it yet
  pump.send('rpc', frame(2));
  expect(marks(channel)).toEqual([1, 2]);
});

test('a class is full at its bytes and at its frames; the others are not', () => {
  const { pump } = makePump(HIGH_WATER_BYTES);
  const whole = QUEUE_BYTES_MAX / FRAME_BYTES_MAX;
  for (let i = 0; i < whole; i++) expect(pump.send('bulk', frame(0, FRAME_BYTES_MAX))).toBe(true);
  expect(pump.send('bulk', frame(0))).toBe(false);
  expect(pump.waitingBytes).toBe(QUEUE_BYTES_MAX);
  for (let i = 0; i < QUEUE_FRAMES_MAX; i++) pump.send('rpc', frame(0));
  expect(pump.send('rpc', frame(0))).toBe(false);
  expect(pump.send('control', frame(0))).toBe(true);
  expect(pump.waitingBytes).toBe(QUEUE_BYTES_MAX + QUEUE_FRAMES_MAX + 1);
});

test('a full class takes more once it has drained', () => {
  const { pump, channel } = makePump(HIGH_WATER_BYTES);
  while (pump.send('gossip', frame(0, FRAME_BYTES_MAX)));
  channel.drain(0);
  expect(channel.bufferedBytes).toBeGreaterThanOrEqual(HIGH_WATER_BYTES); // filled up again to the mark
  expect(pump.send('gossip', frame(1))).toBe(true);
});

test('a transfer never stands before a control frame with more than its high water and one frame', () => {
  const random = new SeededRandom('pump');
  const { pump, channel } = makePump();
  let handedOver = 0;
  for (let step = 0; step < 5_000; step++) {
    pump.send('bulk', frame(9, 1 + below(random, FRAME_BYTES_MAX)));
    if (step % 7 === 0) {
      expect(pump.send('control', frame(1, 20))).toBe(true);
      const isLast = channel.sent.length > handedOver && channel.sent.at(-1)![0] === 1;
      expect(isLast).toBe(true); // it waits for nothing but what the channel holds already
      expect(channel.bufferedBytes).toBeLessThan(BULK_HIGH_WATER_BYTES + FRAME_BYTES_MAX + 20 * 100);
    }
    handedOver = channel.sent.length;
    if (step % 3 === 0) channel.drain(below(random, BULK_HIGH_WATER_BYTES));
  }
});

test('every frame is sent once, in the order of its class, however the channel drains', () => {
  const random = new SeededRandom('every frame');
  const { pump, channel } = makePump();
  const counts = new Map<TrafficClass, number>();
  for (let step = 0; step < 4_000; step++) {
    const name = pick(random, trafficClasses)!;
    const bytes = new Uint8Array(100 + below(random, 60_000));
    const count = counts.get(name) ?? 0;
    new DataView(bytes.buffer).setUint32(0, trafficClasses.indexOf(name) * 1_000_000 + count);
    if (pump.send(name, bytes)) counts.set(name, count + 1);
    if (below(random, 3) === 0) channel.drain(below(random, HIGH_WATER_BYTES));
  }
  while (pump.waitingBytes > 0) channel.drain(0);
  const seen = channel.sent.map(bytes => new DataView(bytes.buffer).getUint32(0));
  for (const [index, name] of trafficClasses.entries()) {
    const own = seen.filter(number => Math.floor(number / 1_000_000) === index);
    expect(own).toEqual(Array.from({ length: counts.get(name)! }, (_, i) => index * 1_000_000 + i));
  }
});

test('discard drops what waits and leaves nothing counted', () => {
  const { pump, channel } = makePump(HIGH_WATER_BYTES);
  for (const name of trafficClasses) pump.send(name, frame(1, 100));
  pump.discard();
  expect(pump.waitingBytes).toBe(0);
  channel.drain(0);
  expect(marks(channel)).toEqual([]);
});
