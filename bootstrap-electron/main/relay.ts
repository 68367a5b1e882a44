/**
 * Joins a newcomer's websocket in the main process to the window's end of a port: frames pass both ways as they are, the
 * end of one is the end of the other. What the window sends counts as taken once the websocket's queue is short, so that a
 * slow newcomer slows the node down instead of filling this process.
 */

import type { Channel } from '../../src/ports/link-factory.ts';
import { LOW_WATER_BYTES } from '../shared/limits.ts';
import type { Port } from '../shared/port.ts';
import { PortChannel } from '../shared/port-channel.ts';

/** Opens both ends. `socket` is closed when the port's other side goes. */
export function relay(socket: Channel, port: Port): void {
  const inner = new PortChannel(port, {
    transport: socket.transport,
    binding: socket.binding,
    acknowledgesLater: true,
  });
  let owedBytes = 0;
  const settle = (): void => {
    inner.acknowledge(owedBytes);
    owedBytes = 0;
  };
  socket.open({
    onFrame: frame => inner.send(frame),
    onWritable: settle,
    onClose: reason => inner.fault(reason),
  });
  inner.open({
    onFrame: frame => {
      socket.send(frame);
      owedBytes += frame.length;
      if (socket.bufferedBytes <= LOW_WATER_BYTES) settle(); // above it the websocket says when it can go on
    },
    onWritable: () => {}, // a websocket cannot be told to wait: UNREAD_BYTES_MAX bounds what piles up
    onClose: () => socket.close(),
  });
}
