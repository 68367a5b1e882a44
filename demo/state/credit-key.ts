/** The key that this device is paid by: its address, and whether its owner has it elsewhere too. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isSeaError } from '../../src/base/errors.ts';
import type { ConsentStorage } from '../consent.ts';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import type { CreditSource } from './credit.ts';

/** The address whose key was saved last. */
const SAVED_KEY = 'peersea.payKey.saved';
/** Shorter ones are found by trying. */
export const PASSPHRASE_CHARACTERS_MIN = 10;

type KeySource = Pick<CreditSource, 'payAddress' | 'exportPayKey' | 'importPayKey'>;

export class PayKeyDesk {
  readonly #storage: ConsentStorage;
  readonly #address: Signal<string | undefined> = signal<string | undefined>(undefined);
  readonly #savedAddress: Signal<string | null>;
  readonly #isBusy: Signal<boolean> = signal(false);
  readonly #complaint: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  #source: KeySource | undefined;

  constructor(storage: ConsentStorage) {
    this.#storage = storage;
    this.#savedAddress = signal(this.#readSaved());
  }

  get address(): ReadonlySignal<string | undefined> {
    return this.#address;
  }

  /** Whether this browser gave the key out as a file once. */
  get isSaved(): boolean {
    return this.#address.value !== undefined && this.#savedAddress.value === this.#address.value;
  }

  get isBusy(): ReadonlySignal<boolean> {
    return this.#isBusy;
  }

  get complaint(): ReadonlySignal<Complaint | undefined> {
    return this.#complaint;
  }

  async follow(source: KeySource): Promise<void> {
    this.#source = source;
    await this.#do(() => this.#readAddress());
  }

  /** The key as a file that wallets read, sealed by a passphrase; undefined when that failed. */
  async save(passphrase: string): Promise<string | undefined> {
    return this.#do(async () => {
      if (passphrase.length < PASSPHRASE_CHARACTERS_MIN) {
        throw new PageError(
          'BAD_PASSPHRASE',
          `The passphrase is shorter than ${PASSPHRASE_CHARACTERS_MIN} characters.`,
        );
      }
      return this.#source?.exportPayKey(passphrase);
    });
  }

  /** The file has left: its owner has the key. */
  markSaved(): void {
    const address = this.#address.value;
    if (address === undefined) return;
    this.#savedAddress.value = address;
    try {
      this.#storage.setItem(SAVED_KEY, address);
    } catch {
      // where nothing is kept the page asks again at the next visit
    }
  }

  /** Takes the key of such a file in place of this device's. */
  async take(file: string, passphrase: string): Promise<boolean> {
    const taken = await this.#do(async () => {
      try {
        await this.#source?.importPayKey(file, passphrase);
      } catch (error) {
        if (!isSeaError(error, 'BAD_ARGUMENT')) throw error;
        throw new PageError('BAD_KEY_FILE', 'The file holds no key, or the passphrase is another one.');
      }
      await this.#readAddress();
      this.markSaved();
      return true;
    });
    return taken === true;
  }

  /** Forgets what went wrong. */
  clear(): void {
    this.#complaint.value = undefined;
  }

  async #readAddress(): Promise<void> {
    this.#address.value = await this.#source?.payAddress();
  }

  async #do<T>(act: () => Promise<T>): Promise<T | undefined> {
    this.#isBusy.value = true;
    this.#complaint.value = undefined;
    try {
      return await act();
    } catch (error) {
      this.#complaint.value = complaintOf(error);
      return undefined;
    } finally {
      this.#isBusy.value = false;
    }
  }

  #readSaved(): string | null {
    try {
      return this.#storage.getItem(SAVED_KEY);
    } catch {
      return null;
    }
  }
}
