/** Which requests may become websockets, judged by their head alone. */

import type { IncomingMessage } from 'node:http';
import { normalHost } from '../browser/websocket-binding.ts';

export interface UpgradePolicy {
  readonly path: string;
  /** Origins of pages that may connect, as browsers write them; '*' for all. Programs that send no Origin always may. */
  readonly origins: '*' | readonly string[];
  /** The host names under which this server is reached, normalised; undefined for all. */
  readonly hosts: readonly string[] | undefined;
}

export type Judgement =
  | { readonly outcome: 'fit' /** The host that was dialled, normalised. */; readonly host: string }
  | { readonly outcome: 'refused'; readonly status: number; readonly reason: string };

/** Statuses: 404 another path, 400 no usable Host, 421 another server's Host (RFC 9110 §15.5.20), 403 a foreign page. */
export function judgeUpgrade(request: Pick<IncomingMessage, 'url' | 'headers'>, policy: UpgradePolicy): Judgement {
  const path = (request.url ?? '').replace(/\?.*$/s, '');
  if (path !== policy.path) return refused(404, `websockets are at ${policy.path}`);
  const host = normalHost(request.headers.host ?? '');
  if (host === undefined) return refused(400, 'the Host header is missing or malformed');
  if (policy.hosts !== undefined && !policy.hosts.includes(host)) return refused(421, 'this server has other names');
  const { origin } = request.headers;
  if (origin !== undefined && policy.origins !== '*' && !policy.origins.includes(origin)) {
    return refused(403, 'pages of this origin may not connect here');
  }
  return { outcome: 'fit', host };
}

function refused(status: number, reason: string): Judgement {
  return { outcome: 'refused', status, reason };
}
