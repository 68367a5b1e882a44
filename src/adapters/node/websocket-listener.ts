/**
 * Takes websockets on a path of an existing http or https server and hands them on as channels. Everything a stranger can
 * cost before `link/` knows who it is, is bounded here: see limits.ts.
 */

import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../base/clock.ts';
import { SeaError } from '../../base/errors.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import { type Channel, FRAME_BYTES_MAX, type Listener } from '../../ports/link-factory.ts';
import type { Log } from '../../ports/log.ts';
import { LOW_WATER_BYTES } from '../browser/limits.ts';
import { hostBinding, normalHost } from '../browser/websocket-binding.ts';
import { WebSocketChannel } from '../browser/websocket-channel.ts';
import { Admission, type Verdict } from './admission.ts';
import { CLOSE_TIMEOUT_MS, LISTENER_LIMITS, type ListenerLimits } from './limits.ts';
import { addressKey, clientAddress } from './remote-address.ts';
import { explainSocketError } from './socket-error.ts';
import { judgeUpgrade, normalOrigin, type UpgradePolicy } from './upgrade-policy.ts';

export interface WebSocketListenerOptions {
  readonly server: Server | TlsServer;
  readonly clock: Clock;
  readonly log: Log;
  /** Default '/sea'. */
  readonly path?: string | undefined;
  /** Origins of pages that may connect; default '*'. Programs that send no Origin always may. */
  readonly origins?: '*' | readonly string[] | undefined;
  /**
   * The names under which this server is reached (`host` or `host:port`). Requests for others are refused: without it a
   * machine in between, dialled under its own name, could pass the handshake on.
   */
  readonly hosts?: readonly string[] | undefined;
  /** True behind a proxy of one's own that appends to X-Forwarded-For and passes Host on. */
  readonly trustProxy?: boolean | undefined;
  readonly limits?: Partial<ListenerLimits> | undefined;
}

const upgraderOptions: ServerOptions & { closeTimeout: number } = {
  noServer: true,
  autoPong: false,
  perMessageDeflate: false,
  maxPayload: FRAME_BYTES_MAX,
  closeTimeout: CLOSE_TIMEOUT_MS,
};
const GOING_AWAY = 1001; // RFC 6455 §7.4.1

export class WebSocketListener implements Listener {
  readonly #options: WebSocketListenerOptions;
  readonly #policy: UpgradePolicy;
  readonly #limits: ListenerLimits;
  readonly #admission: Admission;
  readonly #upgrader: WebSocketServer;

  /** Throws BAD_ARGUMENT when one of `hosts` is not a host, or one of `origins` no origin. */
  constructor(options: WebSocketListenerOptions) {
    this.#options = options;
    this.#policy = {
      path: options.path ?? '/sea',
      origins: originsOf(options),
      hosts: options.hosts?.map(parseHost),
    };
    this.#limits = { ...LISTENER_LIMITS, ...options.limits };
    this.#admission = new Admission(options.clock, this.#limits);
    this.#upgrader = new WebSocketServer(upgraderOptions);
  }

  /** Websockets that are open or closing. */
  get connections(): number {
    return this.#admission.open;
  }

  /** Takes upgrades from now on; the function stops that and leaves open channels alone. */
  async listen(onChannel: (channel: Channel) => void): Promise<() => void> {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
      this.#upgrade(request, socket, head, onChannel);
    this.#options.server.on('upgrade', onUpgrade);
    return () => {
      this.#options.server.off('upgrade', onUpgrade);
    };
  }

  /** Asks every peer to close; what has not within CLOSE_TIMEOUT_MS is cut. */
  closeChannels(): void {
    for (const socket of this.#upgrader.clients) socket.close(GOING_AWAY);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, onChannel: (channel: Channel) => void): void {
    if (socket.destroyed) return;
    socket.on('error', () => socket.destroy()); // a client that breaks off: nothing is lost
    const judgement = judgeUpgrade(request, this.#policy);
    if (judgement.outcome === 'refused') {
      this.#refuse(socket, judgement.status, judgement.reason);
      return;
    }
    const verdict = this.#admission.admit(addressKey(clientAddress(request, this.#options.trustProxy ?? false)));
    if (verdict.outcome !== 'admitted') {
      this.#refuse(socket, statusOf(verdict.outcome), verdict.outcome);
      return;
    }
    socket.once('close', verdict.release);
    this.#upgrader.handleUpgrade(request, socket, head, websocket => {
      onChannel(this.#channelOver(websocket, judgement.host));
    });
  }

  #refuse(socket: Duplex, status: number, reason: string): void {
    this.#options.log.write('debug', 'websocket refused', { status, reason });
    const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Content-Type: text/plain'];
    socket.once('finish', () => socket.destroy());
    socket.end(`${head.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(reason)}\r\n\r\n${reason}`);
  }

  #channelOver(websocket: WebSocket, host: string): WebSocketChannel {
    const { clock } = this.#options;
    const frames = new TokenBucket(clock, this.#limits.frames);
    const bytes = new TokenBucket(clock, this.#limits.bytes);
    const takeFrame = (): SeaError | undefined => {
      if (frames.take()) return undefined;
      websocket.pause(); // the rest of a flood stays outside; the connection is cut after CLOSE_TIMEOUT_MS
      return new SeaError('OVERLOADED', 'more frames than a peer may send');
    };
    const admit = (frameBytes: number): SeaError | undefined => {
      cancelFirstFrame();
      const problem = takeFrame();
      if (problem === undefined) this.#slowDown(websocket, bytes.spend(frameBytes));
      return problem;
    };
    websocket.binaryType = 'arraybuffer';
    const channel = new WebSocketChannel(websocket, { binding: hostBinding(host), admit, explain: explainSocketError });
    websocket.on('ping', data => {
      const problem = takeFrame();
      if (problem !== undefined) channel.fail(problem);
      else if (websocket.bufferedAmount <= LOW_WATER_BYTES) websocket.pong(data); // none for those who do not read
    });
    const cancelFirstFrame = clock.after(this.#limits.firstFrameTimeoutMs, () =>
      channel.fail(new SeaError('TIMEOUT', 'the websocket was opened and nothing came')),
    );
    websocket.once('close', cancelFirstFrame);
    return channel;
  }

  #slowDown(websocket: WebSocket, debtMs: number): void {
    if (debtMs === 0 || websocket.isPaused) return;
    websocket.pause();
    this.#options.clock.after(debtMs, () => {
      if (websocket.readyState === websocket.OPEN) websocket.resume();
    });
  }
}

function statusOf(outcome: Exclude<Verdict['outcome'], 'admitted'>): number {
  return outcome === 'full' ? 503 : 429;
}

function originsOf({ origins = '*' }: WebSocketListenerOptions): '*' | readonly string[] {
  return origins === '*' ? '*' : origins.map(normalOrigin);
}

function parseHost(text: string): string {
  const host = normalHost(text);
  if (host === undefined) throw new SeaError('BAD_ARGUMENT', `not a host name: ${JSON.stringify(text)}`);
  return host;
}
