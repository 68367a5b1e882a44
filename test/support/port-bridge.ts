/**
 * Message ports across a websocket: what Electron does between its processes, for a page that has only a socket. Both ends
 * run this; each message names its port, and ports handed over with it get names of their own.
 */

import { decodeValue, encodeValue, type Value } from '../../src/base/cbor.ts';

/** The port whose other end the bridge starts with. */
const FIRST = 0;

export class PortBridge {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #ports = new Map<number, MessagePort>();
  /** Odd on one side, even on the other: names never meet. */
  #nextName: number;

  constructor(side: 'page' | 'process', send: (bytes: Uint8Array) => void) {
    this.#send = send;
    this.#nextName = side === 'page' ? 1 : 2;
  }

  /** Carries the first port, whose counterpart the other side adds likewise. */
  add(port: MessagePort): void {
    this.#carry(FIRST, port);
  }

  /** Takes what the other side has sent. */
  receive(bytes: Uint8Array): void {
    const [name, message, handed] = decodeValue(bytes) as readonly [number, Value, readonly number[]];
    if (message === null) this.#drop(name);
    else
      this.#ports.get(name)?.postMessage(
        message,
        handed.map(other => this.#counterpart(other)),
      );
  }

  /** The other side is gone: every port closes. */
  close(): void {
    for (const name of [...this.#ports.keys()]) this.#drop(name);
  }

  #counterpart(name: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#carry(name, port1);
    return port2;
  }

  #carry(name: number, port: MessagePort): void {
    this.#ports.set(name, port);
    port.addEventListener('message', event => {
      const handed = (event.ports ?? []).map(other => {
        const fresh = this.#nextName;
        this.#nextName += 2;
        this.#carry(fresh, other);
        return fresh;
      });
      this.#send(encodeValue([name, event.data as Value, handed]));
    });
    port.addEventListener('close', () => {
      if (this.#ports.delete(name)) this.#send(encodeValue([name, null, []]));
    });
    port.start();
  }

  #drop(name: number): void {
    const port = this.#ports.get(name);
    this.#ports.delete(name);
    port?.close();
  }
}
