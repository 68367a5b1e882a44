/** Nodes joined by calls in memory: what is sent is encoded, copied and decoded, errors cross as codes, links can break. */

import { HashAddress } from '../../address/hash-address.ts';
import { whenAborted } from '../../base/abort.ts';
import { decodeValue, encodeValue } from '../../base/cbor.ts';
import type { Clock } from '../../base/clock.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type { Body, Caller, CallOptions, Exchange, Handler } from '../../rpc/exchange.ts';
import { SUBTASK_BYTES } from '../limits.ts';

const CALL_TIMEOUT_MS = 30_000;

interface Pending {
  readonly ends: readonly [HashAddress, HashAddress];
  fail(error: SeaError): void;
}

/** A call as it was sent. */
export interface SentCall {
  readonly from: HashAddress;
  readonly to: HashAddress;
  readonly scope: string;
  readonly body: Body;
}

export class TestNetwork {
  readonly clock: Clock;
  /** Every call since the start, oldest first. */
  readonly calls: SentCall[] = [];
  /** What callees threw, `<scope> <code>`. */
  readonly refusals: string[] = [];
  /** May change a call's answer on its way; the identity by default. */
  tamper: (call: SentCall, answer: Body) => Body = (_call, answer) => answer;
  /** Calls for which this holds never arrive. */
  swallow: (call: SentCall) => boolean = () => false;
  /** Calls for which this does not hold come over other nodes. */
  direct: (call: SentCall) => boolean = () => true;
  readonly #handlers = new Map<string, Map<string, Handler>>();
  readonly #pending = new Set<Pending>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  caller(self: HashAddress): Caller {
    const handlers = new Map<string, Handler>();
    this.#handlers.set(self.toString(), handlers);
    const open = (target: HashAddress, scope: string, body: Body, options: CallOptions = {}): Exchange =>
      this.#open({ from: self, to: target, scope, body: copy(body) }, options);
    return {
      open,
      call: (target, scope, body, options) => open(target, scope, body, options).result,
      handle(scope, handler) {
        if (handlers.has(scope)) throw new SeaError('BAD_ARGUMENT', `${scope} is taken`);
        handlers.set(scope, handler);
        return () => handlers.delete(scope);
      },
    };
  }

  /** Ends every call between the two with PEER_GONE on both sides. */
  breakCalls(a: HashAddress, b: HashAddress): void {
    for (const pending of [...this.#pending]) {
      if (pending.ends.every(end => end.equals(a) || end.equals(b)))
        pending.fail(new SeaError('PEER_GONE', 'the link broke'));
    }
  }

  #open(call: SentCall, options: CallOptions): Exchange {
    this.calls.push(call);
    const result = deferred<Body>();
    const callee = new AbortController();
    const pending: Pending = {
      ends: [call.from, call.to],
      fail: error => {
        callee.abort(error);
        result.reject(error);
      },
    };
    this.#pending.add(pending);
    const forget = whenAborted(options.signal, pending.fail);
    const timeoutMs = options.timeoutMs ?? CALL_TIMEOUT_MS;
    const cancelTimer = this.clock.after(timeoutMs, () => pending.fail(new SeaError('TIMEOUT', 'no answer')));
    void result.promise
      .catch(() => {})
      .then(() => {
        this.#pending.delete(pending);
        forget();
        cancelTimer();
      });
    if (!this.swallow(call)) void this.#deliver(call, callee.signal, result);
    return { result: result.promise, send() {}, cancel: () => pending.fail(new SeaError('ABORTED', 'cancelled')) };
  }

  async #deliver(call: SentCall, signal: AbortSignal, result: Deferred<Body>): Promise<void> {
    await Promise.resolve();
    try {
      const handler = this.#handlers.get(call.to.toString())?.get(call.scope);
      if (handler === undefined) throw new SeaError('NO_HANDLER', call.scope);
      const answer = await handler({
        caller: call.from,
        direct: this.direct(call),
        body: call.body,
        signal,
        send() {},
        onItem() {},
      });
      result.resolve(this.tamper(call, copy(answer)));
    } catch (error) {
      this.refusals.push(`${call.scope} ${asSeaError(error).code}`);
      result.reject(new SeaError(asSeaError(error).code, 'told by the peer', { peer: call.to.toString() }));
    }
  }
}

/** Lets everything run that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

/** A fixed address for each number. */
export function testAddress(number: number): HashAddress {
  return HashAddress.hash(Uint8Array.of(number));
}

function copy({ value, payload }: Body): Body {
  return { value: decodeValue(encodeValue(value)), payload: payload?.slice() };
}

/** An attempt's name. */
export function testSubtask(number: number): Uint8Array {
  return new Uint8Array(SUBTASK_BYTES).fill(number);
}
