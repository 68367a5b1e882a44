/** What people call the kinds of link. */

import type { PeerLink } from '../state/links.ts';

export const transportWords: Readonly<Record<PeerLink['transport'], string>> = {
  webrtc: 'WebRTC',
  websocket: 'websocket',
  tab: 'another tab',
  memory: 'this page',
};
