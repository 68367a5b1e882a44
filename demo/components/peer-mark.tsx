/** A peer by its colour and both ends of its address; the whole address on hover. */

import { shortAddress } from '../format.ts';
import { peerColour } from '../state/peer-palette.ts';

interface PeerMarkProps {
  readonly address: string;
  readonly isSelf?: boolean;
}

export function PeerMark({ address, isSelf = false }: PeerMarkProps) {
  return (
    <span class="peer-mark" title={address}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <rect x="0.5" y="0.5" width="11" height="11" fill={peerColour(address)} />
      </svg>
      <span class="address">{shortAddress(address)}</span>
      {isSelf && <span class="peer-self">this device</span>}
    </span>
  );
}
