/** Beside an address to be handed on: that it leads nowhere from another device, where that is so. */

import { isOfThisMachine } from '../share-address.ts';

export function LoopbackNote() {
  if (!isOfThisMachine(location.hostname)) return null;
  return (
    <p class="fine loopback">
      Works on this machine only. To let other devices open it, start Peersea with --host (README, “A phone, or another
      machine in your network”).
    </p>
  );
}
