/** How a map reaches a provider: by calls to another node, or directly on this one. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Caller } from '../rpc/exchange.ts';
import type { Bundle } from './bundle.ts';
import { LEASE_EXTRA_MS, PREPARE_TIMEOUT_MS } from './limits.ts';
import { readPayload, scopes, writePrepare, writeRun } from './messages.ts';
import type { Purser } from './payment.ts';
import type { Provider, ProviderRun } from './provider.ts';
import type { ReadyBundles } from './ready-bundles.ts';

/** One attempt under way: its output (or a SeaError), and how to take it back. */
export type Run = ProviderRun;

export interface Executor {
  /** Makes the provider ready for the bundle, within its own deadline. */
  prepare(provider: HashAddress, signal: AbortSignal): Promise<void>;
  /** The input is neither changed nor kept after the result. */
  run(provider: HashAddress, subtask: Uint8Array, input: Uint8Array, timeoutMs: number): Run;
}

/** Another node computes, on terms that are agreed first. */
export function remoteExecutor(caller: Caller, bundle: Bundle, purser: Purser): Executor {
  return {
    async prepare(provider, signal) {
      await purser.agree(provider, signal);
      await caller.call(provider, scopes.prepare, writePrepare(bundle.id), { signal, timeoutMs: PREPARE_TIMEOUT_MS });
    },
    run(provider, subtask, input, timeoutMs) {
      const body = writeRun({ bundle: bundle.id, subtask, timeoutMs, input });
      const exchange = caller.open(provider, scopes.run, body, { timeoutMs: 2 * timeoutMs + LEASE_EXTRA_MS });
      return { result: exchange.result.then(readPayload), cancel: () => exchange.cancel() };
    },
  };
}

/** This node computes, with no call in between. */
export function localExecutor(provider: Provider, bundles: ReadyBundles, bundle: Bundle): Executor {
  return {
    async prepare() {
      bundles.add(bundle);
    },
    run(self, subtask, input, timeoutMs) {
      return provider.run(self, { bundle: bundle.id, subtask, timeoutMs, input: input.slice() }); // the runner may detach it
    },
  };
}
