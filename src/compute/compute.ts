/**
 * The compute service as the node sees it. It is a door: it hears of links, tells and takes slots, and has the rest
 * (`computing.ts`) fetched after the first load, when it is first needed.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { abortable } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import { late } from '../base/late.ts';
import type { Incoming } from '../rpc/exchange.ts';
import { handleLate } from '../rpc/late-handlers.ts';
import type { Bundle } from './bundle.ts';
import { AnnouncedSlots } from './candidates.ts';
import type { ComputeOptions } from './compute-options.ts';
import type { Computing } from './computing.ts';
import type { Inputs } from './input-source.ts';
import { SLOTS_MAX } from './limits.ts';
import type { MapOptions } from './map-options.ts';
import { done, readSlots, scopes } from './messages.ts';
import type { ContributionStatus } from './provider.ts';
import { PROVIDERS_KEY, writeProviderRecord } from './provider-record.ts';
import type { MapResult } from './result-buffer.ts';
import { SlotAnnouncer } from './slot-announcer.ts';

export type { ComputeOptions } from './compute-options.ts';
export type { MapOptions, MapProgress } from './map-options.ts';
export type { MapResult } from './result-buffer.ts';

export class Compute {
  readonly #options: ComputeOptions;
  readonly #candidates = new AnnouncedSlots();
  readonly #announcer: SlotAnnouncer;
  readonly #load: () => Promise<Computing>;
  #computing: Computing | undefined;
  #slots = 0;
  /** Takes down what says in the sea that this device contributes. */
  #unpost: (() => void) | undefined;

  constructor(options: ComputeOptions) {
    const { scope, caller, runner, log } = options;
    this.#options = options;
    scope.defer(() => runner.close());
    this.#announcer = new SlotAnnouncer(scope, caller, log);
    this.#load = late(async () => {
      const { Computing } = await import('./computing.ts');
      this.#computing = new Computing(options, this.#candidates);
      if (this.#slots > 0) this.#computing.contribute(this.#slots);
      return this.#computing;
    });
    scope.defer(
      caller.handle(scopes.slots, async incoming => {
        this.#takeSlots(incoming);
        return done;
      }),
    );
    handleLate(options, [scopes.prepare, scopes.run], this.#load);
    scope.defer(() => this.contribute({ slots: 0 }));
    for (const address of options.neighbours()) this.linkOpened(address);
  }

  /** Offers slots to neighbours and to this node's own maps; 0 stops at once. Throws BAD_ARGUMENT. */
  contribute({ slots }: { readonly slots: number }): void {
    if (!Number.isInteger(slots) || slots < 0 || slots > SLOTS_MAX)
      throw new SeaError('BAD_ARGUMENT', `slots is a whole number from 0 to ${SLOTS_MAX}, not ${slots}`);
    this.#slots = slots;
    if (this.#computing !== undefined) this.#computing.contribute(slots);
    else this.#options.onStatus(this.status());
    if (slots > 0) this.#load().catch(() => {}); // the first who wants a part computed asks again, and is told
    this.#candidates.set(this.#options.self, slots);
    this.#announcer.announce(slots);
    this.#post(slots > 0);
  }

  status(): ContributionStatus {
    const idle = { slots: this.#slots, running: [], completed: 0, failed: 0, computeMs: 0 };
    return this.#computing?.status() ?? idle;
  }

  /**
   * Runs a task over inputs, lazily: nothing is pulled or sent before the first result is asked for, and leaving the
   * loop takes all work back. Inputs must stay unchanged until their results are there. One iteration per call.
   *
   * The iteration throws: NOT_WASM, NO_ABI … for a bare module that is no task; BAD_ARGUMENT; NOT_ONLINE, unless this
   * device's own slots are enough; INPUT_TOO_LARGE; TASK_TRAPPED,
   * TASK_TIMEOUT, OUTPUT_TOO_LARGE naming the part; NOT_WASM, UNSUPPORTED, MEMORY_LIMIT … when providers refuse the
   * bundle; DISAGREEMENT; NO_PROVIDER; HOST_FAILURE; the signal's reason; what the source of inputs throws.
   */
  async *map(
    task: Uint8Array | Bundle,
    inputs: Inputs,
    options: MapOptions = {},
  ): AsyncGenerator<MapResult, void, undefined> {
    yield* (await abortable(this.#load(), options.signal)).map(task, inputs, options);
  }

  /** A link to this node stands: it hears of our slots. */
  linkOpened(address: HashAddress): void {
    this.#announcer.linkOpened(address);
  }

  /** The link is gone: its node is no candidate, what it had in hand goes to others at once, what it wanted is ended. */
  linkClosed(address: HashAddress): void {
    this.#announcer.linkClosed(address);
    this.#candidates.remove(address);
    this.#computing?.requesterGone(address);
  }

  #takeSlots({ body, caller, direct }: Incoming): void {
    const slots = readSlots(body);
    if (!direct || !this.#options.neighbours().some(neighbour => neighbour.equals(caller))) {
      throw new SeaError('DECLINED', 'slots are taken from linked nodes only');
    }
    this.#candidates.set(caller, slots);
  }

  /** Lets others find this node, or no longer. */
  #post(yes: boolean): void {
    if (yes) this.#unpost ??= this.#options.board.post(PROVIDERS_KEY, () => this.#record());
    else {
      this.#unpost?.();
      this.#unpost = undefined;
    }
  }

  /** This version's bundles ask for no features. */
  async #record(): Promise<Uint8Array> {
    return writeProviderRecord({ slots: this.#slots, features: [], price: await this.#options.price() });
  }
}
