/**
 * Spreads the messages of one channel: pushed along the publisher's tree, told of to all other partners, asked for where
 * the tree is broken. Nothing is relayed before it was validated.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey } from '../address/signed.ts';
import { sleep } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { asSeaError, isSeaError, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import { TokenBucket } from '../base/token-bucket.ts';
import type { Offence } from '../link/link-score.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import {
  CHECKING_MAX,
  FRESH_MS,
  HAVE_DELAY_MS,
  HAVE_IDS_MAX,
  JOIN_SLACK_MS,
  PUBLISH_BYTE_RATE,
  PUBLISH_RATE,
  RECENT_IDS_MAX,
  RECENT_MS,
  SHELF_MS,
  TIME_MS_TOLERATED,
  WAITING_MAX,
} from './limits.ts';

import { Missing } from './missing.ts';
import type { Partner } from './partner.ts';
import { idOf, type Publication, publisherOf, signPublication, verifyPublication } from './publication.ts';
import { Seen } from './seen.ts';
import { Shelf } from './shelf.ts';
import { Trees } from './trees.ts';

export interface SpreadOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly log: Log;
  readonly crypto: Crypto;
  readonly key: SigningKey;
  /** 32 bytes. */
  readonly channel: Uint8Array;
  partners(): Iterable<Partner>;
  /** Another member's clock minus the one here, ms, where that is known. */
  clockOffsetMs(publisher: HashAddress): number | undefined;
  offend(partner: Partner, offence: Offence): void;
  /** What the application says of a message with a valid signature; false: it goes no further. BAD_MESSAGE counts as false. */
  validate(publication: Publication, publisher: HashAddress): Promise<boolean>;
  /** Once for each message of another member. */
  deliver(publication: Publication, publisher: HashAddress): void;
}

/** What went through this node. */
export interface SpreadCounts {
  /** Messages that came with their body: copies included. */
  received: number;
  /** Messages that were new and valid. */
  accepted: number;
}

/** What was to be sent while there were no partners. */
interface Waiting {
  readonly scope: string;
  readonly body: Uint8Array;
  readonly atMs: number;
}

const SEQUENCES_PER_MS = 1_024;

export class Spread {
  readonly counts: SpreadCounts = { received: 0, accepted: 0 };
  readonly trees: Trees;
  readonly #options: SpreadOptions;
  readonly #seen = new Seen();
  readonly #shelf: Shelf;
  readonly #missing: Missing;
  readonly #publishing: TokenBucket;
  readonly #publishingBytes: TokenBucket;
  /** Messages under validation, and who sent further copies meanwhile. */
  readonly #checking = new Map<string, Set<Partner>>();
  /** Ids to be told of, by partner. */
  #untold = new Map<Partner, Set<string>>();
  #isTelling = false;
  /** To be published when the first partner comes. */
  readonly #waiting: Waiting[] = [];
  readonly #self: HashAddress;
  readonly #joinedMs: number;
  #sequence: number;

  constructor(options: SpreadOptions) {
    this.#options = options;
    this.#self = addressOfKey(options.key.publicKey);
    this.#joinedMs = options.clock.now();
    this.#shelf = new Shelf(options.clock);
    this.trees = new Trees(options.random);
    this.#publishing = new TokenBucket(options.clock, PUBLISH_RATE);
    this.#publishingBytes = new TokenBucket(options.clock, PUBLISH_BYTE_RATE);
    this.#missing = new Missing(options.scope, (partner, id) => partner.send({ kind: 'graft', ids: [id] }));
    this.#sequence = Math.floor(options.clock.wallMs()) * SEQUENCES_PER_MS; // above those of this node's earlier runs
  }

  /** Signs and sends to all members; waits while this node publishes too much. Throws CLOSED. */
  async publish(scope: string, body: Uint8Array): Promise<void> {
    const { clock, partners, scope: life } = this.#options;
    const waitMs = Math.max(this.#publishing.spend(1), this.#publishingBytes.spend(body.length));
    if (waitMs > 0) await sleep(clock, waitMs);
    if (life.closed) throw new SeaError('CLOSED', 'this channel was left');
    if ([...partners()].length > 0) return this.#publish(scope, body);
    this.#waiting.push({ scope, body, atMs: clock.now() });
    if (this.#waiting.length > WAITING_MAX) this.#waiting.shift();
  }

  async #publish(scope: string, body: Uint8Array): Promise<void> {
    const { key, channel, clock } = this.#options;
    const content = { sequence: ++this.#sequence, wallMs: Math.floor(clock.wallMs()), scope, body };
    const publication = await signPublication(key, channel, content);
    const id = idOf(channel, publication);
    this.#seen.add(id, this.#self.toString(), publication.sequence);
    this.#shelf.put(id, publication);
    this.#relay(id, publication, this.#self, new Set());
    this.#tell();
  }

  // --- What partners say ---

  /** A partner sent a message. */
  async take(partner: Partner, publication: Publication): Promise<void> {
    this.counts.received++;
    const id = idOf(this.#options.channel, publication);
    if (this.#seen.has(id)) {
      this.#untold.get(partner)?.delete(id);
      return this.#superfluous(partner, publisherOf(publication));
    }
    const others = this.#checking.get(id);
    if (others !== undefined) return void others.add(partner);
    if (this.#checking.size >= CHECKING_MAX) return this.have(partner, [id]);
    const copies = new Set<Partner>();
    this.#checking.set(id, copies);
    const publisher = await this.#check(partner, id, publication);
    this.#checking.delete(id);
    if (publisher === undefined) {
      for (const copy of copies) this.have(copy, [id]);
    } else {
      for (const copy of copies) this.#superfluous(copy, publisher);
      this.#accept(id, publication, publisher, partner, copies);
    }
  }

  /** A partner has these. */
  have(partner: Partner, ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#seen.has(id)) this.#untold.get(partner)?.delete(id);
      else this.#missing.told(id, partner);
    }
  }

  /** A partner lacks these. */
  graft(partner: Partner, ids: readonly string[]): void {
    for (const id of ids) {
      const publication = this.#shelf.get(id);
      if (publication === undefined || !partner.mayGive(publication.body.length)) continue;
      this.trees.graft(publisherOf(publication).toString(), partner);
      partner.send({ kind: 'publication', publication });
    }
  }

  prune(partner: Partner, publisher: HashAddress): void {
    this.trees.prune(publisher.toString(), partner);
  }

  // --- Partners come and go ---

  /** A partner hears what it may have missed since it joined; the first one what was to be sent while nobody was there. */
  came(partner: Partner, awaySinceMs: number | undefined): void {
    const { clock, log } = this.#options;
    const nowMs = clock.now();
    const sinceMs = Math.max(partner.joinedMs, (awaySinceMs ?? nowMs) - RECENT_MS);
    const ids = this.#shelf.since(sinceMs, RECENT_IDS_MAX);
    if (ids.length > 0) partner.send({ kind: 'have', ids });
    for (const { scope, body, atMs } of this.#waiting.splice(0)) {
      if (nowMs - atMs > SHELF_MS) continue;
      this.#publish(scope, body).catch(error => log.write('warn', 'a message is lost', { error }));
    }
  }

  gone(partner: Partner): void {
    this.trees.remove(partner);
    this.#missing.remove(partner);
    this.#untold.delete(partner);
  }

  beat(): void {
    this.#shelf.sweep();
  }

  // --- On its way ---

  /** Its publisher when it may go on. What nobody may relay is held against the partner. */
  async #check(partner: Partner, id: string, publication: Publication): Promise<HashAddress | undefined> {
    const { crypto, channel, offend, validate, log } = this.#options;
    try {
      const { signer } = await verifyPublication(crypto, channel, publication);
      const ageMs = this.#ageMs(publication, signer);
      if (Math.abs(ageMs) > TIME_MS_TOLERATED) throw new SeaError('CLOCK_SKEW', 'a message of another time');
      if (Math.abs(ageMs) > FRESH_MS) return this.#stale(partner, id, publication, signer);
      return (await validate(publication, signer)) ? signer : this.#unfit(partner, id, publication, signer);
    } catch (error) {
      const { code, message } = asSeaError(error);
      log.write('debug', 'a message of a channel is refused', { code, message });
      if (!isSeaError(error)) return undefined; // the application's own fault
    }
    offend(partner, 'badMessage');
    return undefined;
  }

  /** Nobody's fault: fresh for the partner, it may be stale by the clock here. */
  #stale(partner: Partner, id: string, { sequence }: Publication, publisher: HashAddress): undefined {
    this.#wantNoMore(id, publisher, sequence);
    this.#superfluous(partner, publisher);
  }

  /** Its publisher's fault alone: who relayed it may have another version of the application, or no validator. */
  #unfit(partner: Partner, id: string, { sequence }: Publication, publisher: HashAddress): undefined {
    this.#wantNoMore(id, publisher, sequence);
    if (partner.address.equals(publisher)) this.#options.offend(partner, 'badMessage');
  }

  #wantNoMore(id: string, publisher: HashAddress, sequence: number): void {
    this.#seen.add(id, publisher.toString(), sequence);
    this.#missing.arrived(id);
  }

  /** By the clock here, or by the publisher's where that is known: as it looks fresher. */
  #ageMs({ wallMs }: Publication, publisher: HashAddress): number {
    const { clock, clockOffsetMs } = this.#options;
    const ageMs = clock.wallMs() - wallMs;
    const ownMs = ageMs + (clockOffsetMs(publisher) ?? 0);
    return Math.abs(ownMs) < Math.abs(ageMs) ? ownMs : ageMs;
  }

  /** A message of before this node joined, perhaps one that an earlier run of it has heard: relayed, not heard. */
  #isEarlier(publication: Publication, publisher: HashAddress): boolean {
    const { clock, clockOffsetMs } = this.#options;
    if (clockOffsetMs(publisher) === undefined) return false; // its clock may be off
    return this.#ageMs(publication, publisher) > clock.now() - this.#joinedMs + JOIN_SLACK_MS;
  }

  #accept(id: string, publication: Publication, publisher: HashAddress, from: Partner, copies: Set<Partner>): void {
    if (this.#options.scope.closed) return;
    const isNew = this.#seen.add(id, publisher.toString(), publication.sequence);
    const owners = new Set([...this.#missing.arrived(id), ...copies, from]);
    if (!isNew) return;
    this.counts.accepted++;
    this.#shelf.put(id, publication);
    this.#relay(id, publication, publisher, owners, from);
    if (publisher.equals(this.#self) || this.#isEarlier(publication, publisher)) return;
    this.#options.deliver(publication, publisher);
  }

  #superfluous(partner: Partner, publisher: HashAddress): void {
    partner.send({ kind: 'prune', publisher });
  }

  #relay(
    id: string,
    publication: Publication,
    publisher: HashAddress,
    owners: ReadonlySet<Partner>,
    from?: Partner,
  ): void {
    const partners = [...this.#options.partners()];
    const branches = this.trees.branches(publisher.toString(), partners, from);
    for (const partner of partners) {
      if (owners.has(partner) || partner.address.equals(publisher)) continue;
      if (branches.has(partner)) partner.send({ kind: 'publication', publication });
      else this.#tellSoon(partner, id);
    }
  }

  #tellSoon(partner: Partner, id: string): void {
    const ids = this.#untold.get(partner);
    if (ids === undefined) this.#untold.set(partner, new Set([id]));
    else ids.add(id);
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#options.scope.after(HAVE_DELAY_MS, () => this.#tell());
  }

  #tell(): void {
    this.#isTelling = false;
    const untold = this.#untold;
    this.#untold = new Map();
    for (const [partner, set] of untold) {
      const ids = [...set];
      for (let at = 0; at < ids.length; at += HAVE_IDS_MAX)
        partner.send({ kind: 'have', ids: ids.slice(at, at + HAVE_IDS_MAX) });
    }
  }
}
