/**
 * Makes channels: ordered, reliable byte-message connections to one other process. Knows nothing of addresses, keys or
 * who is at the other end; `link/` authenticates what comes out of here. Adapters: `webrtc`, `browser` (websocket,
 * other tabs of this origin), `node` (websocket), `memory`, and the simulator's network.
 */

import type { SeaError } from '../base/errors.ts';

/** What a channel runs over; shown to people, never used to decide trust. */
export type Transport = 'webrtc' | 'websocket' | 'tab' | 'memory';

/** Largest frame a channel carries, bytes. Larger ones received are refused by the adapter with TOO_LARGE. */
export const FRAME_BYTES_MAX = 65_536;

export interface ChannelHandler {
  /** One whole frame, 1 to 65,536 bytes; the receiver owns the memory. */
  onFrame(frame: Uint8Array): void;
  /** `bufferedBytes` has fallen to the adapter's low-water mark; send() may go on. */
  onWritable(): void;
  /** Called exactly once, also after close(). Nothing follows it. */
  onClose(reason: SeaError): void;
}

export interface Channel {
  readonly transport: Transport;
  /**
   * Bytes that both ends of an honest channel hold alike and that somebody in between could not make alike: both DTLS
   * fingerprints (the offering side's first), the host that was dialled for a websocket; empty for memory and tabs.
   */
  readonly binding: Uint8Array;
  /** Bytes accepted by send() and not yet handed to the network. */
  readonly bufferedBytes: number;
  /** Starts delivery; frames that came earlier are kept until then (bounded). Called once. */
  open(handler: ChannelHandler): void;
  /** Queues one frame. Callers mind `bufferedBytes`; a closed channel drops it silently (onClose has said so). */
  send(frame: Uint8Array): void;
  /** Idempotent. Frames already sent may or may not arrive. */
  close(): void;
}

/** The description of one end of a WebRTC connection, reduced to the fields that differ between connections (RFC 8829). */
export interface DescriptionSignal {
  readonly kind: 'description';
  readonly role: 'offer' | 'answer';
  /** 4 to 256 ICE characters (RFC 8839 §5.4). */
  readonly ufrag: string;
  /** 22 to 256 ICE characters. */
  readonly password: string;
  /** SHA-256 fingerprint of the DTLS certificate, 32 bytes. */
  readonly fingerprint: Uint8Array;
}

/** One ICE candidate for component 1 (RFC 8839 §5.1), as fields. */
export interface CandidateSignal {
  readonly kind: 'candidate';
  readonly protocol: 'udp' | 'tcp';
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  /** 1 to 32 ICE characters. */
  readonly foundation: string;
  /** 0 to 2^32 - 1. */
  readonly priority: number;
  /** IPv4, IPv6 or an mDNS `….local` name, at most 64 characters. */
  readonly address: string;
  readonly port: number;
  readonly tcpType: 'active' | 'passive' | 'so' | null;
}

/** What two ends of a negotiated channel tell each other, by way of a `Signaller`, before they can talk. */
export type Signal = DescriptionSignal | CandidateSignal | { readonly kind: 'end' };

/** One attempt at a negotiated channel. */
export interface Negotiation {
  /** The channel, open; rejects with DIAL_FAILED when it cannot be had. */
  readonly channel: Promise<Channel>;
  /** Feeds a signal from the other end. Unfit ones end the attempt with BAD_MESSAGE; never throws. */
  accept(signal: Signal): void;
  /** Gives up; the channel promise rejects with ABORTED unless it has settled. Idempotent. */
  close(): void;
}

export interface LinkFactory {
  /** False where negotiated channels (WebRTC) cannot be had. */
  readonly negotiates: boolean;
  /** Dials a URL that some node listens on: wss:, ws:, `tab:` for another tab of this origin. DIAL_FAILED, ABORTED. */
  dial(url: string, signal: AbortSignal): Promise<Channel>;
  /** Begins one attempt. The side of role 'offer' speaks first. `onSignal` carries what the other end must be told. */
  negotiate(role: 'offer' | 'answer', onSignal: (signal: Signal) => void): Negotiation;
}

/** Waits for channels that others dial. */
export interface Listener {
  /** Begins to listen; resolves to a function that stops. PORT_IN_USE, NO_PERMISSION. */
  listen(onChannel: (channel: Channel) => void): Promise<() => void>;
}
