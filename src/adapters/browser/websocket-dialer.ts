/** Dials websockets: what a page and Node share, and the page's own form. */

import { abortError, checkAborted, whenAborted } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import { SeaError } from '../../base/errors.ts';
import type { Channel } from '../../ports/link-factory.ts';
import { WEBSOCKET_DIAL_TIMEOUT_MS } from './limits.ts';
import { hostBinding, normalHost } from './websocket-binding.ts';
import { type SocketLike, WebSocketChannel, type WebSocketChannelOptions } from './websocket-channel.ts';

export interface DialOptions extends Omit<WebSocketChannelOptions, 'binding'> {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Dials ws: or wss: with the page's own WebSocket. Throws DIAL_FAILED, ABORTED. */
export function dialFromPage(url: string, clock: Clock, signal: AbortSignal): Promise<Channel> {
  return dialSocket(url, target => new WebSocket(target), { clock, signal, drainClock: clock });
}

/**
 * Makes a socket to `url` and resolves to its channel once it is open. A frame that arrives with the opening is kept.
 * Throws DIAL_FAILED (the URL, the host or the server's refusal named), ABORTED.
 */
export async function dialSocket(
  url: string,
  makeSocket: (url: string) => SocketLike,
  options: DialOptions,
): Promise<Channel> {
  const { clock, signal } = options;
  const { href, host } = parseWebSocketUrl(url);
  checkAborted(signal);
  const socket = make(makeSocket, href);
  socket.binaryType = 'arraybuffer';
  const opened = deferred<Channel>();
  const failed = (detail: string, cause?: unknown): void =>
    opened.reject(new SeaError('DIAL_FAILED', `${href}: ${detail}`, { cause }));
  socket.addEventListener('open', () =>
    opened.resolve(new WebSocketChannel(socket, { ...options, binding: hostBinding(host) })),
  );
  socket.addEventListener('error', ({ error }) => failed(describeError(error), error));
  socket.addEventListener('close', ({ code }) => failed(`closed while opening (code ${code})`));
  const cancelTimer = clock.after(WEBSOCKET_DIAL_TIMEOUT_MS, () => failed('no answer'));
  const forgetAbort = whenAborted(signal, () => opened.reject(abortError(signal)));
  try {
    return await opened.promise;
  } catch (error) {
    socket.close();
    throw error;
  } finally {
    cancelTimer();
    forgetAbort();
  }
}

function make(makeSocket: (url: string) => SocketLike, href: string): SocketLike {
  try {
    return makeSocket(href);
  } catch (cause) {
    throw new SeaError('DIAL_FAILED', `${href}: ${describeError(cause)}`, { cause }); // a ws: URL in a page served by https
  }
}

function parseWebSocketUrl(text: string): { href: string; host: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const host = url === undefined ? undefined : normalHost(url.host);
  if (url === undefined || host === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:')) {
    throw new SeaError('DIAL_FAILED', `not a ws: or wss: address: ${JSON.stringify(text.slice(0, 200))}`);
  }
  url.hash = ''; // WebSocket refuses fragments
  return { href: url.href, host };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'the connection could not be made'; // pages are told nothing more
  return error.message === '' ? String((error as { code?: unknown }).code ?? error.name) : error.message;
}
