/**
 * Says goodbye when a page goes. A connection that is closed is noticed by its other end at once; one whose page just
 * vanishes only when ICE gives up, 7 to 17 s later (Chromium closes tabs without a word on the connection).
 */

const live = new Set<RTCPeerConnection>();
let listening = false;

/** Closes `connection` when the page is left; returns a function that forgets it. Does nothing outside a page. */
export function closeOnPageExit(connection: RTCPeerConnection): () => void {
  live.add(connection);
  if (!listening && typeof addEventListener === 'function') {
    listening = true;
    addEventListener('pagehide', () => {
      for (const one of live) one.close();
    });
  }
  return () => live.delete(connection);
}
