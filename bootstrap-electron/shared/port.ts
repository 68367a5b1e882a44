/**
 * A message port as this app uses it: one of the page, of Node, or of Electron's main process. What is posted is copied,
 * never transferred: an ArrayBuffer in the transfer list of Electron's ports is lost on the way to the main process
 * (electron issue 34905) and ends the main process on the way from it (issue 37565). Only ports are handed over.
 */

export interface PortListener {
  /** `ports` are those that were handed over with the message. */
  onMessage(data: unknown, ports: readonly Port[]): void;
  /** The other side closed the port, or its process is gone. At most once; not after close(). */
  onClose(): void;
}

export interface Port {
  /** Copies the message to the other side; with it go `handles`, the platform's own ports. */
  post(message: unknown, handles?: readonly unknown[]): void;
  /** Begins delivery; what came earlier is kept until then. Called once. */
  listen(listener: PortListener): void;
  /** Idempotent. What was posted before still arrives. */
  close(): void;
}

/** Two ends of one channel: this side's, and the handle to hand over. */
export interface PortPair {
  readonly near: Port;
  readonly far: unknown;
}

/** The port of a page, or of Node, which follows the same standard. */
export function domPort(port: MessagePort): Port {
  let closed = false;
  return {
    post(message, handles = []) {
      if (!closed) port.postMessage(message, handles as Transferable[]);
    },
    listen(listener) {
      port.addEventListener('message', event => {
        if (!closed) listener.onMessage(event.data, (event.ports ?? []).map(domPort));
      });
      port.addEventListener('close', () => {
        if (closed) return;
        closed = true;
        listener.onClose();
      });
      port.start();
    },
    close() {
      closed = true;
      port.close();
    },
  };
}

/** A pair of standard ports. */
export function domPortPair(): PortPair {
  const { port1, port2 } = new MessageChannel();
  return { near: domPort(port1), far: port2 };
}
