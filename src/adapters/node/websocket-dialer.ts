/** Dials websockets from Node with the `ws` package. */

import { rootCertificates } from 'node:tls';
import { type ClientOptions, WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { type Channel, FRAME_BYTES_MAX } from '../../ports/link-factory.ts';
import { dialSocket } from '../browser/websocket-dialer.ts';
import { CLOSE_TIMEOUT_MS } from './limits.ts';
import { explainSocketError } from './socket-error.ts';

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
  return dialSocket(url, makeSocket, { clock, signal, explain: explainSocketError });
}
