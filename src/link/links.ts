/**
 * Makes links: dials URLs, negotiates through the sea, answers those who ask, and keeps within the budget. Whom to link
 * is decided above (`LinkPolicy`); what a link carries is routing's business.
 */

import type { HashAddress } from '../address/hash-address.ts';
import type { Deferred } from '../base/deferred.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { withTimeout } from '../base/abort.ts';
import type { Scope } from '../base/scope.ts';
import type { Channel, LinkFactory, Negotiation, Signal } from '../ports/link-factory.ts';
import { type HandshakeTools, type LocalNode, shakeHands } from './handshake.ts';
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

export class Links {
  readonly table: LinkTable;
  readonly scores: LinkScores;
  readonly #options: LinksOptions;
  readonly #scope: Scope;
  /** Dials under way by peer; settled by any link to that peer. */
  readonly #dials = new Map<string, Deferred<Link>>();
  #answering = 0;
  #shaking = 0;

  constructor(options: LinksOptions) {
    this.#options = options;
    this.#scope = options.scope;
    this.table = new LinkTable(options.local.address, options.scope, options.handler);
    this.scores = new LinkScores(options.clock);
    options.scope.defer(() => {
      for (const link of [...this.table.links()]) link.close('CLOSED', 'this node went offline');
    });
  }

  /** False where links to peers that do not listen cannot be made. */
  get negotiates(): boolean {
    return this.#options.factory.negotiates;
  }

  /** Links and attempts that count against the budget. */
  get taken(): number {
    let direct = this.#dials.size + this.#answering;
    for (const link of this.table.links()) if (link.direct) direct++;
    return direct;
  }

  get linksMax(): number {
    return this.#options.linksMax;
  }

  /** True while a dial to the peer is under way. */
  dialling(peer: HashAddress): boolean {
    return this.#dials.has(peer.toString());
  }

  /** A link to whoever listens at the URL. DIAL_FAILED, ABORTED, and every code of the handshake. */
  async dialUrl(url: string, signal: AbortSignal): Promise<Link> {
    const channel = await this.#options.factory.dial(url, signal);
    return this.#admit(channel, true, undefined);
  }

  /** A channel somebody dialled: becomes a link, or is closed. */
  accept(channel: Channel): void {
    if (this.table.size + this.#shaking >= this.linksMax + ENTRY_LINKS_MAX) return channel.close();
    this.#admit(channel, false, undefined).catch(() => {}); // the dialler hears of it by the close
  }

  /** A negotiated link to the peer, the one that stands included. DECLINED, LINK_BUDGET, NO_ROUTE, DIAL_FAILED, TIMEOUT … */
  async connect(peer: HashAddress, via?: HashAddress): Promise<Link> {
    const standing = this.table.get(peer);
    if (standing?.open && standing.direct) return standing;
    const key = peer.toString();
    const under = this.#dials.get(key);
    if (under !== undefined) return under.promise;
    if (peer.equals(this.#options.local.address)) throw new SeaError('SELF_LINK', 'a node does not link to itself');
    if (this.scores.banned(peer))
      throw new SeaError('DECLINED', 'the peer misbehaved a short while ago', { peer: key });
    this.#makeRoom(peer);
    const dial = deferred<Link>();
    this.#dials.set(key, dial);
    try {
      this.#negotiate(peer, via, dial);
      return await withTimeout(this.#options.clock, dial.promise, DIAL_TIMEOUT_MS, `linking to ${key.slice(0, 8)}`);
    } finally {
      this.#dials.delete(key);
      dial.reject(new SeaError('TIMEOUT', 'the dial took too long'));
    }
  }

  /**
   * Agrees to a link that a peer asks for, or throws: DUPLICATE_LINK (our own dial to it goes on instead), DECLINED,
   * LINK_BUDGET. The result takes the peer's signals; it ends by itself.
   */
  answer(
    peer: HashAddress,
    send: (signal: Signal) => void,
    signal: AbortSignal,
  ): { accept(signal: Signal): void; readonly done: Promise<void> } {
    const { local, policy, factory, clock } = this.#options;
    if (!factory.negotiates) throw new SeaError('DECLINED', 'this node has no WebRTC');
    if (this.dialling(peer) && local.address.toString() < peer.toString())
      throw new SeaError('DUPLICATE_LINK', 'our own dial goes on');
    if (this.scores.banned(peer) || !policy.wants(peer))
      throw new SeaError('DECLINED', 'this node has no use for the link');
    this.#makeRoom(peer);
    this.#answering++;
    const negotiation = factory.negotiate('answer', send);
    const giveUp = (): void => negotiation.close();
    signal.addEventListener('abort', giveUp, { once: true });
    const admitted = negotiation.channel.then(channel => this.#admit(channel, false, peer));
    const done = withTimeout(clock, admitted, DIAL_TIMEOUT_MS, 'the negotiation').then(
      () => this.#settleAnswer(signal, giveUp),
      error => {
        this.#settleAnswer(signal, giveUp);
        negotiation.close();
        throw error;
      },
    );
    return { accept: theirs => negotiation.accept(theirs), done };
  }

  /** Once a beat. */
  beat(): void {
    for (const link of [...this.table.links()]) link.beat();
  }

  #settleAnswer(signal: AbortSignal, giveUp: () => void): void {
    this.#answering--;
    signal.removeEventListener('abort', giveUp);
  }

  #makeRoom(peer: HashAddress): void {
    if (this.taken < this.linksMax) return;
    const victim = this.#options.policy.victim(peer);
    if (victim === undefined)
      throw new SeaError('LINK_BUDGET', `this node keeps ${this.linksMax} links and needs them all`);
    victim.close('LINK_BUDGET', 'another link was worth more');
  }

  /** Drives one outgoing negotiation; `dial` hears how it ended unless another link settles it first. */
  #negotiate(peer: HashAddress, via: HashAddress | undefined, dial: Deferred<Link>): void {
    let negotiation: Negotiation | undefined;
    const line: SignalLine = this.#options.signaller.open(peer, via, {
      onAgreed: () => {
        if (negotiation !== undefined) return;
        negotiation = this.#options.factory.negotiate('offer', signal => line.send(signal));
        negotiation.channel.then(channel => this.#admit(channel, true, peer)).then(dial.resolve, dial.reject);
      },
      onSignal: signal => negotiation?.accept(signal),
      onEnd: error => {
        if (error === undefined || error.code === 'DUPLICATE_LINK') return; // done, or the peer's own dial is on its way
        negotiation?.close();
        dial.reject(error);
      },
    });
    const end = (): void => {
      line.close();
      negotiation?.close();
    };
    dial.promise.then(end, end);
  }

  async #admit(channel: Channel, dialled: boolean, expected: HashAddress | undefined): Promise<Link> {
    this.#shaking++;
    try {
      const authenticated = await shakeHands(this.#options, this.#options.local, channel, expected);
      if (this.#scope.closed) {
        channel.close();
        throw new SeaError('CLOSED', 'this node went offline');
      }
      if (this.scores.banned(authenticated.peer.address)) {
        channel.close();
        throw new SeaError('DECLINED', 'the peer misbehaved a short while ago');
      }
      const link = this.#makeLink(authenticated, dialled);
      link.start(authenticated);
      return link;
    } catch (error) {
      throw asSeaError(error, 'DIAL_FAILED');
    } finally {
      this.#shaking--;
    }
  }

  #makeLink(authenticated: Awaited<ReturnType<typeof shakeHands>>, dialled: boolean): Link {
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
    if (link.open && link.direct) this.#dials.get(link.address.toString())?.resolve(link);
    return link;
  }

  /** Holds an offence against the peer at the other end; the last straw closes the link. */
  offend(link: Link, offence: Parameters<LinkScores['add']>[1]): void {
    if (this.scores.add(link.address, offence)) link.close('BAD_MESSAGE', 'too many unfit messages');
  }
}
