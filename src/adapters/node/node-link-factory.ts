/** How a Node process makes links: websockets, and WebRTC where the optional package for it is installed. */

import type { LinkFactory } from '../../ports/link-factory.ts';
import type { Log } from '../../ports/log.ts';
import { type IceServer, type WebRtcImplementation, webRtcNegotiator } from '../webrtc/negotiation.ts';
import { dialFromNode, type NodeDialOptions } from './websocket-dialer.ts';

export interface NodeLinksOptions extends NodeDialOptions {
  readonly iceServers: readonly IceServer[];
  readonly log: Log;
  /** Gets WebRTC; default: the package @roamhq/wrtc. */
  readonly loadWebRtc?: (() => Promise<WebRtcImplementation>) | undefined;
}

/** dial() takes `wss:` and `ws:`. Without WebRTC `negotiates` is false and a line in the log says why. */
export async function nodeLinkFactory(options: NodeLinksOptions): Promise<LinkFactory> {
  const { iceServers } = options;
  const wrtc = await tryLoad(options.loadWebRtc ?? loadWrtc, options.log);
  return {
    ...webRtcNegotiator({ iceServers, wrtc }),
    dial: (url, signal) => dialFromNode(url, options, signal),
  };
}

async function tryLoad(load: () => Promise<WebRtcImplementation>, log: Log): Promise<WebRtcImplementation | undefined> {
  try {
    return await load();
  } catch (error) {
    log.write('warn', 'no WebRTC in this process: links are websockets only', { error: String(error) });
    return undefined;
  }
}

async function loadWrtc(): Promise<WebRtcImplementation> {
  const { default: wrtc } = await import('@roamhq/wrtc');
  return wrtc as WebRtcImplementation;
}
