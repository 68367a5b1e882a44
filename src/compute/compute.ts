/**
 * The compute service: joins providing, requesting and what both share. Answers its three scopes, hears of links, gives
 * `map` and `contribute`.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { whenAborted } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import type { TaskRunner } from '../ports/task-runner.ts';
import type { Caller, Incoming } from '../rpc/exchange.ts';
import { type Bundle, makeBundle } from './bundle.ts';
import { type BundleBlocks, fetchBundle, offerBundle } from './bundle-transfer.ts';
import { AnnouncedSlots } from './candidates.ts';
import { localExecutor, remoteExecutor } from './executor.ts';
import type { Inputs } from './input-source.ts';
import { type MapHost, MapRun } from './map.ts';
import type { MapOptions } from './map-options.ts';
import { done, readPrepare, readRun, readSlots, scopes, writePayload } from './messages.ts';
import type { Hire, Till } from './payment.ts';
import { type ContributionStatus, Provider } from './provider.ts';
import { type AskedPrice, writeProviderRecord } from './provider-record.ts';
import { ReadyBundles } from './ready-bundles.ts';
import type { MapResult } from './result-buffer.ts';
import { type Board, Scout } from './scout.ts';
import { SlotAnnouncer } from './slot-announcer.ts';

export type { MapOptions, MapProgress } from './map-options.ts';
export type { MapResult } from './result-buffer.ts';

export interface ComputeOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The service ends with it; so does the runner. */
  readonly scope: Scope;
  readonly caller: Caller;
  readonly runner: TaskRunner;
  readonly blocks: BundleBlocks;
  readonly self: HashAddress;
  /** Nodes with an open link now. */
  readonly neighbours: () => readonly HashAddress[];
  /** Keeps a link while it is in use; returns the undo. */
  readonly pin: (address: HashAddress, reason: string) => () => void;
  readonly log: Log;
  /** Who takes money for what is computed here, and who pays for what is computed elsewhere. */
  readonly till: Till;
  readonly hire: Hire;
  /** Where contributors say that they are there. */
  readonly board: Board;
  /** What is asked for a part here, as far as it is known now, and whether a map with these options would pay as much. */
  readonly price: () => Promise<AskedPrice | undefined>;
  readonly affords: (price: AskedPrice, options: Pick<MapOptions, 'priceMax' | 'budget'>) => Promise<boolean>;
  /** Asks for a link to a node. */
  readonly reach: (address: HashAddress) => Promise<void>;
  /** Hears every change of what this device gives. */
  readonly onStatus: (status: ContributionStatus) => void;
}

export class Compute {
  readonly #options: ComputeOptions;
  readonly #candidates = new AnnouncedSlots();
  readonly #bundles: ReadyBundles;
  readonly #provider: Provider;
  readonly #announcer: SlotAnnouncer;
  readonly #scout: Scout;
  readonly #mapHost: MapHost;

  constructor(options: ComputeOptions) {
    const { clock, scope, caller, runner, blocks, log } = options;
    this.#options = options;
    scope.defer(() => runner.close());
    this.#bundles = new ReadyBundles(clock, scope, (source, id, signal) =>
      fetchBundle(blocks, clock, source, id, signal),
    );
    this.#provider = new Provider({
      ...options,
      bundles: this.#bundles,
      pin: (address, reason) => this.#pin(address, reason),
    });
    this.#announcer = new SlotAnnouncer(scope, caller, log);
    this.#scout = new Scout({ ...options, known: () => this.#candidates.list(), record: () => this.#record() });
    this.#mapHost = {
      ...options,
      candidates: this.#candidates,
      serve: (bundle, onSent) => offerBundle(blocks, bundle, onSent),
      remote: (bundle, purser) => remoteExecutor(caller, bundle, purser),
      local: bundle => localExecutor(this.#provider, this.#bundles, bundle),
    };
    this.#answer();
    scope.defer(() => this.contribute({ slots: 0 }));
    for (const address of options.neighbours()) this.linkOpened(address);
  }

  /** Offers slots to neighbours and to this node's own maps; 0 stops at once. Throws BAD_ARGUMENT. */
  contribute({ slots }: { readonly slots: number }): void {
    this.#provider.contribute(slots);
    this.#candidates.set(this.#options.self, slots);
    this.#announcer.announce(slots);
    this.#scout.contributes(slots > 0);
  }

  status(): ContributionStatus {
    return this.#provider.status();
  }

  /**
   * Runs a task over inputs, lazily: nothing is pulled or sent before the first result is asked for, and leaving the
   * loop takes all work back. Inputs must stay unchanged until their results are there. One iteration per call.
   *
   * The iteration throws: what makeBundle throws for a bare module; BAD_ARGUMENT; INPUT_TOO_LARGE; TASK_TRAPPED,
   * TASK_TIMEOUT, OUTPUT_TOO_LARGE naming the part; NOT_WASM, UNSUPPORTED, MEMORY_LIMIT … when providers refuse the
   * bundle; DISAGREEMENT; NO_PROVIDER; the signal's reason; what the source of inputs throws.
   */
  map(task: Uint8Array | Bundle, inputs: Inputs, options: MapOptions = {}): AsyncGenerator<MapResult, void, undefined> {
    return iterate(
      () => new MapRun(this.#mapHost, task instanceof Uint8Array ? makeBundle(task) : task, inputs, options),
      () => this.#scout.begin(price => this.#options.affords(price, options)),
    );
  }

  /** A link to this node stands: it hears of our slots. */
  linkOpened(address: HashAddress): void {
    this.#announcer.linkOpened(address);
  }

  /** The link is gone: its node is no candidate, what it had in hand goes to others at once, what it wanted is ended. */
  linkClosed(address: HashAddress): void {
    this.#announcer.linkClosed(address);
    this.#candidates.remove(address);
    this.#provider.requesterGone(address);
  }

  #answer(): void {
    const { caller, scope } = this.#options;
    scope.defer(
      caller.handle(scopes.slots, async incoming => {
        this.#takeSlots(incoming);
        return done;
      }),
    );
    scope.defer(
      caller.handle(scopes.prepare, async incoming => {
        const { body, caller: source, by = source } = incoming;
        await this.#provider.prepare(readPrepare(body), { source, by });
        return done;
      }),
    );
    scope.defer(caller.handle(scopes.run, async incoming => writePayload(await this.#run(incoming))));
  }

  /** Over other nodes the caller is whoever they say: anybody could compute on another's line, or in another's gifts. */
  async #run({ body, caller, direct, signal }: Incoming): Promise<Uint8Array> {
    const request = readRun(body);
    if (!direct) throw new SeaError('DECLINED', 'parts are taken from linked nodes only');
    const run = this.#provider.run(caller, request);
    const forget = whenAborted(signal, () => run.cancel());
    try {
      return await run.result;
    } finally {
      forget();
    }
  }

  #takeSlots({ body, caller, direct }: Incoming): void {
    const slots = readSlots(body);
    if (!direct || !this.#options.neighbours().some(neighbour => neighbour.equals(caller))) {
      throw new SeaError('DECLINED', 'slots are taken from linked nodes only');
    }
    this.#candidates.set(caller, slots);
  }

  /** This version's bundles ask for no features. */
  async #record(): Promise<Uint8Array> {
    return writeProviderRecord({ slots: this.status().slots, features: [], price: await this.#options.price() });
  }

  /** There is no link to oneself. */
  #pin(address: HashAddress, reason: string): () => void {
    return address.equals(this.#options.self) ? () => {} : this.#options.pin(address, reason);
  }
}

async function* iterate(start: () => MapRun, begin: () => () => void): AsyncGenerator<MapResult, void, undefined> {
  const run = start();
  const end = begin();
  try {
    for (let result = await run.next(); result !== undefined; result = await run.next()) yield result;
  } finally {
    end();
    run.close();
  }
}
