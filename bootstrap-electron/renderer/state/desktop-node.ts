/**
 * The node of this window: there while the server runs, gone when it stops. The server lives in the main process; the
 * identity, the links and everything that is said over them live here.
 */

import { batch, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { asSeaError } from '../../../src/base/errors.ts';
import type { LinkInfo, Sea, SeaOptions } from '../../../src/index.ts';
import { LINKS_MAX } from '../../shared/limits.ts';
import type { Complaint, RunningStatus } from '../../shared/shell-messages.ts';
import type { Shell } from '../shell.ts';

export type NodePhase =
  | { readonly state: 'off' }
  | { readonly state: 'joining' }
  | { readonly state: 'online' }
  | { readonly state: 'failed'; readonly complaint: Complaint };

/** A linked peer as the table shows it. */
export interface Peer {
  /** 64 hex digits. */
  readonly address: string;
  readonly transport: LinkInfo['transport'];
  readonly rttMs: number | undefined;
  readonly linkedMs: number;
}

export interface NodeSurroundings {
  readonly shell: Shell;
  readonly makeSea: (options: SeaOptions) => Promise<Sea>;
  /** The page's monotonic time, ms; the clock that seas of this page count by. */
  readonly now: () => number;
}

export class DesktopNode {
  readonly #surroundings: NodeSurroundings;
  readonly #phase: Signal<NodePhase> = signal<NodePhase>({ state: 'off' });
  readonly #address: Signal<string | undefined> = signal<string | undefined>(undefined);
  readonly #peers: Signal<readonly Peer[]> = signal<readonly Peer[]>([]);
  readonly #startedMs: Signal<number | undefined> = signal<number | undefined>(undefined);
  #sea: Sea | undefined;
  /** One sea at a time: the next is made when the last is closed. */
  #work: Promise<void> = Promise.resolve();
  #runs = 0;
  #isUp = false;

  constructor(surroundings: NodeSurroundings) {
    this.#surroundings = surroundings;
  }

  get phase(): ReadonlySignal<NodePhase> {
    return this.#phase;
  }

  /** This node's own address, 64 hex digits, while it runs. */
  get address(): ReadonlySignal<string | undefined> {
    return this.#address;
  }

  /** In order of address. */
  get peers(): ReadonlySignal<readonly Peer[]> {
    return this.#peers;
  }

  /** When the server started, by `now()`; undefined while it does not run. */
  get startedMs(): ReadonlySignal<number | undefined> {
    return this.#startedMs;
  }

  /** From now on the node comes and goes with the server. Returns a function that ends that. */
  follow(): () => void {
    return effect(() => {
      const view = this.#surroundings.shell.view.value;
      if (view?.status.state === 'running') this.#up(view.status, view.settings.bootstraps);
      else this.#down();
    });
  }

  /** Reads the links anew. */
  refresh(): void {
    const sea = this.#sea;
    if (sea === undefined) return;
    const now = this.#surroundings.now();
    const peers = sea.links().map(({ address, transport, rttMs, sinceMs }) => ({
      address: address.toString(),
      transport,
      rttMs,
      linkedMs: now - sinceMs,
    }));
    this.#peers.value = peers.sort((a, b) => (a.address < b.address ? -1 : 1));
    this.#report(sea);
  }

  /** Tries again what failed: to make the node, or to join the sea of the nodes in the settings. */
  retry(): void {
    const view = this.#surroundings.shell.view.peek();
    if (view?.status.state !== 'running') return;
    const { bootstraps } = view.settings;
    const [sea, run, url] = [this.#sea, this.#runs, view.status.wsUrls[0]];
    if (sea === undefined) this.#inTurn(() => this.#make(url, bootstraps, run), run);
    else void this.#join(sea, bootstraps, run);
  }

  #up(status: RunningStatus, bootstraps: readonly string[]): void {
    if (this.#isUp) return;
    this.#isUp = true;
    const run = ++this.#runs;
    batch(() => {
      this.#startedMs.value = this.#surroundings.now() - status.uptimeMs;
      this.#phase.value = { state: 'joining' };
    });
    this.#inTurn(() => this.#make(status.wsUrls[0], bootstraps, run), run);
  }

  #down(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    const run = ++this.#runs;
    batch(() => {
      this.#phase.value = { state: 'off' };
      this.#startedMs.value = undefined;
      this.#address.value = undefined;
      this.#peers.value = [];
    });
    const sea = this.#sea;
    this.#sea = undefined;
    this.#inTurn(async () => sea?.close(), run);
  }

  #inTurn(work: () => Promise<void>, run: number): void {
    this.#work = this.#work.then(work).catch(error => this.#fail(error, run));
  }

  async #make(url: string | undefined, bootstraps: readonly string[], run: number): Promise<void> {
    if (run !== this.#runs) return;
    const { shell, makeSea } = this.#surroundings;
    const sea = await makeSea({ url, bootstraps, listeners: [shell.listener], linksMax: LINKS_MAX, leaf: false });
    if (run !== this.#runs) return sea.close();
    this.#sea = sea;
    this.#address.value = sea.localId().toString();
    sea.on('links', () => this.refresh());
    sea.on('online', () => this.#entered(sea, { state: 'online' }));
    sea.on('offline', () => this.#entered(sea, { state: 'joining' }));
    void this.#join(sea, bootstraps, run);
  }

  async #join(sea: Sea, bootstraps: readonly string[], run: number): Promise<void> {
    this.#entered(sea, { state: 'joining' });
    try {
      await sea.goOnline(bootstraps);
      this.#entered(sea, { state: 'online' });
    } catch (error) {
      this.#fail(error, run);
    }
  }

  #entered(sea: Sea, phase: NodePhase): void {
    if (this.#sea !== sea) return;
    this.#phase.value = phase;
    this.refresh();
  }

  #fail(error: unknown, run: number): void {
    if (run !== this.#runs || !this.#isUp) return;
    const { code, message } = asSeaError(error, 'HOST_FAILURE');
    this.#phase.value = { state: 'failed', complaint: { code, sentence: message.replace(`${code}: `, '') } };
  }

  #report(sea: Sea): void {
    const { length: links } = this.#peers.value;
    this.#surroundings.shell.report({ address: sea.localId().toString(), links, online: sea.online() });
  }
}
