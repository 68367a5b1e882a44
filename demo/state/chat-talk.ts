/**
 * A private talk with one peer over a con of the page's own: lines that are kept until the other side has them, and
 * files. Both sides may open a con at the same moment, and a peer may come back on a new one: the newest that has said
 * hello is spoken on, all of them are heard.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { SeaError } from '../../src/base/errors.ts';
import type { Argument, Con, ConStream, Transport } from '../../src/index.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import { ChatLog, cleanText, fieldsOf, ID_LENGTH_MAX, readName, readSaid, type Said } from './chat-lines.ts';
import { FILE_BYTES_MAX, FILE_NAME_LENGTH_MAX, type Offer, Transfer } from './chat-transfer.ts';

/** A con's first word: it is the page's own, and who speaks. */
export const HELLO = 'chat:hello';
const STREAM_PREFIX = 'chat:file/';
/** Cons with one peer at a time; a newer one takes the place of the oldest. */
const CONS_MAX = 4;
/** Lines that wait for the other side. */
const WAITING_MAX = 100;
/** Files shown, and offers of the other side that wait for an answer. */
const TRANSFERS_MAX = 50;
const OFFERED_MAX = 16;
/** A con whose other side does not say hello within this time is no talk, ms. */
const HELLO_MS_MAX = 30_000;

/** How the other side is reached. */
export type TalkStanding =
  | { readonly state: 'calling' }
  | { readonly state: 'direct'; readonly transport: Transport }
  /** End-to-end encrypted, by way of this node. */
  | { readonly state: 'relayed'; readonly by: string }
  /** The con stands, the way is sought again. */
  | { readonly state: 'lost' }
  | { readonly state: 'over'; readonly byThem: boolean; readonly complaint?: Complaint };

export interface TalkTools {
  readonly ownAddress: string;
  /** Random; the same as long as this page is open. A peer whose visit is another one has come back. */
  readonly visit: string;
  ownName(): string;
  freshId(): string;
  connect(address: string): Con;
  /** A steady clock, and Unix time, ms. */
  now(): number;
  wallMs(): number;
  learnName(address: string, name: string): void;
  save(content: Blob, name: string): void;
  /** The other side said something, or offers a file. */
  onHeard(talk: Talk, words: string): void;
}

interface TalkCon {
  readonly con: Con;
  readonly sinceMs: number;
  /** Of the peer; undefined until it has said hello. */
  visit: string | undefined;
}

export class Talk {
  readonly address: string;
  readonly log: ChatLog = new ChatLog();
  readonly unread: Signal<number> = signal(0);
  /** What is being written here. */
  readonly draft: Signal<string> = signal('');
  /** What went wrong with the newest line or file, until the next. */
  readonly complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  readonly #tools: TalkTools;
  readonly #standing: Signal<TalkStanding> = signal<TalkStanding>({ state: 'over', byThem: false });
  readonly #transfers: Signal<readonly Transfer[]> = signal<readonly Transfer[]>([]);
  /** The con that each file belongs to. */
  readonly #carriers = new Map<Transfer, Con>();
  readonly #waiting = new Map<string, Said>();
  #cons: readonly TalkCon[] = [];

  constructor(address: string, tools: TalkTools) {
    this.address = address;
    this.#tools = tools;
  }

  get standing(): ReadonlySignal<TalkStanding> {
    return this.#standing;
  }

  /** Files on their way or gone, oldest first. */
  get transfers(): ReadonlySignal<readonly Transfer[]> {
    return this.#transfers;
  }

  /** Opens a con, unless there is one. */
  open(): void {
    if (this.#cons.length > 0) return;
    try {
      this.adopt(this.#tools.connect(this.address));
    } catch (error) {
      this.#standing.value = { state: 'over', byThem: false, complaint: complaintOf(error) };
    }
  }

  /** Speaks on this con too. `greeting`: what the other side has said as its hello, if it has. */
  adopt(con: Con, greeting?: Argument): void {
    const own: TalkCon = { con, sinceMs: this.#tools.now(), visit: undefined };
    this.#cons = [...this.#cons, own];
    for (const { con: old } of this.#cons.slice(0, -CONS_MAX)) old.disconnect();
    con.on('disconnect', reason => this.#dropped(own, reason));
    con.on('connect', () => this.#look());
    con.on('route', () => this.#look());
    this.#greet(con);
    if (greeting !== undefined) this.#greeted(own, greeting);
    con.on(HELLO, value => this.#greeted(own, value));
    con.on('chat:line', value => this.#hear(con, readSaid(value)));
    con.on('chat:got', value => this.#arrived(fieldsOf(value).id));
    con.on('chat:offer', value => this.#offered(con, value));
    con.on('chat:answer', value => this.#transfer(value, true)?.answered(fieldsOf(value).accepted === true));
    con.on('chat:cancel', value => this.#transfer(value)?.cancelled());
    con.on('stream', (stream, name) => this.#takeStream(stream, name));
    for (const said of this.#waiting.values()) void con.send('chat:line', { ...said });
    this.#look();
  }

  /** Says a line: shown at once, marked when the other side has it. While the way is lost it waits. */
  say(text: string): void {
    const said = { id: this.#tools.freshId(), name: this.#tools.ownName(), text: cleanText(text) };
    if (said.text === '') return;
    this.complaint.value = undefined;
    const { ownAddress, wallMs } = this.#tools;
    this.log.add({ id: said.id, from: ownAddress, text: said.text, atMs: wallMs(), fate: 'leaving' });
    if (this.#waiting.size >= WAITING_MAX) return this.log.mark(said.id, 'failed');
    this.#waiting.set(said.id, said);
    void this.#best()?.con.send('chat:line', { ...said });
  }

  /** Offers a file; its bytes go when the other side has accepted. */
  offer(file: Blob & { readonly name: string }): void {
    const con = this.#best()?.con;
    if (con === undefined) return;
    this.complaint.value = undefined;
    if (file.size > FILE_BYTES_MAX) {
      this.complaint.value = complaintOf(new PageError('FILE_TOO_LARGE', `${file.name} is larger than 1 GB.`));
      return;
    }
    const { freshId, wallMs } = this.#tools;
    const offer = { id: freshId(), name: file.name, bytes: file.size, atMs: wallMs() };
    const transfer = this.#add(con, offer, file);
    void con.send('chat:offer', { id: offer.id, name: transfer.name, bytes: offer.bytes });
  }

  /** The name has changed: the other side is told. */
  renamed(): void {
    for (const { con } of this.#cons) this.#greet(con);
  }

  /** Once a beat. */
  refresh(): void {
    for (const transfer of this.#transfers.value) transfer.refresh();
    const nowMs = this.#tools.now();
    for (const mute of this.#cons) {
      if (mute.visit !== undefined || nowMs - mute.sinceMs < HELLO_MS_MAX) continue;
      this.#dropped(mute, new SeaError('NO_HANDLER', 'the other side does not say hello'));
      mute.con.disconnect();
    }
  }

  /** Ends it on this side; the other side hears of it. */
  end(): void {
    for (const transfer of this.#transfers.value) transfer.cancel();
    const cons = this.#cons;
    this.#cons = [];
    for (const { con } of cons) con.disconnect();
    this.#standing.value = { state: 'over', byThem: false };
  }

  // --- The cons ---

  /** The one to speak on. */
  #best(): TalkCon | undefined {
    return this.#cons.findLast(({ con, visit }) => visit !== undefined && con.connected()) ?? this.#cons.at(-1);
  }

  #look(): void {
    const best = this.#best();
    if (best === undefined) return;
    const route = best.con.route();
    if (best.visit === undefined || !best.con.connected()) this.#standing.value = { state: 'calling' };
    else if (route.kind === 'direct') this.#standing.value = { state: 'direct', transport: route.transport };
    else if (route.kind === 'relayed') this.#standing.value = { state: 'relayed', by: route.by.toString() };
    else this.#standing.value = { state: 'lost' };
  }

  #greet(con: Con): void {
    void con.send(HELLO, { name: this.#tools.ownName(), visit: this.#tools.visit });
  }

  /** Who says hello from another visit has come back: what stood before is no more. */
  #greeted(from: TalkCon, greeting: Argument): void {
    const { name, visit } = fieldsOf(greeting);
    from.visit = typeof visit === 'string' ? visit.slice(0, ID_LENGTH_MAX) : '';
    this.#tools.learnName(this.address, readName(name));
    for (const other of this.#cons) {
      if (other.visit !== undefined && other.visit !== from.visit) other.con.disconnect();
    }
    this.#look();
  }

  #dropped(gone: TalkCon, reason: SeaError | undefined): void {
    if (!this.#cons.includes(gone)) return;
    this.#cons = this.#cons.filter(each => each !== gone);
    const why = reason ?? new SeaError('PEER_GONE', 'the other side has ended the talk');
    for (const [transfer, con] of this.#carriers) if (con === gone.con) transfer.lost(why);
    const rest = this.#best();
    if (rest !== undefined) {
      for (const said of this.#waiting.values()) void rest.con.send('chat:line', { ...said });
      return this.#look();
    }
    const byThem = reason === undefined || reason.code === 'CLOSED'; // they have closed the page
    this.#standing.value = { state: 'over', byThem, ...(byThem ? {} : { complaint: complaintOf(reason) }) };
  }

  // --- Lines ---

  #hear(con: Con, said: Said | undefined): void {
    if (said === undefined) return;
    void con.send('chat:got', { id: said.id });
    const { learnName, onHeard, wallMs } = this.#tools;
    learnName(this.address, said.name);
    const line = {
      id: `their ${said.id}`,
      from: this.address,
      text: said.text,
      atMs: wallMs(),
      fate: 'heard',
    } as const;
    if (this.log.add(line)) onHeard(this, said.text);
  }

  #arrived(id: unknown): void {
    if (typeof id === 'string' && this.#waiting.delete(id)) this.log.mark(id, 'arrived');
  }

  // --- Files ---

  #offered(con: Con, value: Argument): void {
    const { id, name, bytes } = fieldsOf(value);
    if (typeof id !== 'string' || id.length > ID_LENGTH_MAX || typeof name !== 'string') return;
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return;
    const theirs = this.#transfers.value.filter(each => !each.isOwn && each.phase.value.state === 'offered').length;
    const fits = bytes <= FILE_BYTES_MAX && theirs < OFFERED_MAX && this.#transfer(value) === undefined;
    if (!fits) return void con.send('chat:answer', { id, accepted: false });
    const offer = { id, name: name.slice(0, 4 * FILE_NAME_LENGTH_MAX), bytes, atMs: this.#tools.wallMs() };
    const transfer = this.#add(con, offer, undefined);
    this.#tools.onHeard(this, `offers the file ${transfer.name}`);
  }

  /** The bytes of a file that was accepted here; others are not wanted. */
  #takeStream(stream: ConStream, name: string): void {
    const id = name.startsWith(STREAM_PREFIX) ? name.slice(STREAM_PREFIX.length) : undefined;
    const transfer = this.#transfers.value.find(each => each.id === id && !each.isOwn);
    if (transfer?.take(stream)) return;
    stream.readable.cancel().catch(() => {}); // it may be over already
    stream.writable.abort().catch(() => {});
  }

  #transfer(value: Argument, own?: boolean): Transfer | undefined {
    const { id } = fieldsOf(value);
    return this.#transfers.value.find(each => each.id === id && (own === undefined || each.isOwn === own));
  }

  /** Keeps the newest; those that are under way stay. */
  #add(con: Con, offer: Offer, file: Blob | undefined): Transfer {
    const transfer = new Transfer(offer, file, {
      answer: (id, accepted) => void con.send('chat:answer', { id, accepted }),
      cancel: id => void con.send('chat:cancel', { id }),
      stream: id => con.stream(`${STREAM_PREFIX}${id}`),
      save: (content, name) => this.#tools.save(content, name),
    });
    const before = this.#transfers.value;
    const spare = before.filter(({ over }) => over).slice(0, Math.max(0, before.length + 1 - TRANSFERS_MAX));
    for (const each of spare) this.#carriers.delete(each);
    this.#carriers.set(transfer, con);
    this.#transfers.value = [...before.filter(each => !spare.includes(each)), transfer];
    return transfer;
  }
}
