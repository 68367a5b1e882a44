/** The caller's side of one exchange: opens a path, tries again when it breaks, settles once. */

import type { HashAddress } from '../address/hash-address.ts';
import { whenAborted } from '../base/abort.ts';
import type { Value } from '../base/cbor.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, errorCode, isSeaError, SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import { MESSAGE_BYTES_MAX } from '../routing/limits.ts';
import type { Path } from '../routing/path.ts';
import type { Router } from '../routing/router.ts';
import { decodeCallFrame, encodeMessage } from '../wire/codec.ts';
import { CALL_TIMEOUT_MS_MAX } from '../wire/limits.ts';
import { calleeError } from './callee-error.ts';
import type { Body, CallOptions, Exchange } from './exchange.ts';
import { CALL_TIMEOUT_MS, EARLY_ITEMS_MAX, RETRIES_MAX, RETRY_DELAY_MS } from './limits.ts';

export interface OutgoingTools {
  readonly scope: Scope;
  readonly router: Router;
  /** A way to the callee stands: who it is, and the prefixes of the nodes between. */
  readonly onStand: (callee: HashAddress, hops: Uint8Array) => void;
}

export class Outgoing implements Exchange {
  readonly result: Promise<Body>;
  readonly #tools: OutgoingTools;
  readonly #target: HashAddress;
  readonly #options: CallOptions;
  readonly #about: string;
  readonly #call: Uint8Array;
  readonly #outcome = deferred<Body>();
  readonly #undo: (() => void)[] = [];
  #path: Path | undefined;
  /** Items for the callee while no path stands. */
  #unsent: Uint8Array[] = [];
  #tries = 0;
  /** Items were exchanged: the call has a history that a retry could not repeat. */
  #conversed = false;
  #over = false;

  constructor(
    tools: OutgoingTools,
    target: HashAddress,
    callId: Uint8Array,
    scope: string,
    body: Body,
    options: CallOptions,
  ) {
    this.#tools = tools;
    this.#target = target;
    this.#options = options;
    this.#about = options.about ?? JSON.stringify(scope);
    this.result = this.#outcome.promise;
    const timeoutMs = wholeTimeout(options.timeoutMs ?? CALL_TIMEOUT_MS);
    this.#call = encodeMessage({ kind: 'call', callId, scope, timeoutMs, value: body.value }, body.payload);
    if (this.#call.length > MESSAGE_BYTES_MAX)
      throw new SeaError(
        'TOO_LARGE',
        `a call of ${this.#call.length} bytes; at most ${MESSAGE_BYTES_MAX} travel at once`,
      );
    this.#undo.push(
      tools.scope.after(timeoutMs, () =>
        this.#fail(
          new SeaError('TIMEOUT', `${this.#about} was not answered within ${timeoutMs} ms`, {
            peer: target.toString(),
          }),
          'TIMEOUT',
        ),
      ),
    );
    this.#undo.push(tools.scope.defer(() => this.#fail(new SeaError('CLOSED', 'this node went offline'), 'CLOSED')));
    this.#undo.push(whenAborted(options.signal, error => this.#fail(error, 'ABORTED')));
    if (!this.#over) this.#open();
  }

  get by(): HashAddress | undefined {
    return this.#path?.by;
  }

  send(item: Body): void {
    if (this.#over) return;
    const message = encodeMessage({ kind: 'item', value: item.value }, item.payload);
    if (this.#path !== undefined) this.#converse(this.#path, message);
    else if (this.#unsent.push(message) > EARLY_ITEMS_MAX)
      this.#fail(new SeaError('OVERLOADED', 'too many items wait for a way to the callee'), 'OVERLOADED');
  }

  cancel(): void {
    this.#fail(new SeaError('ABORTED', 'the caller gave up'), 'ABORTED');
  }

  #open(): void {
    this.#tries++;
    const { via, nearest, around } = this.#options;
    let ended = false; // it may end before open() has returned
    const path = this.#tools.router.open(this.#target, { via, nearest, around }, this.#call, {
      onMessage: message => this.#receive(message),
      onStand: this.#tools.onStand,
      onEnd: error => {
        ended = true;
        this.#ended(error);
      },
    });
    if (ended || this.#over) return;
    this.#path = path;
    for (const message of this.#unsent.splice(0)) this.#converse(path, message);
  }

  #converse(path: Path, message: Uint8Array): void {
    this.#conversed = true;
    path.send(message);
  }

  #receive(message: Uint8Array): void {
    if (this.#over) return;
    let decoded: ReturnType<typeof decodeCallFrame>;
    try {
      decoded = decodeCallFrame(message);
    } catch (error) {
      return this.#fail(asSeaError(error, 'BAD_MESSAGE'), 'BAD_MESSAGE');
    }
    const { message: content, payload } = decoded;
    switch (content.kind) {
      case 'result':
        return this.#settle(() => this.#outcome.resolve(bodyOf(content.value, payload)));
      case 'failure': {
        const code = errorCode(content.code) ?? 'HANDLER_FAILED';
        return this.#settle(() => this.#outcome.reject(calleeError(code, this.#about, this.#target)));
      }
      case 'item':
        return this.#hear(bodyOf(content.value, payload));
      case 'call':
        return this.#fail(new SeaError('BAD_MESSAGE', 'the callee called back on the path of a call'), 'BAD_MESSAGE');
    }
  }

  /** A listener that throws ends its own call, not the link on which the item came. */
  #hear(item: Body): void {
    this.#conversed = true;
    try {
      this.#options.onItem?.(item);
    } catch (error) {
      this.#fail(asSeaError(error), 'ABORTED');
    }
  }

  #ended(error: SeaError | undefined): void {
    if (this.#over) return;
    this.#path = undefined;
    const reason = error ?? new SeaError('PEER_GONE', 'the callee ended the call without an answer');
    const again =
      !this.#conversed &&
      !this.#options.around &&
      this.#tries <= RETRIES_MAX &&
      (isSeaError(reason, 'PEER_GONE') || isSeaError(reason, 'NO_ROUTE'));
    if (!again) return this.#settle(() => this.#outcome.reject(reason));
    this.#undo.push(this.#tools.scope.after(RETRY_DELAY_MS * this.#tries, () => this.#open()));
  }

  #fail(error: SeaError, code: SeaError['code']): void {
    if (this.#over) return;
    const path = this.#path;
    this.#settle(() => this.#outcome.reject(error));
    path?.end(code);
  }

  #settle(act: () => void): void {
    if (this.#over) return;
    this.#over = true;
    this.#path = undefined;
    this.#unsent = [];
    for (const undo of this.#undo.splice(0)) undo();
    act();
  }
}

/** Throws BAD_ARGUMENT for what is no time or longer than a callee would take. */
function wholeTimeout(timeoutMs: number): number {
  if (timeoutMs >= 0 && timeoutMs <= CALL_TIMEOUT_MS_MAX) return Math.ceil(timeoutMs);
  throw new SeaError('BAD_ARGUMENT', `a call lasts 0 to ${CALL_TIMEOUT_MS_MAX} ms, not ${timeoutMs}`);
}

/** A body without an empty payload. */
export function bodyOf(value: Value, payload: Uint8Array): Body {
  return payload.length === 0 ? { value } : { value, payload };
}
