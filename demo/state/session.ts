/**
 * This page in the sea: consent, joining, leaving, contributing. The only file that makes, starts and stops the sea;
 * everything else reads its signals. Nothing is made before consent.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Sea, SeaOptions } from '../../src/index.ts';
import { type Consent, type ConsentStorage, forgetConsent, readConsent, writeConsent } from '../consent.ts';
import { type Complaint, complaintOf } from '../errors.ts';

/** Where the page stands. */
export type SessionPhase =
  | { readonly state: 'asking' }
  | { readonly state: 'joining' }
  | { readonly state: 'online' }
  | { readonly state: 'offline'; readonly why: 'left' | 'lost' | 'failed'; readonly complaint?: Complaint };

/** What the session needs from outside, so that tests can give their own. */
export interface SessionSurroundings {
  /** Loads and makes the sea; called at the first join. */
  readonly makeSea: (options: SeaOptions) => Promise<Sea>;
  /** The ways into the sea; may throw. */
  readonly bootstraps: () => string[];
  readonly storage: ConsentStorage;
  readonly coresMax: number;
  /**
   * Asked once a sea is made: whether this is the tab of the browser that keeps shards. All tabs share one store, and only
   * the first has the address that the sea knows the shards by.
   */
  readonly keepsShards: () => Promise<boolean>;
  /** Called with each sea that is made, before it joins. */
  readonly onSea: (sea: Sea) => void;
}

export class Session {
  readonly coresMax: number;
  readonly #surroundings: SessionSurroundings;
  readonly #phase: Signal<SessionPhase> = signal<SessionPhase>({ state: 'asking' });
  readonly #sea: Signal<Sea | undefined> = signal<Sea | undefined>(undefined);
  readonly #consent: Signal<Consent | undefined>;
  readonly #warning: Signal<Complaint | undefined> = signal<Complaint | undefined>(undefined);
  readonly #keeper: Signal<boolean> = signal(true);
  #joining: AbortController | undefined;
  #making: Promise<Sea> | undefined;

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
    this.coresMax = surroundings.coresMax;
    this.#consent = signal(readConsent(surroundings.storage, surroundings.coresMax));
  }

  get phase(): ReadonlySignal<SessionPhase> {
    return this.#phase;
  }

  /** The sea once it was made; it stays while the page is offline. */
  get sea(): ReadonlySignal<Sea | undefined> {
    return this.#sea;
  }

  get consent(): ReadonlySignal<Consent | undefined> {
    return this.#consent;
  }

  /** False in a tab beside the one that keeps this browser's shards. */
  get isKeeper(): ReadonlySignal<boolean> {
    return this.#keeper;
  }

  /** The newest warning the sea gave, until it is dismissed. */
  get warning(): ReadonlySignal<Complaint | undefined> {
    return this.#warning;
  }

  /** A returning visitor who agreed before goes on as at the end of the last visit. */
  async resume(): Promise<void> {
    if (this.#consent.value?.joined === true) await this.join();
    else if (this.#consent.value !== undefined) this.#phase.value = { state: 'offline', why: 'left' };
  }

  /** The visitor agrees: kept on this device, then joins. */
  async agree(choice: Omit<Consent, 'joined'>): Promise<void> {
    this.#keep({ ...choice, joined: true });
    await this.join();
  }

  /** Joins the sea and contributes as agreed. Does nothing without consent or while joining; failures become the phase. */
  async join(): Promise<void> {
    if (this.#consent.value === undefined || this.#joining !== undefined) return;
    const joining = new AbortController();
    this.#joining = joining;
    this.#phase.value = { state: 'joining' };
    this.#change({ joined: true });
    try {
      const bootstraps = this.#surroundings.bootstraps();
      this.#making ??= this.#make(bootstraps);
      const sea = await this.#making;
      joining.signal.throwIfAborted();
      await sea.goOnline(bootstraps, { signal: joining.signal });
      joining.signal.throwIfAborted();
      this.#phase.value = { state: 'online' };
      this.#lend();
    } catch (error) {
      if (this.#sea.value === undefined) this.#making = undefined;
      if (!joining.signal.aborted) {
        this.#phase.value = { state: 'offline', why: 'failed', complaint: complaintOf(error) };
      }
    } finally {
      if (this.#joining === joining) this.#joining = undefined;
    }
  }

  /** Leaves the sea: contributed work stops at once, then the links close. Joining is broken off. */
  async leave(): Promise<void> {
    this.#joining?.abort();
    this.#joining = undefined;
    this.#phase.value = { state: 'offline', why: 'left' };
    this.#change({ joined: false });
    this.#lendNothing();
    await this.#sea.value?.goOffline();
  }

  /** Leaves, gives up what is kept for others, and forgets the consent: the page asks again. */
  async withdraw(): Promise<void> {
    const hasLent = (this.#consent.value?.storageBytes ?? 0) > 0;
    forgetConsent(this.#surroundings.storage);
    this.#consent.value = undefined;
    const left = this.leave();
    this.#phase.value = { state: 'asking' };
    await left;
    if (hasLent) await this.#clearShards();
  }

  /** Ends all contributed work at once and takes no more; what is kept stays to be read. The page stays in the sea. */
  stopContributing(): void {
    this.#lendNothing();
    this.#change({ contributing: false });
  }

  startContributing(): void {
    this.#change({ contributing: true });
    this.#lend();
  }

  /** The number of cores to lend, from now on. */
  setCores(cores: number): void {
    this.#change({ cores: Math.min(Math.max(1, Math.round(cores)), this.coresMax) });
    this.#lend();
  }

  /** The room to lend for shards, from now on; 0 takes no more and keeps what is leased. */
  setStorage(bytes: number): void {
    this.#change({ storageBytes: bytes });
    if (this.#isLending()) this.#lendStorage(bytes);
  }

  /** Gives up what is kept for others, at once. */
  async giveUpShards(): Promise<void> {
    if (this.#keeper.value) await this.#sea.value?.storage.giveUp().catch(error => this.#warn(error));
  }

  dismissWarning(): void {
    this.#warning.value = undefined;
  }

  /** Closes the sea for good, as the page goes away. */
  async close(): Promise<void> {
    this.#joining?.abort();
    await this.#sea.value?.close();
  }

  async #make(bootstraps: readonly string[]): Promise<Sea> {
    const sea = await this.#surroundings.makeSea({ bootstraps });
    sea.on('online', () => this.#onOnline());
    sea.on('offline', () => this.#onOffline());
    sea.on('warning', error => this.#warn(error));
    this.#keeper.value = await this.#surroundings.keepsShards();
    this.#sea.value = sea;
    this.#surroundings.onSea(sea);
    return sea;
  }

  /** The sea may find its own way back after a loss. */
  #onOnline(): void {
    if (this.#phase.value.state === 'offline' && this.#phase.value.why === 'lost') {
      this.#phase.value = { state: 'online' };
      this.#lend();
    }
  }

  #onOffline(): void {
    if (this.#phase.value.state === 'online') this.#phase.value = { state: 'offline', why: 'lost' };
  }

  /** An earlier visit may have kept them, and this one have made no sea yet. */
  async #clearShards(): Promise<void> {
    try {
      this.#making ??= this.#make(this.#surroundings.bootstraps());
      await this.#making;
    } catch {
      this.#making = undefined; // nothing can be had here, so nothing can be cleared
    }
    await this.giveUpShards();
  }

  #isLending(): boolean {
    return this.#consent.value?.contributing === true && this.#phase.value.state === 'online';
  }

  /** Lends what was agreed, while online. */
  #lend(): void {
    const consent = this.#consent.value;
    if (consent === undefined || !this.#isLending()) return;
    this.#sea.value?.contribute({ slots: consent.cores });
    this.#lendStorage(consent.storageBytes);
  }

  #lendNothing(): void {
    this.#sea.value?.contribute({ slots: 0 });
    this.#lendStorage(0);
  }

  #lendStorage(quotaBytes: number): void {
    if (this.#keeper.value) this.#sea.value?.storage.lend({ quotaBytes }).catch(error => this.#warn(error));
  }

  #warn(error: unknown): void {
    this.#warning.value = complaintOf(error);
  }

  #change(part: Partial<Consent>): void {
    if (this.#consent.value !== undefined) this.#keep({ ...this.#consent.value, ...part });
  }

  #keep(consent: Consent): void {
    this.#consent.value = consent;
    writeConsent(this.#surroundings.storage, consent);
  }
}
