/** A BroadcastChannel with a reader: the lobby that all tabs of an origin hear, or a room that two of them share. */

import type { Room } from './tab-channel.ts';
import type { RoomMessage, TabRole } from './tab-messages.ts';
import { readRoomMessage } from './tab-messages.ts';

/** Hears everything that others say under `name`; what this object posts it does not hear itself. */
export class Broadcast<Message> {
  readonly #channel: BroadcastChannel;

  /** `read` gives undefined for what is not a message of ours: that is dropped. */
  constructor(name: string, read: (data: unknown) => Message | undefined, onMessage: (message: Message) => void) {
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = ({ data }: { data: unknown }) => {
      const message = read(data);
      if (message !== undefined) onMessage(message);
    };
  }

  post(message: Message): void {
    this.#channel.postMessage(message);
  }

  close(): void {
    this.#channel.onmessage = null;
    this.#channel.close();
  }
}

/** Enters the room `name` in a role and hears the other role. `onLeave` runs once. */
export function enterRoom(
  name: string,
  role: TabRole,
  onMessage: (message: RoomMessage) => void,
  onLeave: () => void,
): Room {
  let inside = true;
  const broadcast = new Broadcast(name, readRoomMessage, message => {
    if (inside && message.from !== role) onMessage(message);
  });
  return {
    post(message) {
      if (inside) broadcast.post(message);
    },
    leave() {
      if (!inside) return;
      inside = false;
      broadcast.close();
      onLeave();
    },
  };
}
