/** A channel as an application holds it: joined, spoken to, heard, left. Several handles of one page share what lies below. */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import { tell } from '../base/events.ts';
import { checkFunction, checkText } from '../base/given.ts';
import type { Argument } from '../rpc/arguments.ts';
import type { ServeHandler } from './anycast.ts';
import { checkScope, packBody } from './publication.ts';
import type { Room } from './room.ts';
import type { SpreadCounts } from './spread.ts';

/** Hears one message: what was sent, and who published it (its signature was checked). */
export type MessageListener = (value: Argument, from: HashAddress) => void;
/** False: the message goes no further than this node, and who sent it here is held to account. A rejection counts for no more than that the message goes no further. */
export type Validator = (value: Argument, from: HashAddress) => boolean | Promise<boolean>;
export type MemberListener = (address: HashAddress, present: boolean) => void;

/** Scopes of the channel's own events: nothing can be sent under them. */
const eventScopes: readonly string[] = ['connect', 'disconnect', 'member'];

export interface ChanTools {
  /** Throws NOT_ONLINE. */
  checkOnline(): void;
  /** A listener or validator threw. */
  onError(error: unknown): void;
  /** This handle is done with. */
  onLeave(chan: Chan): void;
}

export class Chan {
  readonly #channelId: string;
  readonly #room: Room;
  readonly #tools: ChanTools;
  readonly #listeners = new Map<string, Set<(...args: never[]) => void>>();
  readonly #validators = new Map<string, Validator>();
  readonly #serving = new Set<() => void>();
  #left = false;

  /** Made by `sea.join`. */
  constructor(channelId: string, room: Room, tools: ChanTools) {
    this.#channelId = channelId;
    this.#room = room;
    this.#tools = tools;
  }

  channelId(): string {
    return this.#channelId;
  }

  /** At least one other member is within reach. */
  connected(): boolean {
    return !this.#left && this.#room.connected;
  }

  /** The other members that have shown themselves to this node: all of a small channel, a part of a large one. */
  members(): HashAddress[] {
    return this.#left ? [] : this.#room.view.members();
  }

  /** What has gone through this node since it joined: `accepted` messages, and `received` ones, copies included. */
  traffic(): SpreadCounts {
    return { ...this.#room.spread.counts };
  }

  /**
   * Hears the channel's events (`connect`: the first other member is there; `disconnect`: the last is gone, or this handle
   * left; `member`: one came or went), or what is sent under a scope, each message once. Returns a function that stops.
   */
  on(event: 'connect' | 'disconnect', listener: () => void): () => void;
  on(event: 'member', listener: MemberListener): () => void;
  on(scope: string, listener: MessageListener): () => void;
  on(name: string, listener: (...args: never[]) => void): () => void {
    checkText('an event or scope', name);
    checkFunction('a listener', listener);
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  /**
   * Sends a value (at most 256 KiB) to all other members, once to each; resolves when it is on its way, later when this
   * node sends more than 200 messages or 2 MiB a second. Who joins later does not hear it; with nobody there it waits a
   * minute for the first. Messages of one sender may arrive in another order than sent. BAD_ARGUMENT, TOO_LARGE, NOT_ONLINE, CLOSED.
   */
  async send(scope: string, value?: Argument): Promise<void> {
    this.#check(scope);
    const body = packBody(value);
    this.#tools.checkOnline();
    await this.#room.spread.publish(scope, body);
  }

  /**
   * Calls one member that serves the scope, the less loaded of two at random, and another when that one is lost: a member
   * that was too slow may have run it as well. NO_HANDLER when no other member serves it, HANDLER_FAILED or the code that
   * the handler threw, BAD_ARGUMENT, NOT_ONLINE, CLOSED, and what the last try met.
   */
  async sendAny(scope: string, ...args: Argument[]): Promise<Argument> {
    this.#check(scope);
    this.#tools.checkOnline();
    return this.#room.anycast.send(scope, args);
  }

  /** Answers calls of `sendAny`; returns a function that stops. BAD_ARGUMENT for a scope that this node serves already. */
  serve(scope: string, handler: ServeHandler): () => void {
    this.#check(scope);
    checkFunction('a handler', handler);
    const stop = this.#room.anycast.serve(scope, handler);
    this.#serving.add(stop);
    return () => {
      this.#serving.delete(stop);
      stop();
    };
  }

  /**
   * Says which messages of a scope are fit to be heard and relayed; returns a function that stops. One for each scope. What it
   * refuses is held against its publisher only: those who relay it may have another version of the application.
   */
  validate(scope: string, validator: Validator): () => void {
    this.#check(scope);
    checkFunction('a validator', validator);
    if (this.#validators.has(scope))
      throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(scope)} has a validator already`);
    this.#validators.set(scope, validator);
    return () => {
      if (this.#validators.get(scope) === validator) this.#validators.delete(scope);
    };
  }

  /** Leaves. The node leaves the channel with its last handle. Idempotent. */
  disconnect(): void {
    if (this.#left) return;
    const wasConnected = this.connected();
    this.#left = true;
    for (const stop of this.#serving) stop();
    this.#serving.clear();
    this.#tools.onLeave(this);
    if (wasConnected) this.#emit('disconnect');
    this.#listeners.clear();
    this.#validators.clear();
  }

  /** @internal What the room tells. */
  heard(name: 'connect' | 'disconnect'): void {
    this.#emit(name);
  }

  /** @internal */
  member(address: HashAddress, present: boolean): void {
    this.#emit('member', address, present);
  }

  /** @internal True when somebody listens. */
  listens(scope: string): boolean {
    return !eventScopes.includes(scope) && (this.#listeners.get(scope)?.size ?? 0) > 0;
  }

  /** @internal */
  message(scope: string, value: Argument, from: HashAddress): void {
    if (this.listens(scope)) this.#emit(scope, value, from);
  }

  /** @internal */
  async approves(scope: string, value: () => Argument, from: HashAddress): Promise<boolean> {
    const validator = this.#validators.get(scope);
    try {
      return validator === undefined || (await validator(value(), from));
    } catch (error) {
      this.#tools.onError(error);
      throw error;
    }
  }

  #emit(name: string, ...args: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      tell(listener as (...args: unknown[]) => void, args, this.#tools.onError);
  }

  #check(scope: string): void {
    if (this.#left) throw new SeaError('CLOSED', 'this channel was left');
    checkScope(scope);
    if (eventScopes.includes(scope))
      throw new SeaError('BAD_ARGUMENT', `the scope ${JSON.stringify(scope)} is an event of the channel`);
  }
}
