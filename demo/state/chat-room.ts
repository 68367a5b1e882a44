/** One channel: who is there, what was said since this page came, what this page says. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Chan } from '../../src/index.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { ChatLog, cleanText, fieldsOf, readName, readSaid } from './chat-lines.ts';

/** Names are told to newcomers in channels of so many members at most; in larger ones each line brings its own. */
const GREETED_MEMBERS_MAX = 24;

/** So long a line waits in the channel for the first member to come (see `Chan.send`), ms. */
const WAIT_MS = 60_000;

export interface RoomTools {
  readonly ownAddress: string;
  ownName(): string;
  freshId(): string;
  /** Unix time, ms. */
  wallMs(): number;
  /** Somebody says what it is called. */
  learnName(address: string, name: string): void;
  /** Somebody else said something. */
  onHeard(room: ChatRoom, from: string, text: string): void;
}

export class ChatRoom {
  readonly name: string;
  readonly log: ChatLog = new ChatLog();
  /** Lines that nobody has looked at. */
  readonly unread: Signal<number> = signal(0);
  /** What is being written here. */
  readonly draft: Signal<string> = signal('');
  /** What went wrong with the newest line, until the next. */
  readonly complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  readonly #chan: Chan;
  readonly #tools: RoomTools;
  readonly #members: Signal<readonly string[]> = signal<readonly string[]>([]);
  /** Lines that left while nobody was known to be there, and when, Unix ms. */
  readonly #waiting = new Map<string, number>();
  #membersChanged = true;
  #greetingDue = true;
  #toldName = '';

  constructor(name: string, chan: Chan, tools: RoomTools) {
    this.name = name;
    this.#chan = chan;
    this.#tools = tools;
    chan.validate('line', value => readSaid(value) !== undefined);
    chan.validate('name', value => typeof fieldsOf(value).name === 'string');
    chan.on('line', (value, from) => this.#hear(readSaid(value), from.toString()));
    chan.on('name', (value, from) => tools.learnName(from.toString(), readName(fieldsOf(value).name)));
    chan.on('member', (_, present) => {
      this.#membersChanged = true;
      if (present) this.#greetingDue = true;
    });
  }

  /** The others that are there, as far as this page knows them, in order of address. */
  get members(): ReadonlySignal<readonly string[]> {
    return this.#members;
  }

  /** Says a line: shown at once, marked when it has left. What goes wrong becomes `complaint`. */
  async say(text: string): Promise<void> {
    const { ownAddress, ownName, freshId, wallMs } = this.#tools;
    const said = { id: freshId(), name: ownName(), text: cleanText(text) };
    if (said.text === '') return;
    this.complaint.value = undefined;
    this.log.add({ id: said.id, from: ownAddress, text: said.text, atMs: wallMs(), fate: 'leaving' });
    try {
      await this.#chan.send('line', said);
      if (this.#chan.members().length > 0) return this.log.mark(said.id, 'sent');
      this.log.mark(said.id, 'waiting');
      this.#waiting.set(said.id, wallMs());
    } catch (error) {
      this.log.mark(said.id, 'failed');
      this.complaint.value = complaintOf(error);
    }
  }

  /** The name has changed: the members are told. */
  renamed(): void {
    this.#greetingDue = true;
  }

  /** Once a beat. */
  refresh(): void {
    if (this.#membersChanged) {
      this.#membersChanged = false;
      this.#members.value = this.#chan
        .members()
        .map(String)
        .sort((a, b) => (a < b ? -1 : 1));
    }
    this.#lookAtWaiting();
    if (!this.#greetingDue || !this.#chan.connected()) return;
    this.#greetingDue = false;
    const name = this.#tools.ownName();
    if ((name === '' && this.#toldName === '') || this.#members.value.length > GREETED_MEMBERS_MAX) return;
    this.#toldName = name;
    this.#chan.send('name', { name }).catch(() => {}); // the next line brings the name too
  }

  leave(): void {
    this.#chan.disconnect();
  }

  /** Who comes in time hears what waits. */
  #lookAtWaiting(): void {
    const isHeard = this.#members.value.length > 0;
    for (const [id, sinceMs] of this.#waiting) {
      if (!isHeard && this.#tools.wallMs() - sinceMs < WAIT_MS) continue;
      this.#waiting.delete(id);
      this.log.mark(id, isHeard ? 'sent' : 'unheard');
    }
  }

  #hear(said: ReturnType<typeof readSaid>, from: string): void {
    if (said === undefined) return;
    const { learnName, onHeard, wallMs } = this.#tools;
    learnName(from, said.name);
    const line = { id: `${from} ${said.id}`, from, text: said.text, atMs: wallMs(), fate: 'heard' } as const;
    if (this.log.add(line)) onHeard(this, from, said.text);
  }
}
