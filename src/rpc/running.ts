/** The callee's side of one exchange: what a handler is given, and where its answer goes. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Cancel } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Path } from '../routing/path.ts';
import { encodeMessage } from '../wire/codec.ts';
import type { Body, Incoming } from './exchange.ts';
import { EARLY_ITEMS_MAX, RETURN_GRACE_MS, UNHEARD_BYTES_MAX, UNHEARD_ITEMS_MAX } from './limits.ts';

/** What the caller has this node keep: bytes of one budget over all calls. */
export interface Kept {
  /** False, and nothing taken, where there is no room. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export class RunningCall implements Incoming {
  readonly caller: HashAddress;
  readonly direct: boolean;
  readonly body: Body;
  readonly #scope: Scope;
  readonly #controller = new AbortController();
  #path: Path | undefined;
  #listener: ((item: Body) => void) | undefined;
  #early: Body[] = [];
  #earlyBytes = 0;
  readonly #kept: Kept;
  /** Items that the caller may not have heard, to be sent again if it comes back; undefined once there were too many. */
  #unheard: Uint8Array[] | undefined = [];
  #unheardBytes = 0;
  #cancelGrace: Cancel = () => {};
  readonly #cancelDeadline: Cancel;

  constructor(scope: Scope, path: Path, body: Body, timeoutMs: number, kept: Kept) {
    this.caller = path.remote;
    this.direct = path.direct;
    this.body = body;
    this.#scope = scope;
    this.#path = path;
    this.#kept = kept;
    this.#cancelDeadline = scope.after(timeoutMs, () =>
      this.abort(new SeaError('TIMEOUT', "the caller's deadline has passed")),
    );
  }

  get by(): HashAddress | undefined {
    return this.#path?.by;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  send(item: Body): void {
    const message = encodeMessage({ kind: 'item', value: item.value }, item.payload);
    this.#keep(message);
    this.#path?.send(message);
  }

  onItem(listener: (item: Body) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    this.#forgetEarly();
    for (const item of early) listener(item);
  }

  /** An item of so many bytes came. Throws OVERLOADED when nobody listens and too much waits, and what the listener throws. */
  take(item: Body, bytes: number): void {
    if (this.#listener !== undefined) {
      this.#listener(item);
      return;
    }
    if (this.#early.length >= EARLY_ITEMS_MAX || !this.#kept.take(bytes))
      throw new SeaError('OVERLOADED', 'more than waits for a handler that does not listen');
    this.#early.push(item);
    this.#earlyBytes += bytes;
  }

  #forgetEarly(): void {
    this.#kept.give(this.#earlyBytes);
    this.#earlyBytes = 0;
  }

  /**
   * The caller came back on another path after the first one broke; it does so only while it has heard nothing, so it is
   * told everything again. False when that is no longer possible.
   */
  resume(path: Path): boolean {
    if (this.#unheard === undefined) return false;
    this.#cancelGrace();
    this.#path = path;
    for (const message of this.#unheard) path.send(message);
    return true;
  }

  #keep(message: Uint8Array): void {
    this.#unheardBytes += message.length;
    const count = this.#unheard?.push(message) ?? 0;
    if (count > UNHEARD_ITEMS_MAX || this.#unheardBytes > UNHEARD_BYTES_MAX) this.#unheard = undefined;
  }

  /** The path is over: as the caller wanted (the work is stopped), or broken (it may come back in a moment). */
  pathEnded(path: Path, error: SeaError | undefined): void {
    if (this.#path !== path) return;
    this.#path = undefined;
    const broken = error !== undefined && (error.code === 'PEER_GONE' || error.code === 'NO_ROUTE');
    const reason = error ?? new SeaError('ABORTED', 'the caller ended the call');
    if (broken) this.#cancelGrace = this.#scope.after(RETURN_GRACE_MS, () => this.abort(reason));
    else this.abort(reason);
  }

  abort(reason: SeaError): void {
    this.#early = [];
    this.#forgetEarly();
    this.#controller.abort(reason);
  }

  /** Sends the encoded answer, if the caller is there to hear it, and ends. */
  answer(message: Uint8Array): void {
    this.#cancelDeadline();
    this.#cancelGrace();
    this.#forgetEarly();
    this.#path?.send(message, true);
    this.#path = undefined;
  }
}
