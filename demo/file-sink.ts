/** Where a file goes that comes piece by piece: straight to the disk where the browser can and it is large, else to its downloads. */

import { saveFile } from './save-file.ts';

export interface FileSink {
  write(piece: Uint8Array): Promise<void>;
  /** All has come: the file is there, or the browser's download begins. */
  finish(): Promise<void>;
  /** What had come is given up. */
  abandon(): Promise<void>;
}

/** The part of the File System Access API that is used; Chromium has it. */
interface FilePicker {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<{
    createWritable(): Promise<{
      write(bytes: BufferSource): Promise<void>;
      close(): Promise<void>;
      abort(): Promise<void>;
    }>;
  }>;
}

/** From this size on the visitor is asked for a place, so that nothing is gathered in the browser first. */
export const STREAMED_FROM_BYTES = 268_435_456;
/** Pieces are laid down as a Blob when they have grown so large: the browser moves Blobs out of memory. */
const FOLDED_BYTES = 67_108_864;

/** Must be called from a click. Undefined when the visitor closed the dialog that asks for a place. */
export async function openFileSink(name: string, type: string, bytes: number): Promise<FileSink | undefined> {
  const { showSaveFilePicker } = globalThis as FilePicker;
  if (bytes < STREAMED_FROM_BYTES || showSaveFilePicker === undefined) return new BlobSink(name, type);
  try {
    const handle = await showSaveFilePicker.call(globalThis, { suggestedName: name });
    const stream = await handle.createWritable();
    return {
      write: piece => stream.write(piece as Uint8Array<ArrayBuffer>),
      finish: () => stream.close(),
      abandon: () => stream.abort(),
    };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    return new BlobSink(name, type); // the browser has the function but does not let it be used here
  }
}

class BlobSink implements FileSink {
  readonly #name: string;
  readonly #type: string;
  #folded: Blob[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  constructor(name: string, type: string) {
    this.#name = name;
    this.#type = type;
  }

  async write(piece: Uint8Array): Promise<void> {
    this.#pieces.push(piece as Uint8Array<ArrayBuffer>);
    this.#bytes += piece.length;
    if (this.#bytes >= FOLDED_BYTES) this.#fold();
  }

  async finish(): Promise<void> {
    this.#fold();
    saveFile(new Blob(this.#folded, { type: this.#type }), this.#name);
    this.#folded = [];
  }

  async abandon(): Promise<void> {
    this.#folded = [];
    this.#pieces = [];
  }

  #fold(): void {
    this.#folded.push(new Blob(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
  }
}
