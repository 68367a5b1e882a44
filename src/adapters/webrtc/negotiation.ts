/**
 * Channels over WebRTC. simple-peer makes the connection and carries descriptions and candidates in and out; it is the
 * connection factory only. The data channel has a fixed number on both sides, so it exists from the start and its
 * events are ours (`rtc-channel.ts`); simple-peer never sees a message and nothing is ever renegotiated.
 */

import { concat } from '../../base/bytes.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type {
  CandidateSignal,
  Channel,
  DescriptionSignal,
  LinkFactory,
  Negotiation,
  Signal,
} from '../../ports/link-factory.ts';
import { checkSignal } from '../../ports/signal-check.ts';
import { isTriable, readCandidate, writeCandidate } from './candidate.ts';
import { type CertificateMaker, KeptCertificate } from './certificate.ts';
import { readDescription, readFingerprint, writeDescription } from './description.ts';
import { Peer } from './generated/simple-peer.ts';
import { CANDIDATES_MAX, END_SETTLE_MS, ICE_COMPLETE_TIMEOUT_MS } from './limits.ts';
import { endOnPageExit } from './page-exit.ts';
import { RtcChannel } from './rtc-channel.ts';
import type { PeerConnection, PeerSignal } from './simple-peer.ts';

/** A STUN or TURN server, as RTCIceServer has it. */
export interface IceServer {
  readonly urls: string | readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** WebRTC where the platform has none of its own (Node): the three constructors, as `@roamhq/wrtc` exports them. */
export interface WebRtcImplementation {
  readonly RTCPeerConnection: unknown;
  readonly RTCSessionDescription: unknown;
  readonly RTCIceCandidate: unknown;
}

/** Which candidates may be used, as RTCIceTransportPolicy has it: 'relay' keeps to TURN servers. */
export type IceTransportPolicy = 'all' | 'relay';

export interface WebRtcOptions {
  readonly iceServers: readonly IceServer[];
  readonly iceTransportPolicy?: IceTransportPolicy | undefined;
  readonly wrtc?: WebRtcImplementation | undefined;
}

type Role = DescriptionSignal['role'];
type Tell = (signal: Signal) => void;

/** The negotiating half of a LinkFactory. `negotiates` is false, and every attempt DIAL_FAILED, without WebRTC. */
export function webRtcNegotiator(options: WebRtcOptions): Pick<LinkFactory, 'negotiates' | 'negotiate'> {
  const { RTCPeerConnection } = options.wrtc ?? globalThis;
  const certificate = new KeptCertificate(RTCPeerConnection as CertificateMaker | undefined);
  return {
    negotiates: options.wrtc !== undefined || Peer.WEBRTC_SUPPORT,
    negotiate: (role, onSignal) =>
      new PeerNegotiation(role, onSignal, () => makePeer(role, options, certificate.get())),
  };
}

class PeerNegotiation implements Negotiation {
  readonly channel: Promise<Channel>;
  readonly #outcome: Deferred<Channel> = deferred();
  readonly #role: Role;
  readonly #tell: Tell;
  #make: (() => PeerConnection) | undefined;
  #settled = false;
  #peer: PeerConnection | undefined;
  #channel: RtcChannel | undefined;
  #described = false;
  #candidatesTold = 0;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  #candidatesTaken = 0;
  readonly #pending: RTCIceCandidateInit[] = [];
  #connection: RTCPeerConnection | undefined;

  constructor(role: Role, tell: Tell, make: () => PeerConnection) {
    this.channel = this.#outcome.promise;
    this.#role = role;
    this.#tell = tell;
    this.#make = make;
    if (role === 'offer') this.#start();
    else void Promise.resolve().then(() => this.#start()); // word that we agree goes out first, this takes a while
  }

  accept(signal: Signal): void {
    this.#start();
    if (this.#settled) return;
    try {
      const fit = checkSignal(signal);
      if (fit.kind === 'description') this.#acceptDescription(fit);
      else if (fit.kind === 'candidate') this.#acceptCandidate(fit);
      // 'end' tells nothing that the connection needs: it goes by its own checks.
    } catch (cause) {
      this.#fail(asSeaError(cause, 'DIAL_FAILED'));
    }
  }

  close(): void {
    this.#fail(new SeaError('ABORTED', 'the attempt was given up'));
  }

  /** Makes the connection, once. */
  #start(): void {
    const make = this.#make;
    this.#make = undefined;
    if (make === undefined || this.#settled) return;
    try {
      this.#begin(make());
    } catch (cause) {
      this.#fail(dialFailed(cause));
    }
  }

  #begin(peer: PeerConnection): void {
    this.#peer = peer;
    peer.on('error', error => this.#over(dialFailed(error)));
    peer.on('close', () => this.#over(new SeaError('LINK_CLOSED', 'the connection closed')));
    const { _pc: connection, _channel: raw } = peer;
    if (!connection || !raw) return; // the platform refused it: 'error' follows
    const channel = new RtcChannel(raw, () => peer.destroy());
    this.#channel = channel;
    this.#connection = connection;
    peer.on('close', endOnPageExit(channel, connection));
    raw.onopen = () => this.#succeed(connection, channel);
    peer.on('signal', signal => this.#pass(signal));
    connection.addEventListener('signalingstatechange', () => {
      if (this.#settled) return;
      this.#addCandidates();
      if (raw.readyState === 'open') this.#succeed(connection, channel);
    });
    connection.addEventListener('icecandidate', event => {
      if (event.candidate === null) this.#sayEndSoon();
    });
    // The one channel is made by both sides; a peer that opens another has something else in mind.
    connection.addEventListener('datachannel', () =>
      this.#over(new SeaError('BAD_MESSAGE', 'the other end opened a second channel')),
    );
  }

  /** What simple-peer wants told, as checked fields. Its requests to renegotiate are not passed on. */
  #pass({ type, sdp, candidate }: PeerSignal): void {
    try {
      if (candidate !== undefined) this.#sayCandidate(readCandidate(candidate.candidate));
      else if (type === this.#role && sdp !== undefined) this.#say(readDescription(this.#role, sdp));
    } catch (cause) {
      this.#fail(dialFailed(cause));
    }
  }

  #sayCandidate(candidate: CandidateSignal | null): void {
    if (candidate !== null && this.#candidatesTold++ < CANDIDATES_MAX) this.#say(candidate);
  }

  /** Told once and last; candidates that show up after it are kept back. */
  #sayEndSoon(): void {
    this.#endTimer ??= setTimeout(() => {
      this.#candidatesTold = CANDIDATES_MAX;
      this.#say({ kind: 'end' });
    }, END_SETTLE_MS);
  }

  #say(signal: Signal): void {
    if (!this.#settled) this.#tell(signal);
  }

  #acceptDescription(signal: DescriptionSignal): void {
    if (this.#described || signal.role === this.#role) {
      throw new SeaError('BAD_MESSAGE', `an ${signal.role} where none is expected`);
    }
    this.#described = true;
    this.#peer?.signal({ type: signal.role, sdp: writeDescription(signal) });
  }

  #acceptCandidate(signal: CandidateSignal): void {
    if (++this.#candidatesTaken > CANDIDATES_MAX) {
      throw new SeaError('BAD_MESSAGE', `more than ${CANDIDATES_MAX} candidates`);
    }
    if (!isTriable(signal)) return;
    this.#pending.push({ candidate: writeCandidate(signal), sdpMid: '0', sdpMLineIndex: 0 });
    this.#addCandidates();
  }

  /** Candidates wait until the connection knows whose they are. One that the platform cannot use is passed over. */
  #addCandidates(): void {
    const connection = this.#connection;
    if (connection === undefined || connection.remoteDescription === null) return;
    for (const candidate of this.#pending.splice(0)) connection.addIceCandidate(candidate).catch(() => {});
  }

  /** Nearby the channel can open before the connection shows the description that let it: then when that is there. */
  #succeed(connection: RTCPeerConnection, channel: RtcChannel): void {
    if (this.#settled || connection.remoteDescription === null) return;
    try {
      channel.establish(bindingOf(this.#role, connection));
    } catch (cause) {
      this.#fail(dialFailed(cause));
      return;
    }
    this.#settle();
    this.#outcome.resolve(channel);
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#endTimer);
  }

  /** The connection is over: the end of the attempt, or of the channel that came of it. */
  #over(reason: SeaError): void {
    if (this.#settled) this.#channel?.lost(asLinkClosed(reason));
    else this.#fail(reason.code === 'LINK_CLOSED' ? dialFailed(reason) : reason);
  }

  #fail(reason: SeaError): void {
    if (this.#settled) return;
    this.#settle();
    this.#outcome.reject(reason);
    if (this.#channel === undefined) this.#peer?.destroy();
    else this.#channel.lost(reason);
  }
}

function makePeer(
  role: Role,
  { iceServers, iceTransportPolicy = 'all', wrtc }: WebRtcOptions,
  certificate: RTCCertificate | undefined,
): PeerConnection {
  return new Peer({
    initiator: role === 'offer',
    trickle: true,
    config: {
      iceServers,
      iceTransportPolicy,
      ...(certificate === undefined ? {} : { certificates: [certificate] }),
    },
    channelName: 'peersea',
    channelConfig: { negotiated: true, id: 0, ordered: true },
    iceCompleteTimeout: ICE_COMPLETE_TIMEOUT_MS,
    wrtc,
  });
}

/** Both fingerprints as the connection itself holds them, the offering side's first: 64 bytes. */
function bindingOf(role: Role, connection: RTCPeerConnection): Uint8Array {
  const local = readFingerprint(connection.localDescription?.sdp ?? '');
  const remote = readFingerprint(connection.remoteDescription?.sdp ?? '');
  return role === 'offer' ? concat(local, remote) : concat(remote, local);
}

function dialFailed(cause: unknown): SeaError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // Chromium: "Cannot create so many PeerConnections", at the 500th that has not been collected (issue 41378764).
  const detail = message.includes('so many')
    ? `no further connection can be made until the browser has collected closed ones (${message})`
    : message;
  return new SeaError('DIAL_FAILED', detail, { cause });
}

/** What a holder of the channel hears of a failure that an attempt would call DIAL_FAILED. */
function asLinkClosed(reason: SeaError): SeaError {
  return reason.code === 'DIAL_FAILED' ? new SeaError('LINK_CLOSED', reason.message, { cause: reason.cause }) : reason;
}
