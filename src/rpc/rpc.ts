/**
 * Calls to any address in the sea. A call runs at most once: a retry keeps its id, and the callee answers repeats from
 * memory. Errors travel as code numbers, never as text.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { BytePool } from '../base/byte-pool.ts';
import { toHex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, errorNumber, SeaError } from '../base/errors.ts';
import { checkText } from '../base/given.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import { MESSAGE_BYTES_MAX } from '../routing/limits.ts';
import type { Path, PathHandler } from '../routing/path.ts';
import type { Router } from '../routing/router.ts';
import { decodeCallFrame, encodeMessage } from '../wire/codec.ts';
import { SCOPE_LENGTH_MAX } from '../wire/limits.ts';
import type { Call } from '../wire/messages.ts';
import type { Body, Caller, CallOptions, CallRoute, Exchange, Handler } from './exchange.ts';
import { RUNNING_BYTES_MAX, RUNNING_BYTES_PER_CALLER_MAX, RUNNING_PER_CALLER_MAX } from './limits.ts';
import { AnswerMemory } from './memory.ts';
import { bodyOf, Outgoing } from './outgoing.ts';
import { type Kept, RunningCall } from './running.ts';

export interface RpcOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  /** Given late: the router hands its paths to `accept`. */
  readonly router: () => Router;
  /** The way to a callee stands. */
  onRoute?(route: CallRoute): void;
}

export class Rpc implements Caller {
  readonly #options: RpcOptions;
  readonly #handlers = new Map<string, Handler>();
  readonly #running = new Map<string, RunningCall>();
  readonly #runningOf = new Map<string, number>();
  /** Of the calls that run, by caller. */
  readonly #bytes = new BytePool(RUNNING_BYTES_MAX, RUNNING_BYTES_PER_CALLER_MAX);
  readonly #memory: AnswerMemory;

  constructor(options: RpcOptions) {
    this.#options = options;
    this.#memory = new AnswerMemory(options.clock);
    options.scope.defer(() => {
      for (const call of this.#running.values()) call.abort(new SeaError('CLOSED', 'this node went offline'));
    });
  }

  handle(scope: string, handler: Handler): () => void {
    checkScope(scope);
    if (this.#handlers.has(scope))
      throw new SeaError('BAD_ARGUMENT', `the scope ${JSON.stringify(scope)} has a handler already`);
    this.#handlers.set(scope, handler);
    return () => {
      if (this.#handlers.get(scope) === handler) this.#handlers.delete(scope);
    };
  }

  async call(target: HashAddress, scope: string, body: Body, options: CallOptions = {}): Promise<Body> {
    return this.open(target, scope, body, options).result;
  }

  /** Throws BAD_ARGUMENT, TOO_LARGE; what happens later is told by the exchange. */
  open(target: HashAddress, scope: string, body: Body, options: CallOptions = {}): Exchange {
    checkScope(scope);
    const { clock, random, scope: life, router } = this.#options;
    const beganMs = clock.now();
    const onStand = (callee: HashAddress, prefixes: Uint8Array): void =>
      this.#options.onRoute?.({
        scope,
        asked: target,
        target: callee,
        hops: toHex(prefixes).match(/.{16}/g) ?? [],
        tookMs: clock.now() - beganMs,
      });
    return new Outgoing({ scope: life, router: router(), onStand }, target, random.bytes(16), scope, body, options);
  }

  /** A path ends here: what comes on it is a call. */
  accept(path: Path): PathHandler {
    let running: RunningCall | undefined;
    return {
      onMessage: message => {
        try {
          const { message: content, payload } = decodeCallFrame(message);
          if (running === undefined && content.kind === 'call')
            running = this.#begin(path, content, payload, message.length);
          else if (running !== undefined && content.kind === 'item')
            running.take(bodyOf(content.value, payload), message.length);
          else throw new SeaError('BAD_MESSAGE', `a ${content.kind} out of place`);
        } catch (error) {
          const reason = asSeaError(error, 'BAD_MESSAGE');
          path.end(reason.code);
          running?.abort(reason);
        }
      },
      onEnd: error => running?.pathEnded(path, error),
    };
  }

  #begin(path: Path, call: Call, payload: Uint8Array, bytes: number): RunningCall | undefined {
    const key = `${path.remote}/${toHex(call.callId)}`;
    const before = this.#memory.recall(key);
    if (before !== undefined) {
      path.send(
        before === 'lost'
          ? failure(new SeaError('REPLAYED', 'answered before; the answer was too large to keep'))
          : before,
        true,
      );
      return undefined;
    }
    const running = this.#running.get(key);
    if (running?.resume(path)) return running;
    if (running !== undefined) {
      path.send(failure(new SeaError('REPLAYED', 'it runs, and has said more than can be told again')), true);
      return undefined;
    }
    return this.#start(path, key, call, payload, bytes);
  }

  #start(path: Path, key: string, call: Call, payload: Uint8Array, bytes: number): RunningCall | undefined {
    const caller = path.remote.toString();
    const count = this.#runningOf.get(caller) ?? 0;
    const handler = this.#handlers.get(call.scope);
    if (handler === undefined || count >= RUNNING_PER_CALLER_MAX || !this.#bytes.take(caller, bytes)) {
      const code = handler === undefined ? 'NO_HANDLER' : 'OVERLOADED';
      path.send(failure(new SeaError(code, call.scope)), true);
      return undefined;
    }
    const kept: Kept = {
      take: more => this.#bytes.take(caller, more),
      give: less => this.#bytes.change(caller, -less),
    };
    const running = new RunningCall(this.#options.scope, path, bodyOf(call.value, payload), call.timeoutMs, kept);
    this.#running.set(key, running);
    this.#runningOf.set(caller, count + 1);
    void this.#run(handler, running, call.scope).then(answer => {
      this.#running.delete(key);
      this.#leave(caller);
      kept.give(bytes);
      this.#memory.remember(key, answer);
      running.answer(answer);
    });
    return running;
  }

  async #run(handler: Handler, running: RunningCall, scope: string): Promise<Uint8Array> {
    let answered = false;
    try {
      const { value, payload } = await handler(running);
      answered = true;
      const answer = encodeMessage({ kind: 'result', value }, payload);
      if (answer.length > MESSAGE_BYTES_MAX)
        throw new SeaError(
          'TOO_LARGE',
          `a result of ${answer.length} bytes; at most ${MESSAGE_BYTES_MAX} travel at once`,
        );
      return answer;
    } catch (error) {
      const known = asSeaError(error);
      const what = answered ? 'what a handler answered cannot travel' : 'a handler threw';
      if (answered || known !== error) this.#options.log.write('warn', what, { scope, error });
      return failure(known);
    }
  }

  #leave(caller: string): void {
    const count = (this.#runningOf.get(caller) ?? 1) - 1;
    if (count === 0) this.#runningOf.delete(caller);
    else this.#runningOf.set(caller, count);
  }
}

function checkScope(scope: string): void {
  checkText('a scope', scope);
  if (scope.length === 0 || scope.length > SCOPE_LENGTH_MAX)
    throw new SeaError('BAD_ARGUMENT', `a scope has 1 to ${SCOPE_LENGTH_MAX} characters`);
}

function failure(error: SeaError): Uint8Array {
  return encodeMessage({ kind: 'failure', code: errorNumber(error.code) });
}
