/** How a page makes links: WebRTC, websockets, and other tabs of its origin. */

import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import type { LinkFactory, Listener } from '../../ports/link-factory.ts';
import { type IceServer, type IceTransportPolicy, webRtcNegotiator } from '../webrtc/negotiation.ts';
import { type PageEvents, TabLinks } from './tab-links.ts';
import { dialFromPage } from './websocket-dialer.ts';

export interface BrowserLinksOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy?: IceTransportPolicy | undefined;
  /** Tabs meet under this name: one per network. */
  readonly tabName: string;
}

export interface BrowserLinks {
  readonly factory: LinkFactory;
  /** Takes the channels of other tabs that dial `tab:`; undefined where the browser has no BroadcastChannel. */
  readonly tabListener: Listener | undefined;
}

/** Both ends of a page's links. dial() takes `wss:`, `ws:` and `tab:`. */
export function browserLinks(options: BrowserLinksOptions): BrowserLinks {
  const { clock, random, iceServers, iceTransportPolicy, tabName } = options;
  const page: PageEvents | undefined = 'addEventListener' in globalThis ? globalThis : undefined;
  const tabs = 'BroadcastChannel' in globalThis ? new TabLinks({ name: tabName, clock, random, page }) : undefined;
  return {
    tabListener: tabs,
    factory: {
      ...webRtcNegotiator({ iceServers, iceTransportPolicy }),
      async dial(url, signal) {
        if (!url.startsWith('tab:')) return dialFromPage(url, clock, signal);
        if (tabs === undefined) throw new SeaError('DIAL_FAILED', 'this browser cannot reach its other tabs');
        return tabs.dial(signal);
      },
    },
  };
}
