/** The port of Electron's main process, which speaks Node's way where pages speak theirs. */

import { MessageChannelMain, type MessagePortMain } from 'electron';
import type { Port, PortPair } from '../shared/port.ts';

/** See Port. `handles` are MessagePortMain objects. */
export function electronPort(port: MessagePortMain): Port {
  let closed = false;
  return {
    post(message, handles = []) {
      if (!closed) port.postMessage(message, handles as MessagePortMain[]);
    },
    listen(listener) {
      port.on('message', ({ data, ports }) => {
        if (!closed) listener.onMessage(data, ports.map(electronPort));
      });
      port.on('close', () => {
        if (closed) return;
        closed = true;
        listener.onClose();
      });
      port.start();
    },
    close() {
      if (closed) return;
      closed = true;
      port.close();
    },
  };
}

/** A pair to share with the window. */
export function electronPortPair(): PortPair {
  const { port1, port2 } = new MessageChannelMain();
  return { near: electronPort(port1), far: port2 };
}
