/** What the caller of a map may ask for, and what it hears while the map runs. */

import { SeaError } from '../base/errors.ts';
import { checkOptions } from '../base/given.ts';
import { REDUNDANCY_MAX, RUN_TIMEOUT_MS_DEFAULT, RUN_TIMEOUT_MS_MAX } from './limits.ts';

export interface MapOptions {
  /**
   * Results by distinct providers that must agree, 1 to 8; default 1. An error of the task ends the map when
   * two tell it, or one and no other comes to be asked.
   */
  readonly redundancy?: number | undefined;
  /** Results in the order of the inputs (default), or as they come. */
  readonly ordered?: boolean | undefined;
  /** Ends the map with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Running time of one part, ms; 1 to 600,000; default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Whether this device's own contributed slots compute too (as one provider); default true. */
  readonly local?: boolean | undefined;
  /** Most that one part may cost, in the smallest unit of the chain's asset; default: whatever is asked. */
  readonly priceMax?: bigint | undefined;
  /** Most that the whole map may cost; it ends with BUDGET_SPENT when that does not reach for what is left. */
  readonly budget?: bigint | undefined;
  /** Hears how it goes, on every change. */
  readonly onProgress?: ((progress: MapProgress) => void) | undefined;
}

export interface MapProgress {
  /** Inputs pulled from the source. */
  readonly pulled: number;
  /** Parts accepted. */
  readonly done: number;
  /** Attempts at work. */
  readonly inFlight: number;
  /** Providers that are ready. */
  readonly providers: number;
  /** Attempts that ended without a result. */
  readonly failedAttempts: number;
  /** Copies started of parts whose provider was silent or slow. */
  readonly speculative: number;
  /** Size of the bundle. */
  readonly bundleBytes: number;
  /** How often another node has been made ready with it. */
  readonly supplied: number;
  /** What was sent for that, some bytes of lists among it; the rest was there already. */
  readonly sentBytes: number;
  /** Owed and paid so far, in the smallest unit of the chain's asset. */
  readonly cost: bigint;
}

const NAMES = 'redundancy, ordered, signal, timeoutMs, local, priceMax, budget, onProgress';

/** The numbers of the options with their defaults. Throws BAD_ARGUMENT naming the one that is unknown or out of bounds. */
export function readMapOptions(options: MapOptions): { readonly redundancy: number; readonly timeoutMs: number } {
  checkOptions('map', options, NAMES);
  checkAmount('priceMax', options.priceMax);
  checkAmount('budget', options.budget);
  return {
    redundancy: checkOption('redundancy', options.redundancy ?? 1, REDUNDANCY_MAX),
    timeoutMs: checkOption('timeoutMs', options.timeoutMs ?? RUN_TIMEOUT_MS_DEFAULT, RUN_TIMEOUT_MS_MAX),
  };
}

function checkOption(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new SeaError('BAD_ARGUMENT', `${name} is a whole number from 1 to ${max}, not ${value}`);
}

function checkAmount(name: string, value: bigint | undefined): void {
  if (value === undefined || (typeof value === 'bigint' && value >= 0n)) return;
  throw new SeaError('BAD_ARGUMENT', `${name} is a bigint of 0 or more, not ${String(value)}`);
}
