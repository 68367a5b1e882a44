/** Who computed how many parts, in the colours of the tiles. */

import { formatPlural } from '../format.ts';
import type { PeerTally } from '../state/job.ts';
import { peerColour } from '../state/peer-palette.ts';
import { PeerMark } from './peer-mark.tsx';

interface PeerLegendProps {
  readonly tally: readonly PeerTally[];
  readonly ownAddress: string;
}

export function PeerLegend({ tally, ownAddress }: PeerLegendProps) {
  if (tally.length === 0) return null;
  const most = Math.max(...tally.map(({ parts }) => parts));
  return (
    <ul class="legend plain-list" aria-label="Parts by peer">
      {tally.map(({ address, parts }) => (
        <li key={address} data-peer={address} data-parts={parts}>
          <PeerMark address={address} isSelf={address === ownAddress} />
          <span class="legend-bar" aria-hidden="true">
            <span style={{ width: `${(100 * parts) / most}%`, background: peerColour(address) }} />
          </span>
          <span class="number">{formatPlural(parts, 'part')}</span>
        </li>
      ))}
    </ul>
  );
}
