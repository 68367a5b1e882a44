/** Which requests may become websockets, judged by their head alone. */

import type { IncomingMessage } from 'node:http';
import { SeaError } from '../../base/errors.ts';
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

/**
 * An origin as browsers write it: `https://sea.example.org`, with a port that is not the usual one. Those of other schemes
 * (extensions, apps) stand as they are. Throws BAD_ARGUMENT for anything else: nothing would ever match it.
 */
export function normalOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) {
    if (url.href === `${url.origin}/` && !/[?#]/.test(text)) return url.origin;
  } else if (/^[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+$/.test(text)) return text;
  throw new SeaError('BAD_ARGUMENT', `not the origin of a page, as https://sea.example.org: ${JSON.stringify(text)}`);
}

function refused(status: number, reason: string): Judgement {
  return { outcome: 'refused', status, reason };
}
