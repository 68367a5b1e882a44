/** All channels of a node: one room for each that the application is in, and the calls of other members to their rooms. */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted } from '../base/abort.ts';
import { toHex } from '../base/bytes.ts';
import { SeaError } from '../base/errors.ts';
import type { Scope } from '../base/scope.ts';
import { LinkScores } from '../link/link-score.ts';
import { Chan } from './chan.ts';
import { CHANNELS_MAX } from './limits.ts';
import { decodeAnycast, decodeOpening, scopes } from './messages.ts';
import { channelKey, type Publication, unpackBody } from './publication.ts';
import { Room, type RoomHandler, type RoomTools } from './room.ts';

export interface ChannelsOptions extends Omit<RoomTools, 'scores'> {
  readonly scope: Scope;
}

/** A room and the application's handles in it: it ends with the last. */
interface Entry {
  readonly room: Room;
  readonly scope: Scope;
  readonly chans: Set<Chan>;
}

export class Channels {
  readonly #options: ChannelsOptions;
  readonly #tools: RoomTools;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ChannelsOptions) {
    const { clock, caller } = options;
    this.#options = options;
    this.#tools = { ...options, scores: { direct: new LinkScores(clock), routed: new LinkScores(clock) } };
    caller.handle(scopes.link, async incoming => {
      const opening = decodeOpening(incoming.body.value);
      return this.#room(opening.channel).partners.accept(incoming, opening);
    });
    caller.handle(scopes.any, async ({ body }) => {
      const call = decodeAnycast(body.value);
      return this.#room(call.channel).anycast.answer(call, body.payload);
    });
  }

  /** A handle of the channel; the node joins it with the first. BAD_ARGUMENT, OVERLOADED, CLOSED. */
  join(channelId: string): Chan {
    const { scope, log, online } = this.#options;
    checkAborted(scope.signal);
    const channel = channelKey(channelId);
    const key = toHex(channel);
    const entry = this.#entries.get(key) ?? this.#open(key, channel);
    const chan = new Chan(channelId, entry.room, {
      checkOnline() {
        checkAborted(scope.signal);
        if (!online()) throw new SeaError('NOT_ONLINE', 'call goOnline() first');
      },
      onError: error => log.write('error', 'a listener threw', { channel: channelId, error }),
      onLeave: left => this.#leave(key, left),
    });
    entry.chans.add(chan);
    if (entry.room.connected) entry.scope.after(0, () => chan.connected() && chan.heard('connect'));
    return chan;
  }

  /** This node has a place in the sea. */
  online(): void {
    for (const { room } of this.#entries.values()) room.online();
  }

  /** It has lost it. */
  offline(): void {
    for (const { room } of this.#entries.values()) room.offline();
  }

  #open(key: string, channel: Uint8Array): Entry {
    if (this.#entries.size >= CHANNELS_MAX)
      throw new SeaError('OVERLOADED', `at most ${CHANNELS_MAX} channels at once`);
    const chans = new Set<Chan>();
    const scope = this.#options.scope.fork();
    const entry = { room: new Room(this.#tools, scope, channel, new Handles(chans)), scope, chans };
    this.#entries.set(key, entry);
    return entry;
  }

  #leave(key: string, chan: Chan): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || !entry.chans.delete(chan) || entry.chans.size > 0) return;
    this.#entries.delete(key);
    entry.scope.close();
  }

  /** Throws NO_HANDLER: this node is not in that channel. */
  #room(channel: Uint8Array): Room {
    const entry = this.#entries.get(toHex(channel));
    if (entry === undefined) throw new SeaError('NO_HANDLER', 'not a member of this channel');
    return entry.room;
  }
}

/** Tells every handle what happens in the room; each gets values of its own, which it may change. */
class Handles implements RoomHandler {
  readonly #chans: ReadonlySet<Chan>;

  constructor(chans: ReadonlySet<Chan>) {
    this.#chans = chans;
  }

  onConnected(connected: boolean): void {
    for (const chan of [...this.#chans]) chan.heard(connected ? 'connect' : 'disconnect');
  }

  onMember(address: HashAddress, present: boolean): void {
    for (const chan of [...this.#chans]) chan.member(address, present);
  }

  /** BAD_MESSAGE for a body that is none. */
  async validate({ scope, body }: Publication, publisher: HashAddress): Promise<boolean> {
    unpackBody(body);
    for (const chan of [...this.#chans]) {
      if (!(await chan.approves(scope, () => unpackBody(body.slice()), publisher))) return false;
    }
    return true;
  }

  onPublication({ scope, body }: Publication, publisher: HashAddress): void {
    for (const chan of [...this.#chans])
      if (chan.listens(scope)) chan.message(scope, unpackBody(body.slice()), publisher);
  }
}
