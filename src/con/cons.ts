/** All cons of a node: makes those the application asks for, answers for those that others ask for, keeps the beat. */

import type { HashAddress } from '../address/hash-address.ts';
import { toHex } from '../base/bytes.ts';
import type { Cancel } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import { Places } from '../base/places.ts';
import type { Log } from '../ports/log.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { answerGone, answerOpening, answerReturn } from './answer.ts';
import { Con, type ConHandler } from './con.ts';
import { Dialler, type DiallerTools } from './dialler.ts';
import {
  BEAT_MS,
  CONS_MAX,
  CONS_PER_PEER_MAX,
  CONS_TAKEN_MAX,
  OPENINGS_MAX,
  OPENINGS_PER_NEIGHBOUR_MAX,
} from './limits.ts';
import { ATTACH_SCOPE, decodeRequest } from './messages.ts';
import type { Route } from './route.ts';
import { type Secret, Session } from './session.ts';
import { UnreadShares } from './unread-shares.ts';

export interface ConsOptions extends DiallerTools {
  readonly log: Log;
  /** Keeps the link to a peer; returns a function that lets go. */
  pin(peer: HashAddress): () => void;
  /** Holds a message that is none against the peer. */
  offend(peer: HashAddress): void;
  /** True when the application takes cons. */
  listening(): boolean;
  onConnection(con: Con): void;
}

interface Entry {
  readonly session: Session;
  /** Undefined for a con that the remote opened. */
  dialler: Dialler | undefined;
  unpin: () => void;
}

export class Cons implements ConHandler {
  readonly #options: ConsOptions;
  readonly #entries = new Map<Con, Entry>();
  /** Sessions that others opened, by id. */
  readonly #answered = new Map<string, Session>();
  readonly #unread = new UnreadShares();
  readonly #openings = new Places(OPENINGS_MAX, OPENINGS_PER_NEIGHBOUR_MAX);
  #cancelBeat: Cancel | undefined;

  constructor(options: ConsOptions) {
    this.#options = options;
    options.scope.defer(() => this.close(new SeaError('CLOSED', 'this node was closed')));
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Answers those who ask for a con. */
  start(): void {
    this.#options.caller.handle(ATTACH_SCOPE, incoming => this.#answer(incoming));
  }

  /** A con to the remote, at once; it opens meanwhile. SELF_LINK, OVERLOADED, CLOSED. */
  connect(remote: HashAddress): Con {
    if (this.#options.scope.closed) throw new SeaError('CLOSED', 'this node was closed');
    if (remote.equals(this.#options.self)) throw new SeaError('SELF_LINK', 'a node has no con to itself');
    if (this.size >= CONS_MAX) throw new SeaError('OVERLOADED', `a node has at most ${CONS_MAX} cons`);
    const { con, entry } = this.#make('opener', remote);
    entry.dialler = new Dialler(this.#options, entry.session);
    entry.dialler.now();
    return con;
  }

  /** A link to the peer stands: where a way is missing, any new link may be one. */
  linkOpened(peer: HashAddress): void {
    for (const { session, dialler } of this.#entries.values())
      if (session.remote.equals(peer) || !session.healthy) dialler?.now();
  }

  /** Ends every con: the remotes are told, the application hears the reason. */
  close(reason: SeaError): void {
    for (const { session } of [...this.#entries.values()]) session.end(reason, true);
  }

  // --- ConHandler ---

  onOpen(con: Con): void {
    if (this.#entries.get(con)?.dialler === undefined) this.#options.onConnection(con);
  }

  onRoute(con: Con, route: Route): void {
    const entry = this.#entries.get(con);
    if (entry === undefined) return;
    const before = entry.unpin;
    entry.unpin = route.kind === 'direct' ? this.#options.pin(entry.session.remote) : () => {};
    before();
    entry.dialler?.routed(route);
  }

  onLost(con: Con): void {
    this.#entries.get(con)?.dialler?.lost();
  }

  onEnd(con: Con): void {
    const entry = this.#entries.get(con);
    if (entry === undefined) return;
    this.#entries.delete(con);
    entry.dialler?.stop();
    entry.unpin();
    for (const [id, session] of this.#answered) if (session === entry.session) this.#answered.delete(id);
  }

  onOffence(con: Con): void {
    this.#options.offend(con.remoteId());
  }

  onTrouble(con: Con, error: unknown): void {
    this.#options.log.write('warn', 'trouble in a con', { peer: con.remoteId().toString(), error });
  }

  // --- Those that others open ---

  async #answer(incoming: Incoming): Promise<Body> {
    const request = decodeRequest(incoming.body.value);
    const known = this.#answered.get(toHex(request.sessionId));
    if (request.kind === 'resume') {
      if (known === undefined) return answerGone(this.#options, incoming, request.sessionId);
      return answerReturn(this.#options, incoming, request, known);
    }
    if (!this.#options.listening()) throw new SeaError('NO_HANDLER', 'this node takes no cons');
    if (known !== undefined) throw new SeaError('REPLAYED', 'there is such a session already');
    this.#checkRoom(incoming.caller);
    const settle = this.#openings.take((incoming.by ?? incoming.caller).toString());
    try {
      return await answerOpening(this.#options, incoming, request, secret => {
        settle();
        return this.#admit(incoming.caller, secret);
      });
    } finally {
      settle();
    }
  }

  #checkRoom(caller: HashAddress): void {
    let theirs = 0;
    for (const session of this.#answered.values()) if (session.remote.equals(caller)) theirs++;
    if (this.size >= CONS_TAKEN_MAX || theirs >= CONS_PER_PEER_MAX)
      throw new SeaError('OVERLOADED', 'no room for another con');
  }

  #admit(remote: HashAddress, { sessionId }: Secret): Session {
    const key = toHex(sessionId);
    if (this.#answered.has(key)) throw new SeaError('REPLAYED', 'there is such a session already');
    this.#checkRoom(remote);
    const { session } = this.#make('acceptor', remote).entry;
    this.#answered.set(key, session);
    return session;
  }

  #make(side: 'opener' | 'acceptor', remote: HashAddress): { con: Con; entry: Entry } {
    let session!: Session;
    const con = new Con(side, this.#unread.of(remote.toString()), this, handler => {
      session = new Session(this.#options, remote, handler);
      return session;
    });
    const entry: Entry = { session, dialler: undefined, unpin: () => {} };
    this.#entries.set(con, entry);
    this.#cancelBeat ??= this.#options.scope.after(BEAT_MS, () => this.#beat());
    return { con, entry };
  }

  /** Runs while there are cons. */
  #beat(): void {
    this.#cancelBeat = undefined;
    for (const { session, dialler } of [...this.#entries.values()]) {
      session.beat();
      dialler?.beat();
    }
    if (this.size > 0) this.#cancelBeat ??= this.#options.scope.after(BEAT_MS, () => this.#beat());
  }
}
