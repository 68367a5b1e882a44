/**
 * Says goodbye when a page goes. An end that is told is noticed at once; a page that just vanishes only when ICE gives up, 7
 * to 17 s later (Chromium closes tabs without a word on the connection).
 */

import { LOW_WATER_BYTES } from './limits.ts';
import type { RtcChannel } from './rtc-channel.ts';

const live = new Map<RtcChannel, RTCPeerConnection>();
let listening = false;

/** Ends `channel` and its connection when the page is left; returns a function that forgets them. Does nothing outside a page. */
export function endOnPageExit(channel: RtcChannel, connection: RTCPeerConnection): () => void {
  live.set(channel, connection);
  if (!listening && typeof addEventListener === 'function') {
    listening = true;
    addEventListener('pagehide', () => {
      for (const [one, below] of live) leave(one, below);
    });
  }
  return () => live.delete(channel);
}

/** The word goes behind what is queued; where much is, it would not get out any more. */
function leave(channel: RtcChannel, connection: RTCPeerConnection): void {
  if (channel.bufferedBytes > LOW_WATER_BYTES || !channel.sayEnd()) connection.close();
}
