/**
 * The visitor's files, kept on this device only. What is kept are links, and the links are the rights: whoever has them
 * reads or deletes; who loses them has lost the file.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ConsentStorage } from '../consent.ts';

const KEY = 'peersea.files';
const VERSION = 1;
/** Files on the list; the oldest makes room. A line takes about 1.5 kB of the 5 MB that a site may keep so. */
const FILES_MAX = 1_000;

/** A file that this device stored in the sea. */
export interface KeptFile {
  readonly name: string;
  /** MIME type; empty where it is not known. */
  readonly type: string;
  readonly bytes: number;
  readonly k: number;
  readonly n: number;
  /** Unix time, ms. */
  readonly storedAtMs: number;
  readonly endsAtMs: number;
  /** The link that reads; also what the file goes by on this list. */
  readonly read: string;
  readonly delete: string;
}

export class FilesList {
  readonly #storage: ConsentStorage;
  readonly #files: Signal<readonly KeptFile[]>;
  readonly #isKept: Signal<boolean> = signal(true);

  constructor(storage: ConsentStorage) {
    this.#storage = storage;
    this.#files = signal(this.#read() ?? []);
  }

  /** Newest first. */
  get files(): ReadonlySignal<readonly KeptFile[]> {
    return this.#files;
  }

  /** False where this browser does not keep the list: it ends with the page. */
  get isKept(): ReadonlySignal<boolean> {
    return this.#isKept;
  }

  add(file: KeptFile): void {
    this.#change(files => [file, ...files].slice(0, FILES_MAX));
  }

  remove(read: string): void {
    this.#change(files => files.filter(file => file.read !== read));
  }

  /** Another tab may have changed the list. */
  reread(): void {
    if (this.#isKept.value) this.#files.value = this.#read() ?? this.#files.value;
  }

  #change(change: (files: readonly KeptFile[]) => readonly KeptFile[]): void {
    this.reread();
    const files = change(this.#files.value);
    this.#files.value = files;
    try {
      if (files.length === 0) this.#storage.removeItem(KEY);
      else this.#storage.setItem(KEY, JSON.stringify({ version: VERSION, files }));
      this.#isKept.value = true;
    } catch {
      this.#isKept.value = false; // full or refused: the page says so
    }
  }

  /** Undefined where storage is refused. */
  #read(): readonly KeptFile[] | undefined {
    try {
      return parseList(this.#storage.getItem(KEY));
    } catch {
      return undefined;
    }
  }
}

/** A text that is no list is none; a line that is none is left out. */
function parseList(text: string | null): readonly KeptFile[] {
  const value: unknown = text === null ? undefined : parseJson(text);
  if (typeof value !== 'object' || value === null) return [];
  const { version, files } = value as Record<string, unknown>;
  return version === VERSION && Array.isArray(files) ? files.filter(isKeptFile) : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKeptFile(value: unknown): value is KeptFile {
  if (typeof value !== 'object' || value === null) return false;
  const file = value as Record<string, unknown>;
  return (
    ['name', 'type', 'read', 'delete'].every(field => typeof file[field] === 'string') &&
    ['bytes', 'k', 'n', 'storedAtMs', 'endsAtMs'].every(field => Number.isSafeInteger(file[field]))
  );
}
