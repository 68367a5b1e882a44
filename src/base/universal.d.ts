/**
 * The platform names that a page, a worker and Node all have and that the core may use. Nothing here tells the time,
 * draws chance or touches a document: those come through `Clock`, `Random` and the ports.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare var AbortController: { new (): AbortController };

interface TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare var TextEncoder: { new (): TextEncoder };

interface TextDecoder {
  decode(bytes?: Uint8Array): string;
}

declare var TextDecoder: { new (label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean }): TextDecoder };

declare function btoa(binary: string): string;
declare function atob(base64: string): string;

interface ReadableStreamDefaultController<R> {
  enqueue(chunk: R): void;
  close(): void;
  error(reason?: unknown): void;
}

interface ReadableStreamReadResult<R> {
  readonly done: boolean;
  readonly value?: R;
}

interface ReadableStreamDefaultReader<R> {
  read(): Promise<ReadableStreamReadResult<R>>;
  cancel(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface ReadableStream<R> {
  getReader(): ReadableStreamDefaultReader<R>;
  cancel(reason?: unknown): Promise<void>;
}

declare var ReadableStream: {
  new <R>(
    source: {
      pull?(controller: ReadableStreamDefaultController<R>): void | Promise<void>;
      start?(controller: ReadableStreamDefaultController<R>): void;
      cancel?(reason?: unknown): void | Promise<void>;
    },
    strategy?: { readonly highWaterMark?: number },
  ): ReadableStream<R>;
};

interface WritableStreamDefaultController {
  readonly signal: AbortSignal;
  error(reason?: unknown): void;
}

interface WritableStreamDefaultWriter<W> {
  readonly ready: Promise<void>;
  readonly closed: Promise<void>;
  write(chunk: W): Promise<void>;
  close(): Promise<void>;
  abort(reason?: unknown): Promise<void>;
  releaseLock(): void;
}

interface WritableStream<W> {
  getWriter(): WritableStreamDefaultWriter<W>;
  abort(reason?: unknown): Promise<void>;
}

declare var WritableStream: {
  new <W>(
    sink: {
      start?(controller: WritableStreamDefaultController): void;
      write?(chunk: W, controller: WritableStreamDefaultController): void | Promise<void>;
      close?(): void | Promise<void>;
      abort?(reason?: unknown): void | Promise<void>;
    },
    strategy?: { readonly highWaterMark?: number },
  ): WritableStream<W>;
};
