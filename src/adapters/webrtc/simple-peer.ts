/**
 * What this folder uses of simple-peer 9, two private fields included: it makes and watches the connection, the channel's
 * own events are ours. Nothing of it leaves this folder. Its code is `generated/simple-peer.ts`.
 */

export interface PeerSignal {
  readonly type: string;
  readonly sdp?: string;
  readonly candidate?: {
    readonly candidate: string;
    readonly sdpMid: string | null;
    readonly sdpMLineIndex: number | null;
  };
}

export interface PeerOptions {
  readonly initiator: boolean;
  readonly trickle: boolean;
  readonly config: object;
  readonly channelName: string;
  readonly channelConfig: RTCDataChannelInit;
  readonly iceCompleteTimeout: number;
  readonly wrtc?: object | undefined;
}

export interface PeerConnection {
  /** Unset when the platform refused the connection (an `error` event follows), null once destroyed. */
  readonly _pc: RTCPeerConnection | null | undefined;
  readonly _channel: RTCDataChannel | null;
  on(event: 'signal', listener: (signal: PeerSignal) => void): this;
  on(event: 'error', listener: (error: Error & { readonly code?: string }) => void): this;
  on(event: 'close', listener: () => void): this;
  signal(signal: PeerSignal): void;
  destroy(): void;
}

export interface PeerClass {
  readonly WEBRTC_SUPPORT: boolean;
  new (options: PeerOptions): PeerConnection;
}
