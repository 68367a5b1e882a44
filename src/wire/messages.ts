/**
 * All messages of links, routing and calls: read this first. Encoding and decoding live in `codec.ts`; golden bytes in
 * `vectors.json`. Services encode the bodies of their calls in their own `messages.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';

/** The kind numbers, first item of every header. Never reuse one. */
export const kinds = {
  hello: 1,
  proof: 2,
  ping: 3,
  pong: 4,
  bye: 5,
  digest: 6,
  route: 10,
  taken: 11,
  ready: 12,
  refused: 13,
  data: 14,
  broken: 15,
  call: 20,
  item: 21,
  result: 22,
  failure: 23,
} as const;

// --- Links: between neighbours ---

/** First frame of each side of a link: who I am, in which sea, with which fresh nonce. */
export interface Hello {
  readonly kind: 'hello';
  readonly version: number;
  readonly networkId: string;
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  /** 32 fresh random bytes. */
  readonly nonce: Uint8Array;
  /** Unix ms. */
  readonly wallMs: number;
  /** A leaf routes for nobody. */
  readonly leaf: boolean;
  /** Where this node listens for websockets, or null. */
  readonly url: string | null;
}

/** Second frame: the signature over both hellos and the channel's binding. */
export interface Proof {
  readonly kind: 'proof';
  readonly signature: Uint8Array;
}

export interface Ping {
  readonly kind: 'ping' | 'pong';
  readonly count: number;
}

/** The sender is about to close the link; `code` says why. */
export interface Bye {
  readonly kind: 'bye';
  readonly code: number;
}

/** The sender's neighbours as address prefixes of 8 bytes each (payload); replaces the one before. */
export interface Digest {
  readonly kind: 'digest';
}

// --- Routing: paths through the sea ---

/** Opens a path towards `target` and carries the first fragment of the first message as payload. */
export interface Route {
  readonly kind: 'route';
  /** Names the path on this link; chosen by the side that sends `route`. */
  readonly pathId: number;
  readonly source: HashAddress;
  readonly target: HashAddress;
  /** Go by way of this node first. */
  readonly via: HashAddress | null;
  /** Deliver at the nearest node when nobody is the target. */
  readonly nearest: boolean;
  readonly hopsLeft: number;
  /** Prefixes of the nodes that saw this message, 8 bytes each. */
  readonly visited: Uint8Array;
  /** More fragments of the first message follow as `data`. */
  readonly more: boolean;
}

/** This hop answers for the message and looks for the next one. */
export interface Taken {
  readonly kind: 'taken';
  readonly pathId: number;
}

/**
 * The path stands: the message was delivered at `target`. Travels back along the path; each hop puts its own prefix (8
 * bytes) before those that came, so that the opener reads from the payload which nodes lie between, from its own side on.
 */
export interface Ready {
  readonly kind: 'ready';
  readonly pathId: number;
  readonly target: HashAddress;
}

/** This hop found no way (or will not): the one before tries its next best. */
export interface Refused {
  readonly kind: 'refused';
  readonly pathId: number;
  readonly code: number;
  readonly hopsLeft: number;
  readonly visited: Uint8Array;
}

/** A fragment along a standing path. `forward` points from the opener to the target. */
export interface Data {
  readonly kind: 'data';
  readonly pathId: number;
  readonly forward: boolean;
  /** More fragments of this message follow. */
  readonly more: boolean;
  /** The path is over after this message. */
  readonly last: boolean;
}

/** The path is over. Code 0: as agreed. */
export interface Broken {
  readonly kind: 'broken';
  readonly pathId: number;
  readonly forward: boolean;
  readonly code: number;
}

// --- Calls: the messages that travel on paths ---

export interface Call {
  readonly kind: 'call';
  /** 16 random bytes; a retry keeps them. */
  readonly callId: Uint8Array;
  readonly scope: string;
  readonly timeoutMs: number;
  readonly value: Value;
}

/** A further piece of data from either side while the call lasts, or the callee's final result. */
export interface Item {
  readonly kind: 'item' | 'result';
  readonly value: Value;
}

export interface Failure {
  readonly kind: 'failure';
  readonly code: number;
}

export type LinkMessage = Hello | Proof | Ping | Bye | Digest;
export type RoutingMessage = Route | Taken | Ready | Refused | Data | Broken;
export type CallMessage = Call | Item | Failure;
export type Message = LinkMessage | RoutingMessage | CallMessage;
