/**
 * The chat of this page: the channels it is in, its private talks, what it calls itself, what nobody has read yet. It
 * begins when the section is first in front, and not before: joining a channel tells others that one is there.
 */

import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Argument, Con, Sea } from '../../src/index.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import { shortAddress } from '../format.ts';
import { type ChatChoices, type ChoiceStorage, forgetChoices, readChoices, writeChoices } from './chat-choices.ts';
import { ChatHerald } from './chat-herald.ts';
import { cleanName } from './chat-lines.ts';
import { type ChatPlace, HARBOUR, isSamePlace, placeOf, restOf } from './chat-place.ts';
import { ChatRoom, type RoomTools } from './chat-room.ts';
import { HELLO, Talk, type TalkTools } from './chat-talk.ts';
import type { Section } from './section.ts';

/** Channels and talks at a time, and names remembered: what strangers can make this page keep. */
const ROOMS_MAX = 16;
const TALKS_MAX = 32;
const NAMES_MAX = 1_000;

const harbour: ChatPlace = { kind: 'channel', name: HARBOUR };
const CHANNEL_PREFIX = 'peersea.chat/';

export interface ChatSurroundings {
  readonly section: Section;
  /** Whether the visitor has agreed to be in the sea; reads a signal. */
  readonly agreed: () => boolean;
  readonly storage: ChoiceStorage;
  /** A steady clock, ms. */
  readonly now: () => number;
  /** Unix time, ms. */
  readonly wallMs: () => number;
  /** Hands a file to the browser's downloads. */
  readonly save: (content: Blob, name: string) => void;
  /** 16 random hex digits, different in each visit. */
  readonly visit: string;
}

export class Chat {
  readonly herald: ChatHerald;
  readonly #surroundings: ChatSurroundings;
  readonly #sea: Signal<Sea | undefined> = signal<Sea | undefined>(undefined);
  readonly #rooms: Signal<readonly ChatRoom[]> = signal<readonly ChatRoom[]>([]);
  readonly #talks: Signal<readonly Talk[]> = signal<readonly Talk[]>([]);
  readonly #names: Signal<ReadonlyMap<string, string>> = signal<ReadonlyMap<string, string>>(new Map());
  readonly #ownName: Signal<string>;
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  readonly #place: ReadonlySignal<ChatPlace>;
  readonly #unread: ReadonlySignal<number>;
  /** Channels to be in, the harbour aside. */
  #channels: readonly string[];
  #entered = false;
  #last: ChatPlace = harbour;
  #linesSaid = 0;

  constructor(surroundings: ChatSurroundings) {
    this.#surroundings = surroundings;
    this.herald = new ChatHerald(surroundings.now);
    const { name, channels } = readChoices(surroundings.storage);
    this.#ownName = signal(name);
    this.#channels = channels;
    const { section } = surroundings;
    this.#place = computed(() => {
      const rest = section.current.value === 'chat' ? section.rest.value : '';
      return rest === '' ? this.#last : placeOf(rest);
    });
    this.#unread = computed(() =>
      [...this.#rooms.value, ...this.#talks.value].reduce((sum, { unread }) => sum + unread.value, 0),
    );
    effect(() => this.#follow());
  }

  /** In the order of joining, the harbour first. */
  get rooms(): ReadonlySignal<readonly ChatRoom[]> {
    return this.#rooms;
  }

  get talks(): ReadonlySignal<readonly Talk[]> {
    return this.#talks;
  }

  /** What is in front when the chat is: what its address names, or where one was last. */
  get place(): ReadonlySignal<ChatPlace> {
    return this.#place;
  }

  /** What this page calls itself; '' for nothing but its address. */
  get ownName(): ReadonlySignal<string> {
    return this.#ownName;
  }

  /** What others call themselves, by address. Anybody may take any name: it is never shown without the address. */
  get names(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#names;
  }

  /** Why what the address names is not in front. */
  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  /** Lines and offers that nobody has looked at, over all channels and talks. */
  get unread(): ReadonlySignal<number> {
    return this.#unread;
  }

  follow(sea: Sea): void {
    this.#sea.value = sea;
    sea.on('connection', con => this.#answer(con));
  }

  rename(name: string): void {
    const cleaned = cleanName(name);
    if (cleaned === this.#ownName.value) return;
    this.#ownName.value = cleaned;
    this.#keep();
    for (const room of this.#rooms.value) room.renamed();
    for (const talk of this.#talks.value) talk.renamed();
  }

  /** Brings a place to the front. */
  show(place: ChatPlace): void {
    this.#surroundings.section.show('chat', restOf(place));
  }

  /** Leaves a channel; the harbour stays. */
  leave(room: ChatRoom): void {
    if (room.name === HARBOUR) return;
    this.#channels = this.#channels.filter(name => name !== room.name);
    room.leave();
    this.#keep();
    batch(() => {
      this.#rooms.value = this.#rooms.value.filter(each => each !== room);
      if (isSamePlace(this.#place.value, { kind: 'channel', name: room.name })) this.show(harbour);
    });
  }

  /** Begins a private talk, or goes on with it. */
  talkWith(address: string): void {
    const talk = this.#talk(address);
    talk?.open();
    this.show({ kind: 'talk', address });
    if (talk === undefined)
      this.#complaint.value = complaintOf(new PageError('CHAT_FULL', `There are ${TALKS_MAX} private talks already.`));
  }

  /** Ends a talk and forgets it. */
  close(talk: Talk): void {
    talk.end();
    this.#talks.value = this.#talks.value.filter(each => each !== talk);
    if (isSamePlace(this.#place.value, { kind: 'talk', address: talk.address })) this.show(harbour);
  }

  /** Once a beat. */
  refresh(): void {
    batch(() => {
      for (const room of this.#rooms.value) room.refresh();
      for (const talk of this.#talks.value) talk.refresh();
      this.herald.refresh();
    });
  }

  /** Leaves everything and keeps nothing. */
  #forget(): void {
    forgetChoices(this.#surroundings.storage);
    for (const room of this.#rooms.peek()) room.leave();
    for (const talk of this.#talks.peek()) talk.end();
    this.#entered = false;
    this.#channels = [];
    this.#last = harbour;
    batch(() => {
      this.#names.value = new Map();
      this.#rooms.value = [];
      this.#talks.value = [];
      this.#ownName.value = '';
    });
  }

  // --- Where one is ---

  /** What is in front is joined, and read. Runs whenever consent, section, its address, the channels or the sea change. */
  #follow(): void {
    if (!this.#surroundings.agreed()) return this.#forget();
    const sea = this.#sea.value;
    if (this.#surroundings.section.current.value !== 'chat' || sea === undefined) return;
    const place = this.#place.value;
    this.#last = place;
    const asked = place.kind === 'channel' ? [place.name] : [];
    const wanted = new Set([HARBOUR, ...(this.#entered ? [] : this.#channels), ...asked]);
    this.#entered = true;
    const rooms = this.#rooms.value;
    const missing = [...wanted].filter(name => !rooms.some(room => room.name === name));
    const joined = this.#join(sea, missing);
    if (joined.length > 0) {
      this.#rooms.value = [...rooms, ...joined];
      this.#channels = this.#rooms.peek().flatMap(({ name }) => (name === HARBOUR ? [] : [name]));
      if (this.#channels.length > 0) this.#keep();
    }
    const front = this.#at(place);
    if (front !== undefined) front.unread.value = 0;
  }

  /** What is in the way becomes the complaint. */
  #join(sea: Sea, names: readonly string[]): ChatRoom[] {
    const joined: ChatRoom[] = [];
    this.#complaint.value = undefined;
    try {
      for (const name of names) {
        if (this.#rooms.peek().length + joined.length >= ROOMS_MAX)
          throw new PageError('CHAT_FULL', `This page is in ${ROOMS_MAX} channels already.`);
        const chan = sea.join(`${CHANNEL_PREFIX}${name}`);
        const onHeard: RoomTools['onHeard'] = (room, from, words) =>
          this.#heard({ kind: 'channel', name: room.name }, room, from, words);
        joined.push(new ChatRoom(name, chan, { ...this.#tools(sea), onHeard }));
      }
    } catch (error) {
      this.#complaint.value = complaintOf(error);
    }
    return joined;
  }

  #at(place: ChatPlace): ChatRoom | Talk | undefined {
    return place.kind === 'channel'
      ? this.#rooms.peek().find(({ name }) => name === place.name)
      : this.#talks.peek().find(({ address }) => address === place.address);
  }

  #heard(place: ChatPlace, at: ChatRoom | Talk, from: string, words: string): void {
    const inFront = this.#surroundings.section.current.peek() === 'chat' && isSamePlace(this.#place.peek(), place);
    if (!inFront) at.unread.value += 1;
    if (inFront || place.kind === 'talk')
      this.herald.heard({ who: this.#names.peek().get(from) || shortAddress(from), words, place });
  }

  // --- Talks ---

  /** A con from elsewhere: the page's own says so first. Others are left to whoever else listens on this page. */
  #answer(con: Con): void {
    const stop = con.on(HELLO, (greeting: Argument) => {
      stop();
      const talk = this.#entered ? this.#talk(con.remoteId().toString()) : undefined;
      if (talk === undefined) con.disconnect();
      else talk.adopt(con, greeting);
    });
  }

  /** The talk with a peer, a new one where there is room. */
  #talk(address: string): Talk | undefined {
    const known = this.#talks.peek().find(talk => talk.address === address);
    const sea = this.#sea.peek();
    if (known !== undefined || sea === undefined || this.#talks.peek().length >= TALKS_MAX) return known;
    const talk = new Talk(address, {
      ...this.#tools(sea),
      visit: this.#surroundings.visit,
      now: this.#surroundings.now,
      connect: remote => sea.connect(remote),
      save: this.#surroundings.save,
      onHeard: (at, words) => this.#heard({ kind: 'talk', address }, at, address, words),
    });
    this.#talks.value = [...this.#talks.peek(), talk];
    return talk;
  }

  #tools(sea: Sea): Pick<TalkTools & RoomTools, 'ownAddress' | 'ownName' | 'freshId' | 'wallMs' | 'learnName'> {
    return {
      ownAddress: sea.localId().toString(),
      ownName: () => this.#ownName.peek(),
      freshId: () => `${this.#surroundings.visit}-${++this.#linesSaid}`,
      wallMs: this.#surroundings.wallMs,
      learnName: (address, name) => this.#learnName(address, name),
    };
  }

  #learnName(address: string, name: string): void {
    const names = this.#names.peek();
    if ((names.get(address) ?? '') === name || (names.size >= NAMES_MAX && !names.has(address))) return;
    this.#names.value = new Map([...names, [address, name]]);
  }

  #keep(): void {
    const choices: ChatChoices = { name: this.#ownName.peek(), channels: this.#channels };
    writeChoices(this.#surroundings.storage, choices);
  }
}
