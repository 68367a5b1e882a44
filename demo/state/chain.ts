/** The chain that this sea pays on, as the host that serves the page tells of it: asked once, before the sea is made. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type ChainInfo, parseChainInfo } from '../../src/ports/chain-info.ts';
import { type Complaint, complaintOf } from '../errors.ts';

/** Joining waits so long for it at most, ms: work that costs nothing needs no chain. */
const DEADLINE_MS = 3_000;

export type ChainPhase =
  | { readonly state: 'asking' }
  /** All work is a gift here. */
  | { readonly state: 'none' }
  | { readonly state: 'known'; readonly info: ChainInfo }
  | { readonly state: 'failed'; readonly complaint: Complaint };

/** `fetch`, as far as it is needed. */
export type Ask = (address: URL, options: { readonly signal: AbortSignal }) => Promise<Pick<Response, 'ok' | 'json'>>;

export class Chain {
  readonly #ask: Ask;
  readonly #phase: Signal<ChainPhase> = signal<ChainPhase>({ state: 'asking' });

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  get phase(): ReadonlySignal<ChainPhase> {
    return this.#phase;
  }

  /** Undefined until it is known, and where there is none. */
  get info(): ChainInfo | undefined {
    const phase = this.#phase.value;
    return phase.state === 'known' ? phase.info : undefined;
  }

  /** Asks for the chain of these ways into the sea. Never rejects: without an answer there is none for this visit. */
  async load(
    bootstraps: readonly string[],
    page: URL,
    deadlineMs: number = DEADLINE_MS,
  ): Promise<ChainInfo | undefined> {
    const address = chainAddress(bootstraps, page);
    this.#phase.value = address === undefined ? { state: 'none' } : await this.#asked(address, deadlineMs);
    return this.info;
  }

  async #asked(address: URL, deadlineMs: number): Promise<ChainPhase> {
    try {
      const answer = await this.#ask(address, { signal: AbortSignal.timeout(deadlineMs) });
      const value: unknown = answer.ok ? await answer.json() : null;
      return value === null ? { state: 'none' } : { state: 'known', info: parseChainInfo(value) };
    } catch (error) {
      return { state: 'failed', complaint: complaintOf(error) };
    }
  }
}

/**
 * Where the chain is told of: beside the page, when the page's own host is one of the ways in. Another host's chain cannot
 * be reached: the page's policy names the chain of its own host only.
 */
export function chainAddress(bootstraps: readonly string[], page: URL): URL | undefined {
  const isOwn = bootstraps.some(each => URL.canParse(each) && new URL(each).host === page.host);
  return isOwn ? new URL('/chain.json', page) : undefined;
}
