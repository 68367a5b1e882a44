/**
 * Anycast: one call, answered by one member that serves the scope. Of two serving members drawn at random the less loaded
 * one gets it; when it fails for reasons of its own, another does.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, type ErrorCode, SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import { type Argument, packArguments, unpackArguments } from '../rpc/arguments.ts';
import type { Body, Caller } from '../rpc/exchange.ts';
import { ANYCAST_RUNNING_MAX, ANYCAST_TIMEOUT_MS, ANYCAST_TRIES, SERVED_MAX, SERVERS_MS } from './limits.ts';
import { type AnycastCall, decodeAnycastResult, encodeAnycast, encodeAnycastResult, scopes } from './messages.ts';
import type { Partner } from './partner.ts';
import { checkScope } from './publication.ts';

/** Answers one anycast. What it throws reaches the caller as a code. */
export type ServeHandler = (...args: Argument[]) => Argument | Promise<Argument>;

export interface AnycastOptions {
  readonly self: HashAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly caller: Caller;
  readonly channel: Uint8Array;
  partners(): Iterable<Partner>;
  /** Members that announce the scope, beyond the partners. */
  findServers(scope: string): Promise<readonly HashAddress[]>;
  /** What this node serves, or how busy it is, has changed. */
  onServing(): void;
}

/** Another member may do better: the call was not taken, or its taker is gone. */
const elsewhere: readonly ErrorCode[] = [
  'PEER_GONE',
  'NO_ROUTE',
  'TIMEOUT',
  'OVERLOADED',
  'NO_HANDLER',
  'CLOSED',
  'ABORTED',
  'BAD_MESSAGE',
];

interface Candidate {
  readonly address: HashAddress;
  /** Calls it has, as far as known here. */
  readonly load: number;
}

interface Observed {
  /** As it said last. */
  load: number;
  /** Calls of this node's own that it has now. */
  ours: number;
}

export class Anycast {
  readonly #options: AnycastOptions;
  readonly #handlers = new Map<string, ServeHandler>();
  readonly #observed = new Map<string, Observed>();
  readonly #servers = new Map<string, { readonly found: readonly HashAddress[]; readonly atMs: number }>();
  #running = 0;

  constructor(options: AnycastOptions) {
    this.#options = options;
  }

  /** Scopes served here. */
  get serving(): string[] {
    return [...this.#handlers.keys()];
  }

  /** Calls running here. */
  get load(): number {
    return this.#running;
  }

  /** Returns a function that stops. BAD_ARGUMENT for a scope that is served already, OVERLOADED for too many. */
  serve(scope: string, handler: ServeHandler): () => void {
    checkScope(scope);
    if (this.#handlers.has(scope)) throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(scope)} is served already`);
    if (this.#handlers.size >= SERVED_MAX) throw new SeaError('OVERLOADED', `a member serves ${SERVED_MAX} scopes`);
    this.#handlers.set(scope, handler);
    this.#options.onServing();
    return () => {
      if (this.#handlers.get(scope) !== handler) return;
      this.#handlers.delete(scope);
      this.#options.onServing();
    };
  }

  /** Another member's call. */
  async answer({ scope, packed }: AnycastCall, payload: Uint8Array | undefined): Promise<Body> {
    const handler = this.#handlers.get(scope);
    if (handler === undefined) throw new SeaError('NO_HANDLER', scope);
    if (this.#running >= ANYCAST_RUNNING_MAX) throw new SeaError('OVERLOADED', 'too many calls run here');
    this.#running++;
    try {
      const result = packArguments([await handler(...unpackArguments({ value: packed, payload }))]);
      return { value: encodeAnycastResult(this.#running - 1, result.value), payload: result.payload };
    } finally {
      this.#running--;
    }
  }

  /** Throws NO_HANDLER when no other member serves the scope, what the handler threw, or what the last try met. */
  async send(scope: string, args: readonly Argument[]): Promise<Argument> {
    checkScope(scope);
    const body = packArguments(args);
    const tried = new Set<string>();
    let failure = new SeaError('NO_HANDLER', `no other member serves ${JSON.stringify(scope)}`);
    while (tried.size < ANYCAST_TRIES) {
      const candidate = this.#choose(await this.#candidates(scope, tried));
      if (candidate === undefined) break;
      tried.add(candidate.toString());
      try {
        return await this.#call(candidate, scope, body);
      } catch (error) {
        failure = asSeaError(error);
        if (!elsewhere.includes(failure.code)) throw failure;
      }
    }
    throw failure;
  }

  async #call(member: HashAddress, scope: string, { value: packed, payload }: Body): Promise<Argument> {
    const { caller, channel } = this.#options;
    const observed = this.#observe(member);
    observed.ours++;
    try {
      const body = { value: encodeAnycast({ channel, scope, packed }), payload };
      const answer = await caller.call(member, scopes.any, body, {
        timeoutMs: ANYCAST_TIMEOUT_MS,
        about: JSON.stringify(scope),
      });
      const result = decodeAnycastResult(answer.value);
      observed.load = result.load;
      return unpackArguments({ value: result.packed, payload: answer.payload })[0];
    } finally {
      observed.ours--;
      if (observed.ours === 0 && observed.load === 0) this.#observed.delete(member.toString());
    }
  }

  /** Serving partners; where those are few, also whom the records name. */
  async #candidates(scope: string, tried: ReadonlySet<string>): Promise<Candidate[]> {
    const { partners, self } = this.#options;
    const loads = new Map<string, Candidate>();
    const add = (address: HashAddress, said: number): void => {
      const key = address.toString();
      if (tried.has(key) || loads.has(key) || address.equals(self)) return;
      const observed = this.#observed.get(key);
      loads.set(key, { address, load: Math.max(observed?.load ?? said, observed?.ours ?? 0) });
    };
    for (const partner of partners()) if (partner.serving.has(scope)) add(partner.address, partner.load);
    if (loads.size < 2) for (const address of await this.#lookUp(scope)) add(address, 0);
    return [...loads.values()];
  }

  /** The less loaded of two at random. */
  #choose(candidates: readonly Candidate[]): HashAddress | undefined {
    const { random } = this.#options;
    const first = candidates[below(random, Math.max(1, candidates.length))];
    const others = candidates.filter(candidate => candidate !== first);
    const second = others[below(random, Math.max(1, others.length))];
    return second !== undefined && first !== undefined && second.load < first.load ? second.address : first?.address;
  }

  async #lookUp(scope: string): Promise<readonly HashAddress[]> {
    const { clock, findServers } = this.#options;
    const known = this.#servers.get(scope);
    if (known !== undefined && clock.now() - known.atMs < SERVERS_MS) return known.found;
    const found = await findServers(scope).catch(() => []);
    this.#servers.set(scope, { found, atMs: clock.now() });
    if (this.#servers.size > SERVED_MAX) this.#servers.delete(this.#servers.keys().next().value as string);
    return found;
  }

  #observe(member: HashAddress): Observed {
    const key = member.toString();
    const known = this.#observed.get(key) ?? { load: 0, ours: 0 };
    this.#observed.set(key, known);
    return known;
  }
}
