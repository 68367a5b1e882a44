/** What every channel must do, as tests; part of `link-factory.ts`. */

import { expect, it } from 'vitest';
import { type Channel, FRAME_BYTES_MAX } from '../link-factory.ts';
import { codes, pattern, pause, Recorder, record, same } from './recorder.ts';

/** Registers the tests in the current describe(). `connect` gives both ends of a new channel. */
export function channelTests(connect: () => Promise<[Channel, Channel]>): void {
  it('gives both ends the same transport and binding', async () => {
    const [near, far] = await connect();
    expect(near.transport).toBe(far.transport);
    expect(near.binding).toEqual(far.binding);
    expect(near.bufferedBytes).toBe(0);
  });

  it('carries frames of every size in order, both ways at once', async () => {
    const [near, far] = await connect();
    const [atNear, atFar] = [record(near), record(far)];
    const sizes = [1, 2, 1_000, 16_384, FRAME_BYTES_MAX - 1, FRAME_BYTES_MAX];
    const there = Array.from({ length: 24 }, (_, i) => pattern(sizes[i % sizes.length] ?? 1, i));
    const back = Array.from({ length: 24 }, (_, i) => pattern(sizes[(i * 5 + 1) % sizes.length] ?? 1, 100 + i));
    there.forEach((frame, i) => {
      near.send(frame);
      far.send(back[i] ?? frame);
    });
    await Promise.all([atFar.until(r => r.frames.length === 24), atNear.until(r => r.frames.length === 24)]);
    expect(same(atFar.frames, there)).toBe(true);
    expect(same(atNear.frames, back)).toBe(true);
  });

  it('sends a view as its own bytes only, and hands over memory of its own', async () => {
    const [near, far] = await connect();
    const atFar = record(far);
    const whole = pattern(100, 7);
    near.send(whole.subarray(10, 20));
    await atFar.until(r => r.frames.length === 1);
    const [frame] = atFar.frames;
    expect([...(frame ?? [])]).toEqual([...whole.subarray(10, 20)]);
    frame?.fill(0xff);
    expect(same([whole], [pattern(100, 7)])).toBe(true);
  });

  it('refuses a frame above the limit and closes', async () => {
    const [near, far] = await connect();
    const [atNear, atFar] = [record(near), record(far)];
    near.send(pattern(10, 1));
    near.send(pattern(FRAME_BYTES_MAX + 1, 2));
    await Promise.all([atFar.until(r => r.closes.length > 0), atNear.until(r => r.closes.length > 0)]);
    expect(codes(atFar)).toEqual(['TOO_LARGE']);
    expect(codes(atNear)).toEqual(['LINK_CLOSED']);
    expect(atFar.frames.map(frame => frame.length)).toEqual([10]);
  });

  it('keeps frames that come before open(), in order with those that come after', async () => {
    const [near, far] = await connect();
    for (let i = 0; i < 3; i++) near.send(pattern(100 + i, i));
    await pause();
    const atFar = record(far);
    expect(atFar.frames, 'nothing is delivered within open()').toHaveLength(0);
    near.send(pattern(103, 3));
    await atFar.until(r => r.frames.length === 4);
    expect(
      same(
        atFar.frames,
        [0, 1, 2, 3].map(i => pattern(100 + i, i)),
      ),
    ).toBe(true);
  });

  it('counts what waits and says when it may go on', async () => {
    // A stack has a buffer of its own below the one that it counts: on a busy machine it takes much to fill both.
    const [near, far] = await connect();
    const [atNear, atFar] = [record(near), record(far)];
    const frame = pattern(FRAME_BYTES_MAX, 9);
    let sent = 0;
    let high = 0;
    while (high < 2_000_000 && sent < 800) {
      near.send(frame);
      high = Math.max(high, near.bufferedBytes);
      sent++;
    }
    expect(high).toBeGreaterThan(300_000);
    await atNear.until(r => r.writables > 0);
    expect(near.bufferedBytes).toBeLessThan(high);
    await atFar.until(r => r.frames.length === sent);
    expect(atFar.frames.every(arrived => arrived.length === FRAME_BYTES_MAX)).toBe(true);
    expect(codes(atNear)).toEqual([]);
  }, 60_000);

  for (const side of [0, 1] as const) {
    it(`tells both ends once when the ${side === 0 ? 'dialling' : 'other'} end closes`, async () => {
      const channels = await connect();
      const [atNear, atFar] = [record(channels[0]), record(channels[1])];
      await pause();
      channels[side].close();
      channels[side].close();
      await Promise.all([atNear.until(r => r.closes.length > 0), atFar.until(r => r.closes.length > 0)]);
      channels[1 - side]?.close();
      for (const channel of channels) channel.send(pattern(5, 5));
      await pause();
      expect([codes(atNear), codes(atFar)]).toEqual([['LINK_CLOSED'], ['LINK_CLOSED']]);
      expect([atNear.frames, atFar.frames]).toEqual([[], []]);
    });
  }

  it('tells a handler that opens late that the other end has gone', async () => {
    const [near, far] = await connect();
    near.close();
    await pause();
    const [atNear, atFar] = [record(near), record(far)];
    await Promise.all([atNear.until(r => r.closes.length > 0), atFar.until(r => r.closes.length > 0)]);
    expect([codes(atNear), codes(atFar)]).toEqual([['LINK_CLOSED'], ['LINK_CLOSED']]);
  });

  it('may be closed within onFrame; nothing follows', async () => {
    const [near, far] = await connect();
    const [atNear, atFar] = [record(near), new Recorder()];
    const { onFrame } = atFar;
    atFar.onFrame = frame => {
      onFrame.call(atFar, frame);
      far.close();
    };
    for (let i = 0; i < 4; i++) near.send(pattern(50, i));
    far.open(atFar);
    await atNear.until(r => r.closes.length > 0);
    expect(atFar.frames).toHaveLength(1);
    expect(codes(atFar)).toEqual(['LINK_CLOSED']);
  });
}
