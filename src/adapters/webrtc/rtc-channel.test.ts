import { describe, expect, it, vi } from 'vitest';
import { Recorder } from '../../ports/acceptance/recorder.ts';
import { LOW_WATER_BYTES, QUEUED_BYTES_MAX } from './limits.ts';
import { RtcChannel } from './rtc-channel.ts';

/** A data channel that does what it is told; `quiet` leaves out the backpressure event, as wrtc does. */
class FakeDataChannel {
  readyState = 'open';
  bufferedAmount = 0;
  bufferedAmountLowThreshold: number | undefined = 0;
  binaryType = 'blob';
  onopen: unknown = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onbufferedamountlow: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: ((event: { error?: Error }) => void) | null = null;
  readonly sent: Uint8Array[] = [];

  constructor(quiet: boolean) {
    if (quiet) this.bufferedAmountLowThreshold = undefined;
  }

  send(frame: Uint8Array): void {
    this.sent.push(frame);
    this.bufferedAmount += frame.length;
  }
}

function make(quiet = false): { raw: FakeDataChannel; channel: RtcChannel; released: () => number; at: Recorder } {
  const raw = new FakeDataChannel(quiet);
  let releases = 0;
  const channel = new RtcChannel(raw as unknown as RTCDataChannel, () => releases++);
  return { raw, channel, released: () => releases, at: new Recorder() };
}

async function opened(quiet = false): Promise<ReturnType<typeof make>> {
  const parts = make(quiet);
  parts.channel.open(parts.at);
  await Promise.resolve();
  return parts;
}

/** How often the other end was told that no more comes. */
const ends = (raw: FakeDataChannel): number => raw.sent.filter(({ length }) => length === 0).length;
const codes = (at: Recorder): string[] => at.closes.map(reason => reason.code);

describe('RtcChannel', () => {
  it('sets the channel up for frames and backpressure', () => {
    const { raw } = make();
    expect([raw.binaryType, raw.bufferedAmountLowThreshold]).toEqual(['arraybuffer', LOW_WATER_BYTES]);
  });

  it('refuses text and oversized messages, and ends', async () => {
    const cases: [unknown, string][] = [
      ['hello', 'BAD_MESSAGE'],
      [new ArrayBuffer(65_537), 'TOO_LARGE'],
    ];
    for (const [data, code] of cases) {
      const { raw, at, released } = await opened();
      raw.onmessage?.({ data: new ArrayBuffer(65_536) });
      raw.onmessage?.({ data });
      raw.onmessage?.({ data: new ArrayBuffer(65_536) });
      expect([at.frames.length, codes(at), ends(raw), released()]).toEqual([1, [code], 1, 0]);
      raw.onclose?.();
      expect(released()).toBe(1);
    }
  });

  it('tells of an error once, with its text, though a close follows', async () => {
    const { raw, channel, at, released } = await opened();
    const { onclose } = raw;
    raw.onerror?.({ error: new Error('User-Initiated Abort') });
    onclose?.();
    channel.close();
    expect(codes(at)).toEqual(['LINK_CLOSED']);
    expect(at.closes[0]?.message).toContain('User-Initiated Abort');
    expect(released()).toBe(1);
  });

  it('closes the connection when the other end says that it is done', async () => {
    const { raw, channel, at, released } = await opened();
    raw.onmessage?.({ data: new ArrayBuffer(0) });
    channel.send(new Uint8Array(1));
    expect([codes(at), at.closes[0]?.message, ends(raw), raw.sent.length, released()]).toEqual([
      ['LINK_CLOSED'],
      expect.stringContaining('the other end closed'),
      0,
      0,
      1,
    ]);
  });

  it('says that it is done, and closes the connection when the other end has, or is done too', async () => {
    for (const answer of ['close', 'end'] as const) {
      const { raw, channel, at, released } = await opened();
      channel.close();
      channel.close();
      channel.send(new Uint8Array(1));
      expect([codes(at), ends(raw), raw.sent.length, released()]).toEqual([['LINK_CLOSED'], 1, 1, 0]);
      if (answer === 'close') raw.onclose?.();
      else raw.onmessage?.({ data: new ArrayBuffer(0) });
      expect([codes(at), released()]).toEqual([['LINK_CLOSED'], 1]);
    }
  });

  it('cuts the connection of a channel that does not finish closing', async () => {
    vi.useFakeTimers();
    try {
      const { channel, released } = await opened();
      channel.close();
      vi.advanceTimersByTime(999);
      expect(released()).toBe(0);
      vi.advanceTimersByTime(1);
      expect(released()).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets go at once when the channel never opened', async () => {
    const { raw, channel, released } = await opened();
    raw.readyState = 'connecting';
    channel.send(new Uint8Array(1));
    channel.close();
    expect([raw.sent.length, released()]).toEqual([0, 1]);
  });

  it('passes the low-water event on, and looks for itself where there is none', async () => {
    const { raw, at } = await opened();
    raw.onbufferedamountlow?.();
    expect(at.writables).toBe(1);
    vi.useFakeTimers();
    try {
      const quiet = await opened(true);
      quiet.channel.send(new Uint8Array(65_536));
      expect(vi.getTimerCount()).toBe(0);
      for (let i = 0; i < 8; i++) quiet.channel.send(new Uint8Array(65_536));
      expect(vi.getTimerCount()).toBe(1);
      vi.advanceTimersByTime(50);
      expect(quiet.at.writables).toBe(0);
      quiet.raw.bufferedAmount = LOW_WATER_BYTES;
      vi.advanceTimersByTime(50);
      expect([quiet.at.writables, vi.getTimerCount()]).toEqual([1, 0]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends a channel whose owner sends without minding the queue, before frames are lost', async () => {
    const { raw, channel, at } = await opened();
    const frame = new Uint8Array(65_536);
    while (at.closes.length === 0) channel.send(frame);
    expect(raw.bufferedAmount).toBe(QUEUED_BYTES_MAX);
    expect(codes(at)).toEqual(['LINK_CLOSED']);
    expect(channel.bufferedBytes).toBe(0);
  });

  it('ends a channel that throws on send', async () => {
    const { raw, channel, at, released } = await opened();
    raw.send = () => {
      throw new Error('send queue is full');
    };
    channel.send(new Uint8Array(1));
    expect([codes(at), released()]).toEqual([['LINK_CLOSED'], 1]);
  });
});
