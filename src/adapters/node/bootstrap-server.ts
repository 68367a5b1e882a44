/**
 * The servers of a bootstrap node: http or https with the page and a health report, and the websockets of newcomers. It
 * knows nothing of the sea: a node takes the channels from its listener.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Clock } from '../../base/clock.ts';
import { type ChainInfo, rpcOrigin } from '../../ports/chain-info.ts';
import type { Listener } from '../../ports/link-factory.ts';
import type { Log } from '../../ports/log.ts';
import { ChainDoor } from './chain-door.ts';
import {
  HTTP_CLOSE_TIMEOUT_MS,
  HTTP_CONNECTIONS_MAX,
  HTTP_HEAD_TIMEOUT_MS,
  LISTENER_LIMITS,
  type ListenerLimits,
} from './limits.ts';
import { COMMON_HEADERS, notFound, PUBLIC_JSON, pageFiles, pagePolicy, type RequestHandler } from './page-files.ts';
import { displayHost, listenOn } from './server-listen.ts';
import { readTlsFiles } from './tls-files.ts';
import { WebSocketListener } from './websocket-listener.ts';

export interface BootstrapServerOptions {
  /** Address or name to listen on; '0.0.0.0' or '::' for all addresses. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM files; both or neither. With them the server speaks https and wss. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** The built page; without it the server serves no files. */
  readonly pageFolder?: string | undefined;
  /** The page's Content-Security-Policy in place of pagePolicy(). */
  readonly contentSecurityPolicy?: string | undefined;
  /** 'sha256-…' of the task frame's inline script, for pagePolicy(). */
  readonly taskFrameScriptHash?: string | undefined;
  /** The chain that this sea pays on, told to pages by GET /chain.json; without it that is not found. */
  readonly chain?: ChainInfo | undefined;
  /** Pages reach the chain by way of this server: for one that listens on this machine only. Default false. */
  readonly relayChain?: boolean | undefined;
  /** Origins of pages that may connect; default '*'. Programs that send no Origin always may. */
  readonly origins?: '*' | readonly string[] | undefined;
  /** The names under which this server is reached (`host` or `host:port`): requests for others are refused. */
  readonly hosts?: readonly string[] | undefined;
  /** True behind a proxy of one's own that appends to X-Forwarded-For and passes Host on. Default false. */
  readonly trustProxy?: boolean | undefined;
  readonly limits?: Partial<ListenerLimits> | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** What GET /health reports besides `ok` and `uptimeS`; with `online: false` that is not ok, and answers 503. */
  readonly status: () => Readonly<Record<string, unknown>>;
}

export interface BootstrapServer {
  /** Where a browser on this machine finds the page: `http://host:port/`. */
  readonly url: string;
  /** What nodes dial: `ws://host:port/sea`. */
  readonly wsUrl: string;
  readonly port: number;
  /** Newcomers' channels. Upgrades are refused until it listens. */
  readonly listener: Listener;
  /** Ends the server and every connection; what does not agree within 3 s is cut. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts to serve. Throws PORT_IN_USE, NO_PERMISSION, BAD_ARGUMENT (host, port, cert and key files, page folder), each
 * with a sentence that says what to do.
 */
export async function startBootstrapServer(options: BootstrapServerOptions): Promise<BootstrapServer> {
  const { host, clock, log } = options;
  const tls = await readTlsFiles(options.cert, options.key);
  const handler = requestHandler(options);
  const server: Server = tls === undefined ? createServer(handler) : createTlsServer({ ...tls }, handler);
  server.headersTimeout = HTTP_HEAD_TIMEOUT_MS;
  server.maxConnections = (options.limits?.connectionsMax ?? LISTENER_LIMITS.connectionsMax) + HTTP_CONNECTIONS_MAX;
  const listener = new WebSocketListener({ ...options, server });
  const port = await listenOn(server, host, options.port);
  server.on('error', error => log.write('error', 'server failed', { error: error.message }));
  const shown = displayHost(host, port);
  let closing: Promise<void> | undefined;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${shown}/`,
    wsUrl: `${tls === undefined ? 'ws' : 'wss'}://${shown}/sea`,
    port,
    listener,
    close: () => (closing ??= closeAll(server, listener, clock)),
  };
}

async function closeAll(server: Server, listener: WebSocketListener, clock: Clock): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  listener.closeChannels();
  server.closeIdleConnections();
  const cancelTimer = clock.after(HTTP_CLOSE_TIMEOUT_MS, () => server.closeAllConnections());
  await closed;
  cancelTimer();
}

function requestHandler(options: BootstrapServerOptions): RequestHandler {
  const started = options.clock.now();
  const files = pageHandler(options);
  const { chain, relayChain: relay = false, cert } = options;
  const door = chain === undefined ? undefined : new ChainDoor({ chain, relay, secure: cert !== undefined });
  return (request, response) => {
    for (const [name, value] of Object.entries(COMMON_HEADERS)) response.setHeader(name, value);
    if (door?.answer(request, response) === true) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    } else if (/^\/health(\?|$)/.test(request.url ?? '')) {
      const uptimeS = Math.floor((options.clock.now() - started) / 1000);
      reportHealth(request, response, { uptimeS, status: options.status });
    } else {
      files(request, response);
    }
  };
}

function pageHandler(options: BootstrapServerOptions): RequestHandler {
  const { pageFolder: folder, taskFrameScriptHash: hash, chain } = options;
  if (folder === undefined) return (_request, response) => notFound(response);
  const origins = chain === undefined ? [] : [rpcOrigin(chain)];
  const contentSecurityPolicy = options.contentSecurityPolicy ?? pagePolicy(hash === undefined ? [] : [hash], origins);
  return pageFiles({ folder, contentSecurityPolicy });
}

interface Health {
  readonly uptimeS: number;
  readonly status: () => Readonly<Record<string, unknown>>;
}

function reportHealth(request: IncomingMessage, response: ServerResponse, { uptimeS, status }: Health): void {
  let code = 200;
  let report: Readonly<Record<string, unknown>>;
  try {
    const told = status();
    const ok = told['online'] !== false;
    if (!ok) code = 503;
    report = { ok, uptimeS, ...told };
  } catch (error) {
    code = 500;
    report = { ok: false, uptimeS, error: error instanceof Error ? error.message : String(error) };
  }
  response.writeHead(code, PUBLIC_JSON);
  response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(report)}\n`);
}
