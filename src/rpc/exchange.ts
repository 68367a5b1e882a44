/**
 * What a call is made of, as its two sides see it. A call is an *exchange*: the caller opens it with a body, either side
 * may send items while it lasts, and the callee ends it with one result or one error code.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Value } from '../base/cbor.ts';

/** Data and at most one raw byte payload. The payload is a view and belongs to the receiver. */
export interface Body {
  readonly value: Value;
  readonly payload?: Uint8Array | undefined;
}

export interface CallOptions {
  /** Gives up and tells the callee, whose `signal` fires. */
  readonly signal?: AbortSignal | undefined;
  /** Time for the whole exchange, ms; default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Reach the callee by way of this node (a newcomer is in nobody's table yet). */
  readonly via?: HashAddress | undefined;
  /** Deliver to the reachable node nearest to the address when nobody has it exactly. */
  readonly nearest?: boolean | undefined;
  /** Not over a link to the callee itself, which is in doubt; tried once. */
  readonly around?: boolean | undefined;
  /** What is called, in the texts of errors; default: the scope in quotes. */
  readonly about?: string | undefined;
  /** Items the callee sends before its result. */
  readonly onItem?: ((item: Body) => void) | undefined;
}

/** The caller's side. */
export interface Exchange {
  /** Resolves with the callee's result; rejects with a SeaError. */
  readonly result: Promise<Body>;
  /** The neighbour next on the way to the callee, once there is a way. */
  readonly by?: HashAddress | undefined;
  /** Sends an item to the callee; dropped once the exchange is over. */
  send(item: Body): void;
  /** Ends it with ABORTED on both sides. Idempotent. */
  cancel(): void;
}

/** The way that a call has taken. */
export interface CallRoute {
  readonly scope: string;
  /** The address that was asked for, and … */
  readonly asked: HashAddress;
  /** … the node that answers: the same, or the nearest to it. */
  readonly target: HashAddress;
  /** The nodes between as these tell it, from here on: the first 16 hex digits of each address. None for a neighbour. */
  readonly hops: readonly string[];
  /** From the call to the word that its way stands, there and back, ms. */
  readonly tookMs: number;
}

/** The callee's side. */
export interface Incoming {
  readonly caller: HashAddress;
  /** The caller is the neighbour itself, so its address is proven; otherwise it is what the hops say. */
  readonly direct: boolean;
  /** The neighbour next on the way to the caller: the caller itself when `direct`. */
  readonly by?: HashAddress | undefined;
  readonly body: Body;
  /** Fires when the caller cancels, its deadline passes, or the way to it breaks. */
  readonly signal: AbortSignal;
  /** Sends an item to the caller. */
  send(item: Body): void;
  /** Hears the caller's further items; those that came earlier are kept (bounded). */
  onItem(listener: (item: Body) => void): void;
}

/** Answers one call. What it throws travels as its code: SeaError as is, anything else as HANDLER_FAILED. */
export type Handler = (incoming: Incoming) => Promise<Body>;

/** What a service needs of `Rpc`. */
export interface Caller {
  call(target: HashAddress, scope: string, body: Body, options?: CallOptions): Promise<Body>;
  open(target: HashAddress, scope: string, body: Body, options?: CallOptions): Exchange;
  /** Answers calls under `scope`; returns a function that stops. Throws BAD_ARGUMENT when the scope is taken. */
  handle(scope: string, handler: Handler): () => void;
}
