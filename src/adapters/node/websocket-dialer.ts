/** Dials websockets from Node with the `ws` package. */

import { rootCertificates } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { isSeaError, SeaError } from '../../base/errors.ts';
import { type Channel, FRAME_BYTES_MAX } from '../../ports/link-factory.ts';
import { dialSocket } from '../browser/websocket-dialer.ts';
import { CLOSE_TIMEOUT_MS } from './limits.ts';
import { explainSocketError } from './socket-error.ts';

/** Where a node listens unless it is told otherwise. */
const SEA_PATH = '/sea';

export interface NodeDialOptions {
  readonly clock: Clock;
  /** Certificates (PEM) trusted besides Node's own list: for a bootstrap with a certificate of one's own. */
  readonly ca?: string | Buffer | readonly (string | Buffer)[] | undefined;
  /** False takes any certificate. For tests on one machine only. Default true. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** Dials ws: or wss:. Certificates are checked. Throws DIAL_FAILED, ABORTED. */
export function dialFromNode(url: string, options: NodeDialOptions, signal: AbortSignal): Promise<Channel> {
  const { clock, ca, rejectUnauthorized = true } = options;
  const clientOptions: ClientOptions & { closeTimeout: number } = {
    perMessageDeflate: false,
    maxPayload: FRAME_BYTES_MAX,
    closeTimeout: CLOSE_TIMEOUT_MS,
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ...[ca].flat()] }),
  };
  const makeSocket = (target: string): WebSocket => new WebSocket(target, clientOptions);
  return dialSocket(url, makeSocket, { clock, signal, explain: explainSocketError }).catch(error => {
    throw inWords(error, url);
  });
}

/** What a number or a code alone tells of an address that was typed wrong, in words that help to mend it. */
function inWords(error: unknown, url: string): unknown {
  if (!isSeaError(error, 'DIAL_FAILED') || !URL.canParse(url)) return error;
  const { pathname, href } = new URL(url);
  const said = (detail: string): SeaError => new SeaError('DIAL_FAILED', `${href}: ${detail}`, { cause: error });
  if (error.message.endsWith('server response: 404') && pathname !== SEA_PATH)
    return said(`not found (404); the path is usually ${SEA_PATH}`);
  if (error.message.includes('wrong version number'))
    return said('no TLS is spoken there; without it the address is ws:');
  return error;
}
