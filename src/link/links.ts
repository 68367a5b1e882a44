/**
 * Makes links: dials URLs, negotiates through the sea, answers those who ask, and keeps within the budget. Whom to link
 * is decided above (`LinkPolicy`); what a link carries is routing's business.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { type AbortOptions, abortable, checkAborted, whenAborted, withTimeout } from '../base/abort.ts';
import type { Deferred } from '../base/deferred.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import type { Channel, LinkFactory, Negotiation, Signal } from '../ports/link-factory.ts';
import { NETWORK_ID_LENGTH_MAX, URL_LENGTH_MAX } from '../wire/limits.ts';
import { type Authenticated, type HandshakeTools, type LocalNode, shakeHands, turnAway } from './handshake.ts';
import { DIAL_TIMEOUT_MS, ENTRY_LINKS_MAX } from './limits.ts';
import { Link } from './link.ts';
import { LinkScores } from './link-score.ts';
import { LinkTable, type LinkTableHandler } from './link-table.ts';
import type { SignalLine, Signaller } from './signaller.ts';

/** What the layers above decide. */
export interface LinkPolicy {
  /** Whether a link to this peer is worth having now. */
  wants(peer: HashAddress): boolean;
  /** The link to give up so that one to `newcomer` fits; undefined when every link is worth more. */
  victim(newcomer: HashAddress): Link | undefined;
}

export interface LinksOptions extends HandshakeTools {
  readonly scope: Scope;
  readonly local: LocalNode;
  readonly factory: LinkFactory;
  readonly signaller: Signaller;
  readonly policy: LinkPolicy;
  readonly handler: LinkTableHandler;
  /** Live negotiated links at most. */
  readonly linksMax: number;
}

export interface ConnectOptions extends AbortOptions {
  /** Reach the peer by way of this node. */
  readonly via?: HashAddress | undefined;
}

/** A dial under way. */
interface Dial {
  readonly outcome: Deferred<Link>;
  /** Those who wait for it; when the last of them gives up, it ends. */
  waiting: number;
  /** Undefined until the peer has agreed. */
  negotiation: Negotiation | undefined;
}

/** The end of a link that a peer asked for. */
export interface Answer {
  /** Takes a signal of the peer's. */
  accept(signal: Signal): void;
  /** Resolves when the link stands; rejects when it will not. */
  readonly done: Promise<void>;
}

export class Links {
  readonly table: LinkTable;
  readonly scores: LinkScores;
  readonly #options: LinksOptions;
  readonly #scope: Scope;
  /** Dials under way by peer; settled by any link to that peer. */
  readonly #dials = new Map<string, Dial>();
  /** Negotiations that peers asked for, by peer. */
  readonly #answers = new Map<string, Negotiation>();
  /** Handshakes under way. */
  readonly #handshakes = new Set<AbortController>();

  /** Throws BAD_ARGUMENT for a network id or URL that no handshake could carry. */
  constructor(options: LinksOptions) {
    const { networkId, url } = options.local;
    if (networkId.length > NETWORK_ID_LENGTH_MAX || (url?.length ?? 0) > URL_LENGTH_MAX)
      throw new SeaError(
        'BAD_ARGUMENT',
        `a network id has at most ${NETWORK_ID_LENGTH_MAX} characters, a URL ${URL_LENGTH_MAX}`,
      );
    this.#options = options;
    this.#scope = options.scope;
    this.table = new LinkTable(options.local.address, options.scope, options.handler);
    this.scores = new LinkScores(options.clock);
    options.scope.defer(() => this.hangUp());
  }

  /** False where links to peers that do not listen cannot be made. */
  get negotiates(): boolean {
    return this.#options.factory.negotiates;
  }

  /** Links and attempts that count against the budget. */
  get taken(): number {
    return this.#directCount() + this.#dials.size + this.#answers.size;
  }

  get linksMax(): number {
    return this.#options.linksMax;
  }

  /** True while a dial to the peer is under way. */
  dialling(peer: HashAddress): boolean {
    return this.#dials.has(peer.toString());
  }

  /** A link to whoever listens at the URL. DIAL_FAILED, ABORTED, CLOSED, and every code of the handshake. */
  async dialUrl(url: string, signal: AbortSignal): Promise<Link> {
    checkAborted(this.#scope.signal);
    const channel = await this.#options.factory.dial(url, signal);
    return this.#admit(channel, true, undefined, signal);
  }

  /** A channel somebody dialled: becomes a link, or is closed. */
  accept(channel: Channel): void {
    const full = this.table.liveCount + this.#handshakes.size >= this.linksMax + ENTRY_LINKS_MAX;
    if (full || this.#scope.closed) turnAway(channel, full ? 'LINK_BUDGET' : 'CLOSED');
    else this.#admit(channel, false, undefined).catch(() => {}); // the dialler hears of it by bye and close
  }

  /**
   * A negotiated link to the peer, the one that stands included; a dial under way is shared. SELF_LINK, DECLINED,
   * LINK_BUDGET, NO_ROUTE, DIAL_FAILED, TIMEOUT, CLOSED, the abort reason, and every code of the handshake.
   */
  async connect(peer: HashAddress, { via, signal }: ConnectOptions = {}): Promise<Link> {
    checkAborted(this.#scope.signal);
    checkAborted(signal);
    const standing = this.table.get(peer);
    if (standing?.open && standing.direct) return standing;
    const dial = this.#dials.get(peer.toString()) ?? this.#dial(peer, via);
    dial.waiting++;
    const forget = whenAborted(signal, error => {
      if (--dial.waiting > 0) return;
      this.#forget(peer, dial); // at once: who connects next has a dial of its own
      dial.outcome.reject(error);
    });
    try {
      const made = await abortable(dial.outcome.promise, signal);
      const best = this.table.get(peer); // another link may have come at the same time and be the one to keep
      return best?.open ? best : made;
    } finally {
      forget();
    }
  }

  /**
   * Agrees to a link that a peer asks for, or throws: DUPLICATE_LINK (our own dial to it goes on instead), DECLINED,
   * LINK_BUDGET, CLOSED. It ends by itself; a peer that asks again has given up what it asked for before.
   */
  answer(peer: HashAddress, send: (signal: Signal) => void, signal: AbortSignal): Answer {
    const { local, policy, factory, clock } = this.#options;
    const key = peer.toString();
    checkAborted(this.#scope.signal);
    if (!factory.negotiates) throw new SeaError('DECLINED', 'this node has no WebRTC');
    if (this.dialling(peer) && local.address.toString() < key)
      throw new SeaError('DUPLICATE_LINK', 'our own dial goes on');
    if (this.scores.banned(peer) || !policy.wants(peer))
      throw new SeaError('DECLINED', 'this node has no use for the link');
    this.#answers.get(key)?.close();
    this.#answers.delete(key);
    this.#makeRoom(peer);
    const negotiation = factory.negotiate('answer', send);
    this.#answers.set(key, negotiation);
    const forget = whenAborted(signal, () => negotiation.close());
    const link = negotiation.channel.then(channel => this.#admit(channel, false, peer));
    const done = withTimeout(clock, link, DIAL_TIMEOUT_MS, 'the negotiation').then(
      () => {},
      error => {
        negotiation.close();
        throw error;
      },
    );
    const end = (): void => {
      forget();
      if (this.#answers.get(key) === negotiation) this.#answers.delete(key);
    };
    done.then(end, end); // heard here, so that nobody has to await it
    return { accept: theirs => negotiation.accept(theirs), done };
  }

  /** Once a beat. */
  beat(): void {
    for (const link of [...this.table.links()]) link.beat();
  }

  /** Ends every link and every attempt at one. Later ones are as before, unless the scope is closed. */
  hangUp(): void {
    const reason = new SeaError('CLOSED', 'this node went offline');
    for (const { outcome } of [...this.#dials.values()]) outcome.reject(reason);
    for (const negotiation of [...this.#answers.values()]) negotiation.close();
    for (const handshake of [...this.#handshakes]) handshake.abort(reason);
    this.table.closeAll(reason.code, 'this node went offline');
  }

  /** Holds an offence against the peer at the other end; the last straw closes the link. */
  offend(link: Link, offence: Parameters<LinkScores['add']>[1]): void {
    if (this.scores.add(link.address, offence)) link.close('BAD_MESSAGE', 'too many unfit messages');
  }

  #directCount(): number {
    let count = 0;
    for (const link of this.table.links()) if (link.direct) count++;
    return count;
  }

  /** Gives up a link where the ones that stand or are being negotiated fill the budget. Dials that only ask take no room. */
  #makeRoom(peer: HashAddress): void {
    let held = this.#directCount() + this.#answers.size;
    for (const { negotiation } of this.#dials.values()) if (negotiation !== undefined) held++;
    if (held < this.linksMax) return;
    const victim = this.#options.policy.victim(peer);
    if (victim === undefined) throw this.#noRoom();
    victim.close('LINK_BUDGET', 'another link was worth more');
  }

  #noRoom(): SeaError {
    return new SeaError('LINK_BUDGET', `this node keeps ${this.linksMax} links and needs them all`);
  }

  /** Begins a dial, which ends by itself. */
  #dial(peer: HashAddress, via: HashAddress | undefined): Dial {
    if (peer.equals(this.#options.local.address)) throw new SeaError('SELF_LINK', 'a node does not link to itself');
    if (this.scores.banned(peer)) throw banned(peer);
    if (this.taken >= this.linksMax && this.#options.policy.victim(peer) === undefined) throw this.#noRoom();
    const dial: Dial = { outcome: deferred(), waiting: 0, negotiation: undefined };
    const { reject, promise } = dial.outcome;
    const cancel = this.#options.clock.after(DIAL_TIMEOUT_MS, () =>
      reject(new SeaError('TIMEOUT', 'the dial took too long', { peer: peer.toString() })),
    );
    const over = (): void => {
      cancel();
      this.#forget(peer, dial);
    };
    promise.then(over, over);
    this.#dials.set(peer.toString(), dial);
    try {
      this.#negotiate(peer, via, dial);
    } catch (error) {
      reject(error);
    }
    return dial;
  }

  #forget(peer: HashAddress, dial: Dial): void {
    if (this.#dials.get(peer.toString()) === dial) this.#dials.delete(peer.toString());
  }

  /** Drives one outgoing negotiation; `dial` hears how it ended unless another link settles it first. */
  #negotiate(peer: HashAddress, via: HashAddress | undefined, dial: Dial): void {
    const { resolve, reject, promise } = dial.outcome;
    let over = false;
    const line: SignalLine = this.#options.signaller.open(peer, via, {
      onAgreed: () => {
        if (over || dial.negotiation !== undefined) return;
        try {
          this.#makeRoom(peer);
          const negotiation = this.#options.factory.negotiate('offer', signal => line.send(signal));
          dial.negotiation = negotiation;
          negotiation.channel.then(channel => this.#admit(channel, true, peer)).then(resolve, reject);
        } catch (error) {
          reject(asSeaError(error, 'DIAL_FAILED'));
        }
      },
      onSignal: signal => dial.negotiation?.accept(signal),
      onEnd: error => {
        if (error?.code === 'DUPLICATE_LINK') return; // the peer's own dial is on its way
        if (error === undefined && dial.negotiation !== undefined) return; // the peer's end is done
        reject(error ?? new SeaError('DECLINED', 'the peer did not agree'));
      },
    });
    const end = (): void => {
      over = true;
      line.close();
      dial.negotiation?.close();
    };
    promise.then(end, end);
  }

  async #admit(
    channel: Channel,
    dialled: boolean,
    expected: HashAddress | undefined,
    signal?: AbortSignal,
  ): Promise<Link> {
    const handshake = new AbortController();
    const forget = whenAborted(signal, error => handshake.abort(error));
    this.#handshakes.add(handshake);
    try {
      const authenticated = await shakeHands(this.#options, this.#options.local, channel, {
        expected,
        refuse: claimed => (this.scores.banned(claimed) ? banned(claimed) : undefined),
        signal: handshake.signal,
      });
      return this.#begin(authenticated, dialled);
    } catch (error) {
      throw asSeaError(error, 'DIAL_FAILED');
    } finally {
      this.#handshakes.delete(handshake);
      forget();
    }
  }

  /** The link of a channel whose other end is known. Throws what ended it when it has ended already. */
  #begin(authenticated: Authenticated, dialled: boolean): Link {
    const { handler } = this.#options;
    const link = new Link(this.#options.clock, authenticated, dialled, {
      onMessage: (from, message, payload) => {
        if (message.kind === 'digest') this.table.setDigest(from, payload);
        else handler.onRouting(from, message as Parameters<LinkTableHandler['onRouting']>[1], payload);
      },
      onClose: (closed, reason) => this.table.remove(closed, reason),
      onOffence: from => this.offend(from, 'badMessage'),
    });
    this.table.add(link);
    link.start(authenticated);
    if (link.state.state === 'closed') throw link.state.reason;
    if (link.open && link.direct) this.#dials.get(link.address.toString())?.outcome.resolve(link);
    return link;
  }
}

function banned(peer: HashAddress): SeaError {
  return new SeaError('DECLINED', 'the peer misbehaved a short while ago', { peer: peer.toString() });
}
