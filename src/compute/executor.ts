/** How a map reaches a provider: by calls to another node, or directly on this one. */

import type { HashAddress } from '../address/hash-address.ts';
import type { Caller } from '../rpc/exchange.ts';
import type { Bundle } from './bundle.ts';
import { LEASE_EXTRA_MS, PREPARE_TIMEOUT_MS } from './limits.ts';
import { readPayload, scopes, writePrepare, writeRun } from './messages.ts';
import type { Purser } from './payment.ts';
import type { Provider, ProviderRun } from './provider.ts';
import type { ReadyBundles } from './ready-bundles.ts';
import { remoteFailure } from './remote-failure.ts';

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
  const { outputBytesMax, memoryBytesMax } = bundle.manifest;
  const explain = (error: unknown, timeoutMs = 0): never => {
    throw remoteFailure(error, { timeoutMs, outputBytesMax, memoryBytesMax });
  };
  return {
    async prepare(provider, signal) {
      await purser.agree(provider, signal);
      const options = { signal, timeoutMs: PREPARE_TIMEOUT_MS, about: 'the task' };
      await caller.call(provider, scopes.prepare, writePrepare(bundle.id), options).catch(explain);
    },
    run(provider, subtask, input, timeoutMs) {
      const body = writeRun({ bundle: bundle.id, subtask, timeoutMs, input });
      const exchange = caller.open(provider, scopes.run, body, {
        timeoutMs: 2 * timeoutMs + LEASE_EXTRA_MS,
        about: 'a part',
      });
      const result = exchange.result.catch(error => explain(error, timeoutMs)).then(readPayload);
      return { result, cancel: () => exchange.cancel() };
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
