/** The last ways that calls have taken, in words. */

import { formatPlural, formatRtt } from '../format.ts';
import type { PeerLink } from '../state/links.ts';
import { type TakenRoute, wayOf } from '../state/routes.ts';
import { PeerMark } from './peer-mark.tsx';

interface RouteListProps {
  readonly routes: readonly TakenRoute[];
  readonly links: readonly PeerLink[];
}

export function RouteList({ routes, links }: RouteListProps) {
  return (
    <div class="routes">
      <h3 id="routes-heading">Last calls</h3>
      {routes.length === 0 ? (
        <p class="fine">None yet. Those that keep the sea together are left out.</p>
      ) : (
        <ul class="plain-list" aria-labelledby="routes-heading">
          {routes.map(route => (
            <li key={`${route.purpose} ${wayOf(route)}`} data-target={route.target} data-hops={route.hops.length}>
              <span class="route-purpose">
                {route.purpose}
                {route.calls > 1 && ` × ${route.calls}`}
              </span>
              <RouteWords {...route} links={links} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

type RouteWordsProps = Pick<TakenRoute, 'target' | 'hops' | 'tookMs'> & { readonly links: readonly PeerLink[] };

/** "to ab12…34cd over cd34…: 2 hops, 31 ms". A hop is told by the beginning of its address alone. */
export function RouteWords({ target, hops, tookMs, links }: RouteWordsProps) {
  return (
    <span>
      to <PeerMark address={target} />
      {hops.map((hop, at) => {
        const known = links.find(({ address }) => address.startsWith(hop))?.address;
        return (
          <span key={hop}>
            {at === 0 ? ' over ' : ', '}
            {known === undefined ? <span class="address">{hop.slice(0, 4)}…</span> : <PeerMark address={known} />}
          </span>
        );
      })}
      : {formatPlural(hops.length + 1, 'hop')}, <span class="route-took">{formatRtt(tookMs)}</span>
    </span>
  );
}
