/** The callee's side of one exchange: what a handler is given, and where its answer goes. */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import type { Cancel } from '../base/clock.ts';
import type { Scope } from '../base/scope.ts';
import type { Path } from '../routing/path.ts';
import { encodeMessage } from '../wire/codec.ts';
import type { Body, Incoming } from './exchange.ts';
import { EARLY_ITEMS_MAX, RETURN_GRACE_MS } from './limits.ts';

export class RunningCall implements Incoming {
  readonly caller: HashAddress;
  readonly direct: boolean;
  readonly body: Body;
  readonly #scope: Scope;
  readonly #controller = new AbortController();
  #path: Path | undefined;
  #listener: ((item: Body) => void) | undefined;
  #early: Body[] = [];
  #cancelGrace: Cancel = () => {};
  readonly #cancelDeadline: Cancel;

  constructor(scope: Scope, path: Path, body: Body, timeoutMs: number) {
    this.caller = path.remote;
    this.direct = path.direct;
    this.body = body;
    this.#scope = scope;
    this.#path = path;
    this.#cancelDeadline = scope.after(timeoutMs, () =>
      this.abort(new SeaError('TIMEOUT', "the caller's deadline has passed")),
    );
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  send(item: Body): void {
    this.#path?.send(encodeMessage({ kind: 'item', value: item.value }, item.payload));
  }

  onItem(listener: (item: Body) => void): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const item of early) listener(item);
  }

  /** An item came from the caller. False when nobody listens and too many wait. */
  take(item: Body): boolean {
    if (this.#listener !== undefined) this.#listener(item);
    else if (this.#early.push(item) > EARLY_ITEMS_MAX) return false;
    return true;
  }

  /** The caller came back on another path after the first one broke. */
  resume(path: Path): void {
    this.#cancelGrace();
    this.#path = path;
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
    this.#controller.abort(reason);
  }

  /** Sends the encoded answer, if the caller is there to hear it, and ends. */
  answer(message: Uint8Array): void {
    this.#cancelDeadline();
    this.#cancelGrace();
    this.#path?.send(message, true);
    this.#path = undefined;
  }
}
