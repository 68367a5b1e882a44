/** A page's end of the relay: numbered lines of byte messages to the other page in the room. */

const LINE_BYTES = 4;

export class SignalBus {
  readonly #socket: WebSocket;
  readonly #listeners = new Map<number, (body: Uint8Array) => void>();
  #lastLine = 0;
  /** Hears the first message of a line that nobody here listens to. */
  onLine: (line: number, body: Uint8Array) => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      const line = new DataView(data as ArrayBuffer).getUint32(0);
      const body = new Uint8Array(data as ArrayBuffer, LINE_BYTES);
      const listener = this.#listeners.get(line);
      if (listener === undefined) this.onLine(line, body);
      else listener(body);
    };
  }

  static connect(url: string): Promise<SignalBus> {
    const socket = new WebSocket(url);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(new SignalBus(socket));
      socket.onerror = () => reject(new Error('the signal relay cannot be reached'));
    });
  }

  /** A number that is free. Only one end of a room opens lines. */
  freshLine(): number {
    return ++this.#lastLine;
  }

  /** Hears a line until the returned function is called. */
  listen(line: number, listener: (body: Uint8Array) => void): () => void {
    this.#listeners.set(line, listener);
    return () => this.#listeners.delete(line);
  }

  /** Hands a first message on to whoever listens to its line by now. */
  replay(line: number, body: Uint8Array): void {
    this.#listeners.get(line)?.(body);
  }

  send(line: number, body: Uint8Array): void {
    const message = new Uint8Array(LINE_BYTES + body.length);
    new DataView(message.buffer).setUint32(0, line);
    message.set(body, LINE_BYTES);
    this.#socket.send(message);
  }
}
