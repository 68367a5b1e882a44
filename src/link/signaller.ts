/**
 * What a negotiated dial needs of the sea: somebody who carries signals to the other end before a link exists. Declared
 * here because dialling has the need; implemented above, in `membership/`, by calls through the sea; joined in `sea.ts`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { SeaError } from '../base/errors.ts';
import type { Signal } from '../ports/link-factory.ts';

export interface SignalListener {
  /** The other side wants the link: negotiate. */
  onAgreed(): void;
  onSignal(signal: Signal): void;
  /** The line is over: the other side declined, could not be reached, or is done. */
  onEnd(error: SeaError | undefined): void;
}

export interface SignalLine {
  send(signal: Signal): void;
  /** Idempotent. */
  close(): void;
}

export interface Signaller {
  /** Asks `peer` (reached by way of `via` where given) for a link and opens the line over which both ends negotiate it. */
  open(peer: HashAddress, via: HashAddress | undefined, listener: SignalListener): SignalLine;
}
