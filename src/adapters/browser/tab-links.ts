/**
 * First links between tabs of one origin: a tab seeks, any listening tab offers a room, the seeker enters the first one
 * offered, the other offers lapse. With it a second tab joins while every bootstrap is down.
 */

import { abortError, checkAborted, whenAborted } from '../../base/abort.ts';
import { toHex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import type { Random } from '../../base/random.ts';
import { TokenBucket } from '../../base/token-bucket.ts';
import type { Channel, Listener } from '../../ports/link-factory.ts';
import { TAB_ANSWER_RATE, TAB_CHANNELS_MAX, TAB_DIAL_TIMEOUT_MS, TAB_OFFER_TIMEOUT_MS } from './limits.ts';
import { type Room, TabChannel } from './tab-channel.ts';
import { closeCodeOf, type LobbyMessage, type RoomMessage, readLobbyMessage } from './tab-messages.ts';
import { Broadcast, enterRoom } from './tab-room.ts';

/** A page's events, as far as they are used: `globalThis` of a page fits. */
export interface PageEvents {
  addEventListener(type: 'pagehide', listener: () => void): void;
  removeEventListener(type: 'pagehide', listener: () => void): void;
}

export interface TabLinksOptions {
  /** Tabs meet under this name: one per network. */
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Lets the other tabs know at once when this page goes away; without it they notice by silence. */
  readonly page?: PageEvents | undefined;
}

/** Both ends of a tab link. It never answers itself: one instance per tab (or per node in a test). */
export class TabLinks implements Listener {
  readonly #options: TabLinksOptions;
  readonly #answers: TokenBucket;
  readonly #seeking = new Map<string, (room: string) => void>();
  #lobby: Broadcast<LobbyMessage> | undefined;
  #onChannel: ((channel: Channel) => void) | undefined;
  #served = 0;

  constructor(options: TabLinksOptions) {
    this.#options = options;
    this.#answers = new TokenBucket(options.clock, TAB_ANSWER_RATE);
  }

  /** Offers this tab to seeking ones, TAB_CHANNELS_MAX at a time. Channels that stand outlive the stop. */
  async listen(onChannel: (channel: Channel) => void): Promise<() => void> {
    this.#onChannel = onChannel;
    this.#enterLobby();
    return () => {
      this.#onChannel = undefined;
      this.#leaveLobbyIfIdle();
    };
  }

  /** A channel to whichever other tab answers first. Throws DIAL_FAILED when none does, ABORTED. */
  async dial(signal: AbortSignal): Promise<Channel> {
    checkAborted(signal);
    const seek = this.#freshId();
    const found = deferred<Channel>();
    let room: Room | undefined;
    this.#seeking.set(seek, name => {
      room ??= this.#enterAsDialler(name, found);
    });
    const cancelTimer = this.#options.clock.after(TAB_DIAL_TIMEOUT_MS, () =>
      found.reject(new SeaError('DIAL_FAILED', 'no other tab of this page answers')),
    );
    const forgetAbort = whenAborted(signal, () => found.reject(abortError(signal)));
    try {
      this.#enterLobby().post({ kind: 'seek', seek });
      return await found.promise;
    } catch (error) {
      room?.post({ from: 'dialler', kind: 'close', code: closeCodeOf(asSeaError(error)) });
      room?.leave();
      throw error;
    } finally {
      cancelTimer();
      forgetAbort();
      this.#seeking.delete(seek);
      this.#leaveLobbyIfIdle();
    }
  }

  #enterLobby(): Broadcast<LobbyMessage> {
    this.#lobby ??= new Broadcast(this.#options.name, readLobbyMessage, message => this.#hear(message));
    return this.#lobby;
  }

  #leaveLobbyIfIdle(): void {
    if (this.#onChannel !== undefined || this.#seeking.size > 0) return;
    this.#lobby?.close();
    this.#lobby = undefined;
  }

  #hear(message: LobbyMessage): void {
    if (message.kind === 'offer') this.#seeking.get(message.seek)?.(message.room);
    else if (this.#onChannel !== undefined) this.#offerRoom(message.seek);
  }

  #offerRoom(seek: string): void {
    if (this.#served >= TAB_CHANNELS_MAX || !this.#answers.take()) return; // another tab may answer
    this.#served += 1;
    const name = this.#freshId();
    const room = this.#enter(name, 'listener', {
      greeting: 'hello',
      onGreeting: () => {
        cancelTimer();
        room.post({ from: 'listener', kind: 'welcome' });
      },
      onChannel: channel => {
        if (this.#onChannel === undefined) channel.close();
        else this.#onChannel(channel);
      },
      onLeave: () => {
        this.#served -= 1;
      },
    });
    const cancelTimer = this.#options.clock.after(TAB_OFFER_TIMEOUT_MS, () => room.leave());
    this.#lobby?.post({ kind: 'offer', seek, room: name });
  }

  #enterAsDialler(name: string, found: Deferred<Channel>): Room {
    const room = this.#enter(name, 'dialler', {
      greeting: 'welcome',
      onGreeting: () => {},
      onChannel: found.resolve,
      onLeave: () => {},
    });
    room.post({ from: 'dialler', kind: 'hello' });
    return room;
  }

  /** A room that becomes a channel with the other side's greeting. */
  #enter(name: string, role: 'dialler' | 'listener', meeting: Meeting): Room {
    const { clock, page } = this.#options;
    let channel: TabChannel | undefined;
    const receive = (message: RoomMessage): void => {
      channel?.receive(message);
      if (channel !== undefined || message.kind !== meeting.greeting) return;
      meeting.onGreeting();
      channel = new TabChannel(room, role, clock);
      page?.addEventListener('pagehide', onPageHide);
      meeting.onChannel(channel);
    };
    const onPageHide = (): void => channel?.fail(new SeaError('LINK_CLOSED', 'the page went away'));
    const room = enterRoom(`${this.#options.name}/${name}`, role, receive, () => {
      page?.removeEventListener('pagehide', onPageHide);
      meeting.onLeave();
    });
    return room;
  }

  #freshId(): string {
    return toHex(this.#options.random.bytes(16));
  }
}

interface Meeting {
  readonly greeting: 'hello' | 'welcome';
  onGreeting(): void;
  onChannel(channel: Channel): void;
  onLeave(): void;
}
