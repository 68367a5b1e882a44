/** Who is connected, and how. */

import type { Transport } from '../../../src/ports/link-factory.ts';
import { formatPlural, formatRtt, formatSpan, shortAddress } from '../format.ts';
import type { DesktopNode, Peer } from '../state/desktop-node.ts';

const transportWords: Readonly<Record<Transport, string>> = {
  webrtc: 'directly (WebRTC)',
  websocket: 'websocket',
  tab: 'another window',
  memory: 'this process',
};

export function PeersPanel({ node }: { readonly node: DesktopNode }) {
  const peers = node.peers.value;
  const throughServer = peers.filter(peer => peer.transport === 'websocket').length;
  return (
    <section aria-labelledby="peers-heading">
      <h2 id="peers-heading">Connected peers</h2>
      <p class="fine" data-testid="websockets">
        {formatPlural(throughServer, 'link')} over websockets: newcomers, who soon connect directly.
      </p>
      {peers.length === 0 ? <p>Nobody yet.</p> : <PeerTable peers={peers} />}
    </section>
  );
}

function PeerTable({ peers }: { readonly peers: readonly Peer[] }) {
  return (
    <div class="scroll">
      <table>
        <caption class="hidden">Connected peers</caption>
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">Linked</th>
            <th scope="col" class="number">
              Round trip
            </th>
            <th scope="col" class="number">
              Since
            </th>
          </tr>
        </thead>
        <tbody>
          {peers.map(({ address, transport, rttMs, linkedMs }) => (
            <tr key={address} data-address={address} data-transport={transport}>
              <th scope="row">
                <code title={address}>{shortAddress(address)}</code>
              </th>
              <td>{transportWords[transport]}</td>
              <td class="number">{formatRtt(rttMs)}</td>
              <td class="number">{formatSpan(linkedMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
