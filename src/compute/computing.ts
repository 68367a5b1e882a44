/**
 * The half of the service that computes, for others and by others: joins providing, requesting and what both share.
 * `compute.ts` loads it when it is first needed. See `Compute`, whose methods these are.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { checkAborted, whenAborted } from '../base/abort.ts';
import { SeaError } from '../base/errors.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { type Bundle, bundleOf } from './bundle.ts';
import { fetchBundle, offerBundle } from './bundle-transfer.ts';
import type { Candidates } from './candidates.ts';
import type { ComputeOptions } from './compute-options.ts';
import { localExecutor, remoteExecutor } from './executor.ts';
import { checkInputs, type Inputs } from './input-source.ts';
import { type MapHost, MapRun } from './map.ts';
import type { MapOptions } from './map-options.ts';
import { done, readPrepare, readRun, scopes, writePayload } from './messages.ts';
import { type ContributionStatus, Provider } from './provider.ts';
import { ReadyBundles } from './ready-bundles.ts';
import type { MapResult } from './result-buffer.ts';
import { Scout } from './scout.ts';

export class Computing {
  readonly #options: ComputeOptions;
  readonly #provider: Provider;
  readonly #scout: Scout;
  readonly #mapHost: MapHost;

  constructor(options: ComputeOptions, candidates: Candidates) {
    const { clock, scope, caller, blocks } = options;
    this.#options = options;
    const bundles = new ReadyBundles(clock, scope, (source, id, signal) =>
      fetchBundle(blocks, clock, source, id, signal),
    );
    const provider = new Provider({ ...options, bundles, pin: (address, reason) => this.#pin(address, reason) });
    this.#provider = provider;
    this.#scout = new Scout({ ...options, known: () => candidates.list() });
    this.#mapHost = {
      ...options,
      candidates,
      serve: (bundle, onSent) => offerBundle(blocks, bundle, onSent),
      remote: (bundle, purser) => remoteExecutor(caller, bundle, purser),
      local: bundle => localExecutor(provider, bundles, bundle),
    };
  }

  /** 0 to SLOTS_MAX. */
  contribute(slots: number): void {
    this.#provider.contribute(slots);
  }

  status(): ContributionStatus {
    return this.#provider.status();
  }

  async *map(
    task: Uint8Array | Bundle,
    inputs: Inputs,
    options: MapOptions,
  ): AsyncGenerator<MapResult, void, undefined> {
    const bundle = bundleOf(task);
    checkInputs(inputs);
    this.#checkReach(options);
    const run = new MapRun(this.#mapHost, bundle, inputs, options);
    const end = this.#scout.begin(price => this.#options.affords(price, options));
    try {
      for (let result = await run.next(); result !== undefined; result = await run.next()) yield result;
    } finally {
      end();
      run.close();
    }
  }

  /** The link to this node is gone: what it wanted is ended. */
  requesterGone(address: HashAddress): void {
    this.#provider.requesterGone(address);
  }

  /** Answers the calls of requesters. */
  async answer(scope: string, incoming: Incoming): Promise<Body> {
    return scope === scopes.prepare ? this.#prepare(incoming) : writePayload(await this.#run(incoming));
  }

  async #prepare({ body, caller: source, by = source }: Incoming): Promise<Body> {
    await this.#provider.prepare(readPrepare(body), { source, by });
    return done;
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

  /** Throws CLOSED, and NOT_ONLINE where a map could neither ask others nor be served by this node alone. */
  #checkReach({ local = true, redundancy = 1 }: MapOptions): void {
    checkAborted(this.#options.scope.signal);
    const isEnough = local && redundancy === 1 && this.#provider.status().slots > 0;
    if (!isEnough && !this.#options.online())
      throw new SeaError('NOT_ONLINE', 'call goOnline() first, or contribute() slots of this device');
  }

  /** There is no link to oneself. */
  #pin(address: HashAddress, reason: string): () => void {
    return address.equals(this.#options.self) ? () => {} : this.#options.pin(address, reason);
  }
}
