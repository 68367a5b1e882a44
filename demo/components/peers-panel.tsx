/** The sea as this page sees it: whom it is linked with, and which ways its calls take. A ring for the eye, words for everybody. */

import { formatBytes, formatRtt, shortAddress } from '../format.ts';
import type { PeerLink } from '../state/links.ts';
import type { PageState } from '../state/page-state.ts';
import type { TakenRoute } from '../state/routes.ts';
import type { SessionPhase } from '../state/session.ts';
import { AddressRing } from './address-ring.tsx';
import { CallForm } from './call-form.tsx';
import { Fold } from './fold.tsx';
import { PeerMark } from './peer-mark.tsx';
import { RouteList } from './route-list.tsx';
import { ScrollFrame } from './scroll-frame.tsx';
import { SidePanel } from './side-panel.tsx';
import { transportWords } from './transport-words.ts';

export function PeersPanel({ state }: { readonly state: PageState }) {
  const links = state.links.links.value;
  const phase = state.session.phase.value;
  const routes = state.routes.recent.value;
  const ownAddress = state.session.sea.value?.localId().toString();
  return (
    <SidePanel side={state.side} name="Sea" aside={<OwnAddress address={ownAddress} />}>
      <AddressRing ownAddress={ownAddress} links={links} routes={state.routes.lit.value} />
      <p class="fine ring-key">
        A peer’s colour may differ from page to page.
        {links.some(link => link.transport !== 'webrtc') &&
          ' Dashed: by websocket. Dotted: another tab of this browser.'}
      </p>
      {links.length === 0 ? <p class="fine">{aloneWords(phase)}</p> : <PeerTable links={links} />}
      <Fold title="Calls" words={callsWords(routes)} inFront={false}>
        <RouteList routes={routes} links={links} />
        <CallForm call={state.addressCall} links={links} online={phase.state === 'online'} />
      </Fold>
    </SidePanel>
  );
}

function OwnAddress({ address }: { readonly address: string | undefined }) {
  if (address === undefined) return null;
  return (
    <p class="panel-aside" data-testid="own-address" data-address={address}>
      <PeerMark address={address} isSelf />
    </p>
  );
}

function aloneWords({ state }: SessionPhase): string {
  return state === 'offline' ? 'Not in the sea.' : 'Linked with nobody yet.';
}

/** The newest one, if there is any. */
function callsWords([newest]: readonly TakenRoute[]): string {
  return newest === undefined ? 'none yet' : `last: ${newest.purpose} to ${shortAddress(newest.target)}`;
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
