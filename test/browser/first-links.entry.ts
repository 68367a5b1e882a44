/** A page that makes its first links: to a node by websocket, to another tab of its origin. Driven by the test. */

import { browserLinks } from '../../src/adapters/browser/browser-link-factory.ts';
import { WebRandom } from '../../src/adapters/browser/web-random.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import type { Channel } from '../../src/ports/link-factory.ts';

export interface FirstLinks {
  /** Lets other tabs dial this one; echoes all they send. */
  listen(): Promise<void>;
  /** Dials and takes the channel up; its binding as text, or the error's message. */
  dial(url: string): Promise<string>;
  /** Sends that many frames of 64 KiB, minding bufferedBytes, and waits until as many came back; seconds taken. */
  echoAll(frames: number): Promise<number>;
  /** Why channels have ended. */
  closes(): string[];
  close(): void;
}

declare global {
  var firstLinks: FirstLinks;
}

const HIGH_WATER_BYTES = 1_048_576;
const clock = new WorkerClock();
const { factory, tabListener } = browserLinks({
  clock,
  random: new WebRandom(),
  iceServers: [],
  tabName: 'first links',
});
const closes: string[] = [];
let dialled: Channel;
let onFrame = (_frame: Uint8Array): void => {};
let onWritable = (): void => {};

function takeUp(channel: Channel, hear: (frame: Uint8Array) => void): void {
  channel.open({ onFrame: hear, onWritable: () => onWritable(), onClose: reason => closes.push(reason.code) });
}

globalThis.firstLinks = {
  async listen() {
    await tabListener?.listen(channel => takeUp(channel, frame => channel.send(frame)));
  },
  async dial(url) {
    try {
      dialled = await factory.dial(url, new AbortController().signal);
    } catch (error) {
      return (error as Error).message;
    }
    takeUp(dialled, frame => onFrame(frame));
    return `${dialled.transport} ${new TextDecoder().decode(dialled.binding)}`;
  },
  async echoAll(frames) {
    let back = 0;
    const start = performance.now();
    const done = new Promise<void>((resolve, reject) => {
      onFrame = frame => {
        if (frame.length !== 65_536 || frame[0] !== back % 251) reject(new Error(`frame ${back} came back as another`));
        if (++back === frames) resolve();
      };
    });
    for (let i = 0; i < frames; i++) {
      dialled.send(new Uint8Array(65_536).fill(i % 251));
      if (dialled.bufferedBytes <= HIGH_WATER_BYTES) continue;
      await new Promise<void>(resolve => {
        onWritable = resolve;
      });
    }
    await done;
    return (performance.now() - start) / 1_000;
  },
  closes: () => closes,
  close: () => dialled.close(),
};
