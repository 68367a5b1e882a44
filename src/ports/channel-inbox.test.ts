import { describe, expect, it } from 'vitest';
import { AssertionError } from '../base/assert.ts';
import { SeaError } from '../base/errors.ts';
import { ChannelInbox, EARLY_BYTES_MAX, EARLY_FRAMES_MAX } from './channel-inbox.ts';
import { FRAME_BYTES_MAX } from './link-factory.ts';

const gone = new SeaError('LINK_CLOSED', 'gone');
const settle = (): Promise<void> => Promise.resolve().then(() => {});

function handler(): { log: string[]; onFrame(f: Uint8Array): void; onWritable(): void; onClose(e: SeaError): void } {
  const log: string[] = [];
  return {
    log,
    onFrame: frame => log.push(`frame ${frame[0]}`),
    onWritable: () => log.push('writable'),
    onClose: reason => log.push(`close ${reason.code}`),
  };
}

describe('ChannelInbox', () => {
  it('delivers kept frames after open() has returned, and later ones behind them', async () => {
    const inbox = new ChannelInbox();
    const to = handler();
    inbox.receive(Uint8Array.of(1));
    inbox.open(to);
    inbox.receive(Uint8Array.of(2));
    expect(to.log).toEqual([]);
    await settle();
    inbox.receive(Uint8Array.of(3));
    expect(to.log).toEqual(['frame 1', 'frame 2', 'frame 3']);
  });

  it('refuses unfit frames and keeps delivering fit ones', async () => {
    const inbox = new ChannelInbox();
    const to = handler();
    inbox.open(to);
    await settle();
    expect(inbox.receive(new Uint8Array(FRAME_BYTES_MAX))).toBeUndefined();
    expect(inbox.receive(new Uint8Array(FRAME_BYTES_MAX + 1))?.code).toBe('TOO_LARGE');
    expect(inbox.receive(new Uint8Array(0))?.code).toBe('BAD_MESSAGE');
    expect(to.log).toEqual(['frame 0']);
  });

  it('keeps early frames up to their number and their bytes', () => {
    const many = new ChannelInbox();
    for (let i = 0; i < EARLY_FRAMES_MAX; i++) expect(many.receive(Uint8Array.of(1))).toBeUndefined();
    expect(many.receive(Uint8Array.of(1))?.code).toBe('OVERLOADED');
    const large = new ChannelInbox();
    for (let i = 0; i < EARLY_BYTES_MAX / FRAME_BYTES_MAX; i++) {
      expect(large.receive(new Uint8Array(FRAME_BYTES_MAX))).toBeUndefined();
    }
    expect(large.receive(Uint8Array.of(1))?.code).toBe('OVERLOADED');
  });

  it('tells the first reason once; nothing follows it', async () => {
    const inbox = new ChannelInbox();
    const to = handler();
    inbox.open(to);
    await settle();
    inbox.writable();
    inbox.close(gone);
    inbox.close(new SeaError('TOO_LARGE', 'later'));
    inbox.receive(Uint8Array.of(9));
    inbox.writable();
    expect(to.log).toEqual(['writable', 'close LINK_CLOSED']);
    expect(inbox.closed).toBe(true);
  });

  it('hands a late handler what came before the other side closed, or nothing when this side closed', async () => {
    for (const [discard, expected] of [
      [false, ['frame 1', 'close LINK_CLOSED']],
      [true, ['close LINK_CLOSED']],
    ] as const) {
      const inbox = new ChannelInbox();
      inbox.receive(Uint8Array.of(1));
      inbox.close(gone, discard);
      const to = handler();
      inbox.open(to);
      await settle();
      expect(to.log).toEqual(expected);
    }
  });

  it('stops handing out kept frames when one of them makes the owner close', async () => {
    const inbox = new ChannelInbox();
    const to = handler();
    inbox.receive(Uint8Array.of(1));
    inbox.receive(Uint8Array.of(2));
    const onFrame = (frame: Uint8Array): void => {
      to.onFrame(frame);
      inbox.close(gone, true);
    };
    inbox.open({ ...to, onFrame });
    await settle();
    expect(to.log).toEqual(['frame 1', 'close LINK_CLOSED']);
  });

  it('is opened once', () => {
    const inbox = new ChannelInbox();
    inbox.open(handler());
    expect(() => inbox.open(handler())).toThrow(AssertionError);
  });
});
