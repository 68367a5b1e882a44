/** The sea as this page sees it: whom it is linked with, and which ways its calls take. A ring for the eye, words for everybody. */

import { formatBytes, formatRtt } from '../format.ts';
import type { PeerLink } from '../state/links.ts';
import type { PageState } from '../state/page-state.ts';
import { AddressRing } from './address-ring.tsx';
import { CallForm } from './call-form.tsx';
import { PeerMark } from './peer-mark.tsx';
import { RouteList } from './route-list.tsx';
import { ScrollFrame } from './scroll-frame.tsx';
import { transportWords } from './transport-words.ts';

export function PeersPanel({ state }: { readonly state: PageState }) {
  const links = state.links.links.value;
  const ownAddress = state.session.sea.value?.localId().toString();
  return (
    <section class="sheet peers" aria-labelledby="peers-heading">
      <div class="panel-head">
        <h2 id="peers-heading">Sea</h2>
        {ownAddress !== undefined && (
          <p class="panel-aside" data-testid="own-address" data-address={ownAddress}>
            <PeerMark address={ownAddress} isSelf />
          </p>
        )}
      </div>
      <AddressRing ownAddress={ownAddress} links={links} routes={state.routes.lit.value} />
      {links.some(link => link.transport !== 'webrtc') && (
        <p class="fine ring-key">Dashed: by websocket. Dotted: another tab of this browser.</p>
      )}
      {links.length === 0 ? <p class="fine">Linked with nobody yet.</p> : <PeerTable links={links} />}
      <RouteList routes={state.routes.recent.value} links={links} />
      <CallForm call={state.addressCall} links={links} online={state.session.phase.value.state === 'online'} />
    </section>
  );
}

function PeerTable({ links }: { readonly links: readonly PeerLink[] }) {
  return (
    <ScrollFrame label="Linked peers, table">
      <table>
        <caption class="visually-hidden">Linked peers</caption>
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">Via</th>
            <th scope="col" class="number">
              <abbr title="Time of a message there and back">Round trip</abbr>
            </th>
            <th scope="col" class="number">
              Data
            </th>
          </tr>
        </thead>
        <tbody>
          {links.map(link => (
            <tr key={link.address} data-transport={link.transport}>
              <th scope="row">
                <PeerMark address={link.address} />
              </th>
              <td>{transportWords[link.transport]}</td>
              <td class="number">{link.rttMs === undefined ? '–' : formatRtt(link.rttMs)}</td>
              <td class="number">{formatBytes(link.bytesIn + link.bytesOut)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  );
}
