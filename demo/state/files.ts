/** The visitor's files: what is being stored, what is stored, what a link shows. Joins the parts; each is a file of its own. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sea } from '../../src/index.ts';
import { LEASE_MS_DEFAULT } from '../../src/storage/limits.ts';
import type { ConsentStorage } from '../consent.ts';
import { type Complaint, complaintOf } from '../errors.ts';
import { formatCount, formatPlural } from '../format.ts';
import { Devices } from './files-devices.ts';
import { FilesList, type KeptFile } from './files-list.ts';
import type { SafetyName } from './files-safety.ts';
import { Upload } from './files-upload.ts';
import { FileView } from './files-view.ts';

/** Beats of the page between questions how many devices offer room: when links have changed, and at any rate. */
const ASK_AFTER_BEATS = 8;
const ASK_EVERY_BEATS = 60;

export interface FilesSurroundings {
  readonly storage: ConsentStorage;
  /** Unix time, ms. */
  readonly wallMs: () => number;
  /** The sea while this page is in it. */
  readonly online: () => Sea | undefined;
  /** Whether the files are in front. */
  readonly isInFront: () => boolean;
}

/** A deletion under way, or why it failed. */
export interface Removal {
  readonly read: string;
  readonly complaint: Complaint | undefined;
}

export class Files {
  readonly list: FilesList;
  readonly devices: Devices = new Devices();
  readonly safety: Signal<SafetyName> = signal<SafetyName>('Balanced');
  readonly #surroundings: FilesSurroundings;
  readonly #uploads: Signal<readonly Upload[]> = signal<readonly Upload[]>([]);
  readonly #selected: Signal<FileView | undefined> = signal<FileView | undefined>(undefined);
  readonly #shared: Signal<FileView | undefined> = signal<FileView | undefined>(undefined);
  readonly #removal: Signal<Removal | undefined> = signal<Removal | undefined>(undefined);
  readonly #notice: Signal<string> = signal('');
  #isSending = false;
  #isStale = true;
  #beatsSinceAsked = ASK_EVERY_BEATS;

  constructor(surroundings: FilesSurroundings) {
    this.#surroundings = surroundings;
    this.list = new FilesList(surroundings.storage);
  }

  /** Under way, waiting, failed or cancelled; what is stored is on the list. */
  get uploads(): ReadonlySignal<readonly Upload[]> {
    return this.#uploads;
  }

  /** The file of the list that is looked at. */
  get selected(): ReadonlySignal<FileView | undefined> {
    return this.#selected;
  }

  /** The file of the link in the page's address. */
  get shared(): ReadonlySignal<FileView | undefined> {
    return this.#shared;
  }

  get removal(): ReadonlySignal<Removal | undefined> {
    return this.#removal;
  }

  /** What was done last, in words. */
  get notice(): ReadonlySignal<string> {
    return this.#notice;
  }

  /** Whether closing the page would lose something. */
  get isBusy(): boolean {
    return this.#uploads.value.some(upload => !upload.isOver);
  }

  follow(sea: Sea): void {
    sea.on('links', () => {
      this.#isStale = true;
    });
  }

  /** Called a few times a second by the page's beat. */
  refresh(): void {
    for (const upload of this.#uploads.value) upload.refresh();
    this.#selected.value?.refresh();
    this.#shared.value?.refresh();
    this.#askDevices();
  }

  // --- Storing ---

  /** Stores files, one after the other. */
  add(files: Iterable<File>): void {
    this.#uploads.value = [...this.#uploads.value, ...[...files].map(file => new Upload(file))];
    void this.#sendNext();
  }

  /** Tries an upload anew that has failed or was cancelled. */
  again(upload: Upload): void {
    this.dismiss(upload);
    this.add([upload.file]);
  }

  dismiss(upload: Upload): void {
    upload.cancel();
    this.#uploads.value = this.#uploads.value.filter(each => each !== upload);
  }

  // --- What is stored ---

  /** Looks at a file of the list, or at none. */
  select(read: string | undefined): void {
    if (this.#selected.value?.link === read) return;
    this.#selected.value?.cancel();
    this.#selected.value = read === undefined ? undefined : new FileView(read);
    this.goOn();
  }

  /** Looks at the file of a link from the page's address. Without one what is looked at goes, unless it is being read. */
  share(link: string): void {
    const shared = this.#shared.peek();
    if (shared?.link === link) return;
    if (link !== '') {
      shared?.cancel();
      this.#shared.value = new FileView(link);
      this.goOn();
    } else if (shared?.work.peek().state !== 'reading') this.closeShared();
  }

  closeShared(): void {
    this.#shared.peek()?.cancel();
    this.#shared.value = undefined;
  }

  /** Opens what is looked at and stores what waits, once this page is online. */
  goOn(): void {
    const sea = this.#surroundings.online();
    if (sea === undefined) return;
    void this.#sendNext();
    for (const view of [this.#selected.value, this.#shared.value]) {
      if (view?.phase.value.state === 'closed') void view.open(sea);
    }
  }

  /** Deletes a file at its holders and takes it off the list. */
  async remove(file: KeptFile): Promise<void> {
    const sea = this.#surroundings.online();
    if (sea === undefined) return;
    this.#removal.value = { read: file.read, complaint: undefined };
    try {
      const { deleted, missed } = await sea.storage.delete(file.delete);
      this.forget(file, deletedWords(file, deleted, missed));
    } catch (error) {
      const complaint = complaintOf(error);
      if (complaint.code === 'NOT_FOUND') this.forget(file, `${file.name} was not held by anybody any more.`);
      else this.#removal.value = { read: file.read, complaint };
    }
  }

  /** Takes a file off the list, and the links with it. */
  forget(file: KeptFile, notice = `${file.name} is off the list. It stays in the sea until its lease ends.`): void {
    this.#removal.value = undefined;
    if (this.#selected.value?.link === file.read) this.select(undefined);
    this.list.remove(file.read);
    this.#notice.value = notice;
  }

  async #sendNext(): Promise<void> {
    if (this.#isSending) return;
    const upload = this.#uploads.value.find(({ phase }) => phase.value.state === 'waiting');
    const sea = this.#surroundings.online();
    if (upload === undefined || sea === undefined) return;
    this.#isSending = true;
    const fit = (bytes: number, signal: AbortSignal) => this.devices.fit(sea, this.safety.value, bytes, signal);
    const storedAtMs = this.#surroundings.wallMs();
    const stored = await upload.run({ sea, fit });
    this.#isSending = false;
    this.#isStale = true;
    if (stored !== undefined) {
      const { name, type, size: bytes } = upload.file;
      const endsAtMs = storedAtMs + LEASE_MS_DEFAULT;
      this.list.add({ name, type, bytes, ...stored.links, k: stored.code.k, n: stored.code.n, storedAtMs, endsAtMs });
      this.dismiss(upload);
      this.#notice.value = `${name} is stored.`;
      this.select(stored.links.read);
    }
    void this.#sendNext();
  }

  #askDevices(): void {
    this.#beatsSinceAsked += 1;
    const isDue = this.#beatsSinceAsked >= (this.#isStale ? ASK_AFTER_BEATS : ASK_EVERY_BEATS);
    const sea = isDue && this.#surroundings.isInFront() ? this.#surroundings.online() : undefined;
    if (sea === undefined) return;
    this.#beatsSinceAsked = 0;
    this.#isStale = false;
    void this.devices.ask(sea);
  }
}

/** What lies at devices are the pieces of a file, and copies of the list of them: both are counted by a deletion. */
function deletedWords({ name, n, k }: KeptFile, deleted: number, missed: number): string {
  const lists = formatPlural(n - k + 1, 'copy', 'copies');
  const pieces = formatPlural(deleted + missed - (n - k + 1), 'piece');
  const all = `its ${pieces} and ${lists} of the list of pieces`;
  if (missed === 0) return `${name} is deleted: ${all} are gone.`;
  return `${name} is deleted: of ${all}, ${formatCount(deleted)} are gone. ${formatCount(missed)} could not be reached and go when their lease ends.`;
}
