/**
 * The providers of one map: gets them ready, lets them rest after a failure, lets go of those that fail too often, keeps
 * the links to them. What they compute is `map.ts`'s concern.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import { below, type Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Log } from '../ports/log.ts';
import { judgeFailure, saysNoTerms } from './attempt-failure.ts';
import type { Candidate } from './candidates.ts';
import type { Executor, Run } from './executor.ts';
import { PREPARE_LATE_MS, PREPARING_MIN, REST_MS_MAX, TERMS_REST_MS } from './limits.ts';
import type { Attempt, Part } from './part-table.ts';
import { type ProviderRow, ProviderTable } from './provider-table.ts';

export type Row = ProviderRow<Attempt, Run>;

export interface CrewOptions {
  readonly random: Random;
  /** The map's. */
  readonly scope: Scope;
  readonly log: Log;
  readonly self: HashAddress;
  readonly pin: (address: HashAddress, reason: string) => () => void;
  readonly remote: Executor;
  readonly local: Executor;
  /** False when what was agreed with a provider holds no more. */
  readonly hasTerms: (provider: HashAddress) => boolean;
  /** A provider is ready, rested, or out. */
  readonly onChange: () => void;
  /** A provider will not run this bundle. */
  readonly onRefused: (error: SeaError) => void;
}

export class Crew {
  readonly table: ProviderTable<Attempt, Run> = new ProviderTable();
  readonly #options: CrewOptions;
  readonly #pins = new Map<string, () => void>();
  #lastError: SeaError | undefined;
  #supplied = 0;
  #sentBytes = 0;

  constructor(options: CrewOptions) {
    this.#options = options;
    options.scope.defer(() => this.update(new Map()).forEach(endRuns));
  }

  /** Why a provider failed last; undefined when none did. */
  get lastError(): SeaError | undefined {
    return this.#lastError;
  }

  /** How often another node was made ready, and the bytes of the bundle that were sent for it. */
  get supply(): { readonly supplied: number; readonly sentBytes: number } {
    return { supplied: this.#supplied, sentBytes: this.#sentBytes };
  }

  /** So many bytes of the bundle have left. */
  sent(bytes: number): void {
    this.#sentBytes += bytes;
  }

  /** Takes in the candidates as they are now. Returns those that left, with their attempts. */
  update(candidates: ReadonlyMap<string, Candidate>): Row[] {
    const lost = this.table.update(candidates);
    for (const row of lost) this.#letGo(row, { state: 'dismissed' });
    return lost;
  }

  /** How the map reaches a provider. */
  executor(row: Row): Executor {
    return this.#isSelf(row) ? this.#options.local : this.#options.remote;
  }

  /** Asks those ready anew whose terms are over, and gets more providers ready while attempts are wanted that nobody ready has room for: a few, then as many again. */
  engage(attemptsWanted: number): void {
    const { table } = this;
    for (const row of table.rows())
      if (row.standing.state === 'ready' && !this.#options.hasTerms(row.address)) void this.#prepare(row);
    const atOnceMax = Math.max(PREPARING_MIN, table.ready);
    for (const row of table.rows()) {
      if (table.expected >= atOnceMax || table.expectedSlots >= attemptsWanted) return;
      if (row.standing.state === 'new') void this.#prepare(row);
    }
  }

  /** Draws the consequence of a failure for the provider itself. Failures that come together count as one. */
  penalise(row: Row, error: SeaError): void {
    this.#lastError = error;
    if (!this.#holds(row)) return;
    switch (judgeFailure(error, 0, 0)) {
      case 'refused':
        this.#letGo(row, { state: 'refused' });
        this.#options.onRefused(error);
        return;
      case 'busy':
        this.#rest(row, row.busy());
        return;
      case 'unprepared':
        row.prepared = false;
        break;
      default:
    }
    if (row.standing.state === 'resting') return;
    const restMs = row.failed();
    if (restMs !== undefined) {
      this.#rest(row, restMs);
    } else {
      this.#options.log.write('info', 'a provider failed too often', { peer: row.key, code: error.code });
      this.#letGo(row, { state: 'dismissed' });
    }
  }

  /** Whoever told another result than the accepted one of a part has failed at it. */
  outvoted(part: Part, agreed: readonly HashAddress[]): void {
    for (const { provider } of part.votes) {
      const row = this.table.get(provider.toString());
      if (row === undefined || agreed.some(address => address.equals(provider))) continue;
      const detail = `another result of part ${part.index} than was accepted`;
      this.penalise(row, new SeaError('DISAGREEMENT', detail, { peer: row.key }));
    }
  }

  /** One without terms is none before there are any. */
  async #prepare(row: Row): Promise<void> {
    if (row.standing.state !== 'unwilling') row.standing = { state: 'preparing', late: false };
    const inTime = this.#options.scope.after(PREPARE_LATE_MS, () => {
      if (row.standing.state === 'preparing') row.standing = { state: 'preparing', late: true };
      this.#options.onChange();
    });
    if (!this.#isSelf(row) && !this.#pins.has(row.key))
      this.#pins.set(row.key, this.#options.pin(row.address, 'compute'));
    try {
      await this.executor(row).prepare(row.address, this.#options.scope.signal);
      if (!this.#isSelf(row)) this.#supplied++;
      if (!this.#holds(row)) return;
      row.prepared = true;
      row.standing = { state: 'ready' };
    } catch (error) {
      if (!this.#holds(row)) return;
      this.#unready(row, asSeaError(error));
    } finally {
      inTime();
    }
    this.#options.onChange();
  }

  #unready(row: Row, error: SeaError): void {
    if (!saysNoTerms(error)) return this.penalise(row, error);
    this.#lastError = error;
    this.#letGo(row, { state: 'unwilling' });
    const restMs = error.code === 'CREDIT_LINE' ? TERMS_REST_MS : REST_MS_MAX;
    this.#options.scope.after(restMs + below(this.#options.random, restMs), () => {
      if (row.standing.state === 'unwilling' && this.#holds(row)) void this.#prepare(row);
    });
  }

  /** A random share on top keeps requesters that were refused together from coming back together. */
  #rest(row: Row, restMs: number): void {
    if (restMs === 0 || row.standing.state === 'resting') return;
    row.standing = { state: 'resting' };
    this.#options.scope.after(restMs + below(this.#options.random, restMs), () => {
      if (row.standing.state !== 'resting') return;
      row.standing = { state: row.prepared ? 'ready' : 'new' };
      this.#options.onChange();
    });
  }

  #letGo(row: Row, standing: Row['standing']): void {
    row.standing = standing;
    this.#pins.get(row.key)?.();
    this.#pins.delete(row.key);
  }

  #isSelf(row: Row): boolean {
    return row.address.equals(this.#options.self);
  }

  /** False when the row is no longer part of a running map. */
  #holds(row: Row): boolean {
    return !this.#options.scope.closed && this.table.get(row.key) === row;
  }
}

function endRuns(row: Row): void {
  for (const run of row.inFlight.values()) run.cancel();
  row.inFlight.clear();
}
