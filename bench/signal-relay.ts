/** Carries signals between the tabs of a bench: whatever one sends to a room, the others in it receive. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SignalRelay {
  /** Websocket URL; a room is a path under it. */
  readonly url: string;
  close(): void;
}

export async function startSignalRelay(): Promise<SignalRelay> {
  const rooms = new Map<string, Set<WebSocket>>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    const name = request.url ?? '/';
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room.add(socket));
    socket.on('message', data => {
      for (const other of room) if (other !== socket) other.send(data, { binary: true });
    });
    socket.on('close', () => room.delete(socket));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/`,
    close() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
