/**
 * A path: a two-way, ordered line of messages between two nodes, over as many hops as it takes. This file is its two
 * ends: messages are cut into fragments here and put together again. What lies between is `router.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { concat } from '../base/bytes.ts';
import { type ErrorCode, SeaError } from '../base/errors.ts';
import { FRAGMENT_BYTES, FRAGMENT_COST_MIN, MESSAGE_BYTES_MAX } from './limits.ts';

export interface PathHandler {
  /** One whole message; the receiver owns it. */
  onMessage(message: Uint8Array): void;
  /** The path that this side opened stands: prefixes (8 bytes each) of the nodes between, from here on, as these tell it. */
  onStand?(remote: HashAddress, hops: Uint8Array): void;
  /** Once. Undefined: the other side ended it as agreed. Else PEER_GONE, NO_ROUTE, TIMEOUT, OVERLOADED, ABORTED … */
  onEnd(error: SeaError | undefined): void;
}

export interface Path {
  /** The other end. For a path still seeking the nearest node: the target asked for. */
  readonly remote: HashAddress;
  /** The other end is the neighbour itself: its address is proven, not said. */
  readonly direct: boolean;
  /** The neighbour next on the path, once it stands; undefined for a path within this node. */
  readonly by: HashAddress | undefined;
  /** Sends one message; with `last` the path ends after it. Dropped once the path is over (onEnd has said so). */
  send(message: Uint8Array, last?: boolean): void;
  /** Ends the path at both ends, undelivered messages included; without a code: as agreed. Idempotent. */
  end(code?: ErrorCode): void;
}

/** Part of a message. */
export interface Fragment {
  readonly bytes: Uint8Array;
  readonly more: boolean;
  /** The path is over after this message. */
  readonly last: boolean;
}

/** Where an end hands its fragments. */
export interface FragmentSink {
  fragment(end: PathEnd, fragment: Fragment): void;
  ended(end: PathEnd, code: ErrorCode | undefined): void;
}

/** The fragments of a message, at least one, each a view. */
export function* fragments(message: Uint8Array, last: boolean): IterableIterator<Fragment> {
  if (message.length > MESSAGE_BYTES_MAX) {
    throw new SeaError(
      'TOO_LARGE',
      `a message of ${message.length} bytes; at most ${MESSAGE_BYTES_MAX} travel at once`,
    );
  }
  let at = 0;
  do {
    const bytes = message.subarray(at, at + FRAGMENT_BYTES);
    at += FRAGMENT_BYTES;
    yield { bytes, more: at < message.length, last };
  } while (at < message.length);
}

export class PathEnd implements Path {
  remote: HashAddress;
  direct: boolean;
  by: HashAddress | undefined;
  /** Bytes of the unfinished incoming message; a small fragment counts for what it costs to keep. */
  heldBytes = 0;
  readonly #sink: FragmentSink;
  #handler: PathHandler | undefined;
  #held: Uint8Array[] = [];
  #over = false;

  constructor(remote: HashAddress, direct: boolean, sink: FragmentSink) {
    this.remote = remote;
    this.direct = direct;
    this.#sink = sink;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Events go here from now on. */
  listen(handler: PathHandler): void {
    this.#handler = handler;
  }

  /** The path stands: who is at its other end, which neighbour is next on it, which nodes lie between. */
  stood(remote: HashAddress, by: HashAddress | undefined, hops: Uint8Array): void {
    this.remote = remote;
    this.by = by;
    this.direct = by?.equals(remote) ?? false;
    this.#handler?.onStand?.(remote, hops);
  }

  send(message: Uint8Array, last = false): void {
    if (this.#over) return;
    for (const fragment of fragments(message, last)) {
      if (this.#over) return;
      this.#sink.fragment(this, fragment);
    }
    if (last) this.#finish();
  }

  end(code?: ErrorCode): void {
    if (this.#over) return;
    this.#finish();
    this.#sink.ended(this, code);
  }

  /** Takes a fragment from the other side. False when the message grows past its bound: the caller ends the path. */
  take(fragment: Fragment): boolean {
    if (this.#over) return true;
    if (this.heldBytes + fragment.bytes.length > MESSAGE_BYTES_MAX) return false;
    if (fragment.more) {
      this.#held.push(fragment.bytes);
      this.heldBytes += Math.max(fragment.bytes.length, FRAGMENT_COST_MIN);
      return true;
    }
    const message = this.#held.length === 0 ? fragment.bytes : concat(...this.#held, fragment.bytes);
    this.#held = [];
    this.heldBytes = 0;
    const handler = this.#handler;
    if (fragment.last) this.#finish();
    handler?.onMessage(message);
    if (fragment.last) handler?.onEnd(undefined);
    return true;
  }

  /** The path is over for a reason that lies outside. */
  fail(error: SeaError | undefined): void {
    if (this.#over) return;
    const handler = this.#handler;
    this.#finish();
    handler?.onEnd(error);
  }

  #finish(): void {
    this.#over = true;
    this.#held = [];
    this.heldBytes = 0;
    this.#handler = undefined;
  }
}
