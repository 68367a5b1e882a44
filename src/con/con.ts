/** The application's connection to one remote: values under scopes, streams, and how it stands. */

import type { HashAddress } from '../address/hash-address.ts';
import { SeaError } from '../base/errors.ts';
import { tell } from '../base/events.ts';
import { checkFunction, checkText } from '../base/given.ts';
import { type Argument, packArguments, unpackArguments } from '../rpc/arguments.ts';
import { EARLY_BYTES_MAX, KEPT_COST_BYTES, NAME_LENGTH_MAX, OUTBOX_BYTES_MAX, STREAMS_MAX } from './limits.ts';
import type { ReliableFrame } from './messages.ts';
import type { Route } from './route.ts';
import type { Session, SessionHandler } from './session.ts';
import { type ConStream, Streams } from './streams.ts';
import type { Share } from './unread-shares.ts';

type Listener = (...details: never[]) => void;
type Message = Extract<ReliableFrame, { readonly kind: 'message' }>;

/** A value for which nobody listens yet. */
interface Early {
  readonly scope: string;
  readonly value: Argument;
  /** Its length on the wire. */
  readonly bytes: number;
}

/** Names of the con's own events; no value travels under them. */
const reserved: ReadonlySet<string> = new Set(['connect', 'disconnect', 'route', 'stream']);

export interface ConHandler {
  /** The other side is there. */
  onOpen(con: Con): void;
  onRoute(con: Con, route: Route): void;
  onLost(con: Con): void;
  onEnd(con: Con): void;
  onOffence(con: Con): void;
  /** A listener of the application threw, or a value came that nobody wants. */
  onTrouble(con: Con, error: unknown): void;
}

export class Con {
  readonly #session: Session;
  readonly #handler: ConHandler;
  readonly #streams: Streams;
  readonly #share: Share;
  readonly #listeners = new Map<string, Set<Listener>>();
  /** What came for scopes and streams to which nobody listens yet, in order. */
  #early: Early[] = [];
  #earlyBytes = 0;
  #earlyStreams: [ConStream, string][] = [];
  #connected = false;

  /** `makeSession` gets what the session is to tell this con. */
  constructor(
    side: 'opener' | 'acceptor',
    share: Share,
    handler: ConHandler,
    makeSession: (handler: SessionHandler) => Session,
  ) {
    this.#share = share;
    this.#handler = handler;
    this.#session = makeSession({
      onOpen: () => this.#opened(),
      onFrame: (frame, bytes) => this.#receive(frame, bytes),
      onRoute: route => {
        handler.onRoute(this, route);
        this.#emit('route', route);
      },
      onLost: () => handler.onLost(this),
      onEnd: reason => this.#ended(reason),
      onOffence: () => handler.onOffence(this),
    });
    this.#streams = new Streams(
      {
        outbox: this.#session.outbox,
        share,
        transmit: frame => this.#session.transmit(frame),
        welcome: () => this.#earlyStreams.length < STREAMS_MAX,
        onStream: (stream, name) => this.#gotStream(stream, name),
      },
      side,
    );
  }

  remoteId(): HashAddress {
    return this.#session.remote;
  }

  /** From 'connect' to 'disconnect'. It stays true while a lost way is sought again: see `route`. */
  connected(): boolean {
    return this.#connected;
  }

  /** How the remote is reached at the moment. */
  route(): Route {
    return this.#session.route;
  }

  /** Ends the con and tells the remote. What it has not acknowledged yet may be lost. Idempotent. */
  disconnect(): void {
    this.#session.leave();
  }

  /** The other side is there. Once: what is lost and found again later shows as 'route'. */
  on(event: 'connect', listener: () => void): () => void;
  /** The con is over: undefined when one of the two disconnected, else why (PEER_GONE, NO_ROUTE, NO_HANDLER …). Once. */
  on(event: 'disconnect', listener: (reason: SeaError | undefined) => void): () => void;
  /** The way to the remote has changed. */
  on(event: 'route', listener: (route: Route) => void): () => void;
  /** The remote has opened a stream. Those that came earlier are kept. */
  on(event: 'stream', listener: (stream: ConStream, name: string) => void): () => void;
  /** The remote has sent a value under this scope. Those that came before anybody listened are kept (bounded). */
  on(scope: string, listener: (value: Argument) => void): () => void;
  on(name: string, listener: Listener): () => void {
    checkText('an event or scope', name);
    checkFunction('a listener', listener);
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    this.#hearEarly(name);
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.#listeners.get(name) === set) this.#listeners.delete(name);
    };
  }

  /**
   * Sends a value; values arrive once and in the order of sending. Resolves when there is room for more: an application
   * that waits for it keeps at most 8 MiB here. Rejects with BAD_ARGUMENT (a reserved scope, a value that cannot travel),
   * TOO_LARGE (more than 4 MiB: use a stream), OVERLOADED (16 MiB wait already), or why the con is over.
   */
  send(scope: string, value?: Argument): Promise<void> {
    const sent = this.#send(scope, value);
    sent.catch(() => {}); // an application that does not look is not torn down by it
    return sent;
  }

  async #send(scope: string, value: Argument): Promise<void> {
    checkText('a scope', scope);
    if (reserved.has(scope) || scope.length > NAME_LENGTH_MAX)
      throw new SeaError('BAD_ARGUMENT', `${JSON.stringify(scope.slice(0, 32))} is reserved or too long for a scope`);
    const { outbox } = this.#session;
    if (outbox.bytes >= OUTBOX_BYTES_MAX) throw new SeaError('OVERLOADED', 'wait for send() before sending more');
    const { value: packed, payload = new Uint8Array(0) } = packArguments([value]);
    this.#session.transmit({ kind: 'message', scope, packed, payload });
    await outbox.room();
  }

  /** A two-way stream of bytes with flow control. OVERLOADED, BAD_ARGUMENT (name), CLOSED. */
  stream(name = ''): ConStream {
    checkText('a name', name);
    if (name.length > NAME_LENGTH_MAX) throw new SeaError('BAD_ARGUMENT', 'a stream has a shorter name');
    if (this.#session.ended) throw new SeaError('CLOSED', 'the con is over');
    return this.#streams.open(name);
  }

  #opened(): void {
    this.#connected = true;
    this.#handler.onOpen(this);
    if (this.#connected) this.#emit('connect');
  }

  #receive(frame: ReliableFrame, bytes: number): void {
    if (frame.kind !== 'message') return this.#streams.receive(frame);
    const { scope } = frame;
    if (reserved.has(scope)) throw new SeaError('BAD_MESSAGE', 'a value under the name of an event');
    const value = receivedValue(frame);
    if (this.#listeners.has(scope)) this.#emit(scope, value);
    else this.#keep({ scope, value, bytes: bytes + KEPT_COST_BYTES });
  }

  #ended(reason: SeaError | undefined): void {
    this.#connected = false;
    this.#streams.close(reason ?? new SeaError('CLOSED', 'the con was disconnected'));
    this.#early = [];
    this.#share.give(this.#earlyBytes);
    this.#handler.onEnd(this);
    this.#emit('disconnect', reason);
  }

  #keep(early: Early): void {
    if (this.#earlyBytes + early.bytes > EARLY_BYTES_MAX || !this.#share.take(early.bytes)) {
      const error = new SeaError('OVERLOADED', `nobody listens to ${JSON.stringify(early.scope)}: a value was dropped`);
      return this.#handler.onTrouble(this, error);
    }
    this.#earlyBytes += early.bytes;
    this.#early.push(early);
  }

  #gotStream(stream: ConStream, name: string): void {
    if (this.#listeners.has('stream')) this.#emit('stream', stream, name);
    else this.#earlyStreams.push([stream, name]);
  }

  #hearEarly(name: string): void {
    if (name === 'stream') for (const [stream, title] of this.#earlyStreams.splice(0)) this.#emit(name, stream, title);
    if (!this.#early.some(({ scope }) => scope === name)) return;
    const due = this.#early.filter(({ scope }) => scope === name);
    this.#early = this.#early.filter(({ scope }) => scope !== name);
    for (const { bytes } of due) {
      this.#earlyBytes -= bytes;
      this.#share.give(bytes);
    }
    for (const { scope, value } of due) this.#emit(scope, value);
  }

  /** A listener that throws does not keep the others from hearing. */
  #emit(name: string, ...details: unknown[]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      tell(listener, details as never[], error => this.#handler.onTrouble(this, error));
  }
}

/** Throws BAD_MESSAGE. */
function receivedValue({ packed, payload }: Message): Argument {
  const values = unpackArguments(payload.length === 0 ? { value: packed } : { value: packed, payload });
  if (values.length !== 1) throw new SeaError('BAD_MESSAGE', `${values.length} values in one message`);
  return values[0];
}
