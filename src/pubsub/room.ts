/**
 * A room: what one node holds of one channel while at least one of the application's handles is in it. Joins members,
 * partners, spreading and anycast; decides when to announce and to look for others.
 */

import { HashAddress } from '../address/hash-address.ts';
import { concat, toHex, utf8Encode } from '../base/bytes.ts';
import type { Cancel, Clock } from '../base/clock.ts';
import { below, pick, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { AnnounceOptions, Found, Standing } from '../records/records.ts';
import type { Caller } from '../rpc/exchange.ts';
import { Anycast } from './anycast.ts';
import { signIntroduction } from './introduction.ts';
import { ANNOUNCE_LIFETIME_MS, BEAT_MS, FIND_IDLE_MS, FIND_MS, LOAD_MAX, PARTNERS, PINS_MAX } from './limits.ts';
import { MemberView } from './member-view.ts';
import type { Greeting, PartnerFrame } from './messages.ts';
import type { Partner } from './partner.ts';
import { type PartnerScores, Partners } from './partners.ts';
import type { Publication } from './publication.ts';
import { Spread } from './spread.ts';

export interface RoomHandler {
  onConnected(connected: boolean): void;
  onMember(address: HashAddress, present: boolean): void;
  validate(publication: Publication, publisher: HashAddress): Promise<boolean>;
  onPublication(publication: Publication, publisher: HashAddress): void;
}

/** What a room needs of the node. */
export interface RoomTools {
  readonly self: HashAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly crypto: Crypto;
  readonly key: SigningKey;
  readonly caller: Caller;
  readonly scores: PartnerScores;
  announce(key: string, value: Uint8Array, options: AnnounceOptions): Standing;
  find(key: string): Promise<readonly Found[]>;
  online(): boolean;
  linked(address: HashAddress): boolean;
  pin(address: HashAddress, reason: string): () => void;
  /** Makes a direct link where the sea can. */
  connect(address: HashAddress): Promise<void>;
}

const nothing: Uint8Array = new Uint8Array(0);

export class Room {
  readonly view: MemberView;
  readonly partners: Partners;
  readonly spread: Spread;
  readonly anycast: Anycast;
  readonly channel: Uint8Array;
  readonly #tools: RoomTools;
  readonly #scope: Scope;
  readonly #handler: RoomHandler;
  readonly #name: string;
  /** Unix ms: tells this stay from others under the same key. */
  readonly #joinedMs: number;
  /** Kept up while online: that this node is here, and what it serves. */
  readonly #announced = new Map<string, Standing>();
  #pins: (() => void)[] = [];
  #cancelFind: Cancel = () => {};
  /** Numbers the look-ups of members: one that was overtaken goes no further. */
  #finds = 0;
  #cancelServing: Cancel | undefined;

  constructor(tools: RoomTools, scope: Scope, channel: Uint8Array, handler: RoomHandler) {
    const { self, clock, random, log, crypto, key, caller, scores } = tools;
    this.#tools = tools;
    this.#scope = scope;
    this.#handler = handler;
    this.#name = toHex(channel);
    this.channel = channel;
    this.#joinedMs = Math.floor(clock.wallMs());
    this.view = new MemberView(self, clock, random, (address, present) => this.#member(address, present));
    this.partners = new Partners({
      self,
      clock,
      random,
      scope,
      log,
      caller,
      channel,
      scores,
      view: this.view,
      online: tools.online,
      linked: tools.linked,
      crypto,
      greeting: (to, answers) => this.#greeting(to, answers),
      handler: {
        onPartner: (partner, awaySinceMs) => this.#partnerCame(partner, awaySinceMs),
        onPartnerGone: partner => this.#partnerGone(partner),
        onFrame: (partner, frame) => this.#frame(partner, frame),
      },
    });
    const partners = (): Iterable<Partner> => this.partners.all();
    this.spread = new Spread({
      clock,
      random,
      scope,
      log,
      crypto,
      key,
      channel,
      partners,
      clockOffsetMs: publisher => this.view.clockOffsetMs(publisher),
      offend: (partner, offence) => this.partners.offend(partner, offence),
      validate: (publication, publisher) => handler.validate(publication, publisher),
      deliver: (publication, publisher) => handler.onPublication(publication, publisher),
    });
    const findServers = (served: string): Promise<HashAddress[]> => this.#findServers(served);
    const onServing = (): void => this.#servingChanged();
    this.anycast = new Anycast({ self, clock, random, caller, channel, partners, findServers, onServing });
    scope.every(BEAT_MS, () => this.#beat(), below(random, BEAT_MS));
    scope.defer(() => this.#leave());
    this.online();
  }

  get connected(): boolean {
    return this.partners.size > 0;
  }

  /** This node has a place in the sea, perhaps a new one. */
  online(): void {
    if (!this.#tools.online()) return;
    this.#hush();
    this.#announce();
    void this.#find();
  }

  /** It has none: its partners are out of reach, announcing and finding wait. */
  offline(): void {
    this.#hush();
    this.partners.dropAll();
  }

  #hush(): void {
    this.#finds++;
    this.#cancelFind();
    for (const standing of this.#announced.values()) standing.stop();
    this.#announced.clear();
  }

  // --- Members ---

  #announce(): void {
    const { announce, online, log } = this.#tools;
    if (!online()) return;
    const wanted = new Set([`channel/${this.#name}`, ...this.anycast.serving.map(scope => this.#servedKey(scope))]);
    for (const [key, standing] of this.#announced) {
      if (wanted.delete(key)) continue;
      standing.stop();
      this.#announced.delete(key);
    }
    for (const key of wanted) {
      try {
        this.#announced.set(key, announce(key, nothing, { lifetimeMs: ANNOUNCE_LIFETIME_MS }));
      } catch (error) {
        log.write('warn', 'a channel cannot be announced', { error });
      }
    }
  }

  /** Looks for members, and again after a while: soon with nobody there, seldom with enough. */
  async #find(): Promise<void> {
    const { find, random } = this.#tools;
    const round = ++this.#finds;
    const found = await find(`channel/${this.#name}`).catch(() => []);
    if (this.#scope.closed || round !== this.#finds) return;
    for (const { announcer, expiresMs } of found) this.#heardByRecord(announcer, expiresMs);
    this.partners.hurry();
    const meanMs = this.partners.size < Math.min(PARTNERS, this.view.size) || !this.connected ? FIND_MS : FIND_IDLE_MS;
    this.#cancelFind = this.#scope.after(meanMs / 2 + below(random, meanMs), () => {
      if (this.partners.size < PARTNERS) void this.#find();
      else this.#cancelFind = this.#scope.after(FIND_IDLE_MS, () => void this.#find());
    });
  }

  #heardByRecord(announcer: HashAddress, expiresMs: number): void {
    const ageMs = ANNOUNCE_LIFETIME_MS - (expiresMs - this.#tools.clock.wallMs());
    this.view.heard(announcer, Math.min(ANNOUNCE_LIFETIME_MS, Math.max(0, ageMs)));
  }

  async #findServers(served: string): Promise<HashAddress[]> {
    return (await this.#tools.find(this.#servedKey(served))).map(({ announcer }) => announcer);
  }

  #servedKey(scope: string): string {
    return `served/${HashAddress.hash(concat(this.channel, utf8Encode(scope)))}`;
  }

  #member(address: HashAddress, present: boolean): void {
    this.#handler.onMember(address, present);
    if (present) this.partners.hurry();
  }

  async #greeting(to: HashAddress, answers: number): Promise<Greeting> {
    const { key, clock } = this.#tools;
    const times = { wallMs: Math.floor(clock.wallMs()), joinedMs: this.#joinedMs };
    return {
      members: this.view.sample(to),
      serving: this.anycast.serving,
      load: Math.min(LOAD_MAX, this.anycast.load),
      ...(await signIntroduction(key, this.channel, to, times, answers)),
    };
  }

  // --- Partners ---

  #partnerCame(partner: Partner, awaySinceMs: number | undefined): void {
    this.spread.came(partner, awaySinceMs);
    if (this.partners.size === 1) this.#handler.onConnected(true);
  }

  #partnerGone(partner: Partner): void {
    this.spread.gone(partner);
    if (this.partners.size === 0) this.#handler.onConnected(false);
  }

  #frame(partner: Partner, frame: PartnerFrame): void {
    switch (frame.kind) {
      case 'publication':
        return void this.spread.take(partner, frame.publication);
      case 'have':
        return this.spread.have(partner, frame.ids);
      case 'graft':
        return this.spread.graft(partner, frame.ids);
      case 'prune':
        return this.spread.prune(partner, frame.publisher);
      case 'members':
        this.partners.learn(partner, frame.members);
        if (frame.answer) partner.send({ kind: 'members', members: this.view.sample(partner.address), answer: false });
        return;
      case 'serving':
        partner.serving = new Set(frame.serving);
        partner.load = frame.load;
        return;
      case 'ping':
        return partner.send({ kind: 'pong' });
      case 'bye':
        this.view.gone(partner.address);
        return partner.line.end();
      case 'pong':
      case 'welcome':
        return;
    }
  }

  #servingChanged(): void {
    this.#cancelServing ??= this.#scope.after(0, () => {
      this.#cancelServing = undefined;
      const { serving, load } = this.anycast;
      for (const partner of this.partners.all()) partner.send({ kind: 'serving', serving, load });
      this.#announce();
    });
  }

  #beat(): void {
    if (!this.#tools.online()) return;
    this.view.sweep();
    this.partners.beat();
    this.spread.beat();
    this.#repin();
    const partner = pick(this.#tools.random, [...this.partners.all()]);
    partner?.send({ kind: 'members', members: this.view.sample(partner.address), answer: true });
  }

  /** The links that trees run over are held; one that is lacking is made. */
  #repin(): void {
    const { pin, linked, connect } = this.#tools;
    const before = this.#pins;
    const busiest = this.spread.trees.busiest(PINS_MAX).map(({ address }) => address);
    this.#pins = busiest.map(address => pin(address, 'channel'));
    for (const unpin of before) unpin();
    const lacking = busiest.find(address => !linked(address));
    if (lacking !== undefined) connect(lacking).catch(() => {}); // routed, then
  }

  #leave(): void {
    this.#hush();
    for (const partner of this.partners.all()) partner.send({ kind: 'bye' });
    for (const unpin of this.#pins.splice(0)) unpin();
  }
}
