/**
 * The parts of a map and the attempts at them. A part is one input; an attempt is one provider at work on one part. A
 * provider has at most one live attempt and at most one vote at a part, so every accepted result is counted once. Pure:
 * decides what to start and keeps the books; `map.ts` acts.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { COPIES_MAX } from './limits.ts';
import { castVote, decide, type Outcome, type Verdict, type Vote } from './quorum.ts';

export interface Part {
  readonly index: number;
  /** Kept until the part is accepted: it may have to be sent again. */
  readonly input: Uint8Array;
  /** Attempts at work, by hex address of their provider. */
  readonly live: Map<string, Attempt>;
  readonly votes: Vote[];
  /** Further results wanted. */
  missing: number;
  /** How often each provider failed at it without a result. */
  readonly failedBy: Map<string, number>;
  /** Failures by the hosts' fault, and by time. */
  faults: number;
  timeouts: number;
}

export interface Attempt {
  readonly part: Part;
  /** Hex address. */
  readonly provider: string;
  readonly startedMs: number;
  /** A copy of an attempt that may still answer. */
  readonly speculative: boolean;
}

export interface NextPart {
  readonly part: Part;
  readonly speculative: boolean;
}

export class PartTable {
  readonly #redundancy: number;
  readonly #open = new Set<Part>();
  /** Parts short of attempts: those that lost one, and those that never had enough; each oldest first. */
  readonly #retries = new Set<Part>();
  readonly #fresh = new Set<Part>();
  /** Parts with an attempt that has been silent too long. */
  readonly #late = new Set<Part>();
  /** Live attempts that are not known to be late, oldest first. */
  readonly #timely = new Set<Attempt>();
  #live = 0;

  constructor(redundancy: number) {
    this.#redundancy = redundancy;
  }

  /** Parts not accepted yet. */
  get open(): number {
    return this.#open.size;
  }

  /** Attempts at work. */
  get live(): number {
    return this.#live;
  }

  /** Parts that want a further attempt or copy. */
  get short(): number {
    return this.#retries.size + this.#fresh.size + this.#late.size;
  }

  /** True when a part waits for its first attempts. */
  get hasFresh(): boolean {
    return this.#fresh.size > 0;
  }

  /** True until the part is decided. */
  isOpen(part: Part): boolean {
    return this.#open.has(part);
  }

  /** The lowest index not accepted yet. */
  get firstOpen(): Part | undefined {
    for (const part of this.#open) return part;
    return undefined;
  }

  add(index: number, input: Uint8Array): Part {
    const missing = this.#redundancy;
    const part: Part = {
      index,
      input,
      live: new Map(),
      votes: [],
      missing,
      failedBy: new Map(),
      faults: 0,
      timeouts: 0,
    };
    this.#open.add(part);
    this.#fresh.add(part);
    return part;
  }

  /** What a provider with room should start: a lost part first, then a late one, then the oldest fresh one. */
  next(provider: string, usableProviders: number): NextPart | undefined {
    for (const part of this.#retries) if (mayTake(part, provider, usableProviders)) return { part, speculative: false };
    for (const part of this.#late) if (mayTake(part, provider, usableProviders)) return { part, speculative: true };
    for (const part of this.#fresh) if (mayTake(part, provider, usableProviders)) return { part, speculative: false };
    return undefined;
  }

  /** A part whose only attempts are in `waiting` (queued at other providers), for a provider that has nothing to do. */
  steal(provider: string, waiting: ReadonlySet<Attempt>): NextPart | undefined {
    for (const { part } of waiting) {
      const stuck = part.live.size <= part.missing && [...part.live.values()].every(attempt => waiting.has(attempt));
      if (stuck && mayTake(part, provider, Number.POSITIVE_INFINITY)) return { part, speculative: true };
    }
    return undefined;
  }

  start({ part, speculative }: NextPart, provider: string, nowMs: number): Attempt {
    const attempt: Attempt = { part, provider, startedMs: nowMs, speculative };
    part.live.set(provider, attempt);
    this.#timely.add(attempt);
    this.#live++;
    this.#late.delete(part);
    this.#file(part);
    return attempt;
  }

  /** A result came. The attempt is over; when the verdict is not open its part is closed, its live attempts remain. */
  vote(attempt: Attempt, provider: HashAddress, outcome: Outcome): Verdict {
    const { part } = attempt;
    this.#end(attempt);
    part.votes.push(castVote(provider, outcome, this.#redundancy));
    const verdict = decide(part.votes, this.#redundancy);
    if (verdict.state === 'open') {
      part.missing = verdict.missing;
      this.#file(part);
    } else {
      this.#close(part);
    }
    return verdict;
  }

  /** The attempt ended without a result; its part can be computed again. */
  fail(attempt: Attempt): void {
    const { part, provider } = attempt;
    this.#end(attempt);
    part.failedBy.set(provider, (part.failedBy.get(provider) ?? 0) + 1);
    if (attempt.speculative && part.live.size > 0) this.#late.add(part); // the silent one is still silent
    this.#file(part);
  }

  /** The attempt never began (its provider had no slot). */
  withdraw(attempt: Attempt): void {
    this.#end(attempt);
    if (attempt.speculative && attempt.part.live.size > 0) this.#late.add(attempt.part);
    this.#file(attempt.part);
  }

  /** When the oldest attempt not known to be late started; undefined without one. */
  get oldestStartMs(): number | undefined {
    for (const attempt of this.#timely) return attempt.startedMs;
    return undefined;
  }

  /** Marks attempts that started at or before `startedMs` as late: their parts want a copy. */
  markLate(startedMs: number): void {
    for (const attempt of this.#timely) {
      if (attempt.startedMs > startedMs) return;
      this.#timely.delete(attempt);
      const { part } = attempt;
      if (part.live.size < part.missing + COPIES_MAX) this.#late.add(part);
    }
  }

  #end(attempt: Attempt): void {
    if (!attempt.part.live.delete(attempt.provider)) return;
    this.#timely.delete(attempt);
    this.#live--;
  }

  #close(part: Part): void {
    for (const attempt of part.live.values()) this.#timely.delete(attempt);
    this.#live -= part.live.size;
    this.#open.delete(part);
    this.#retries.delete(part);
    this.#fresh.delete(part);
    this.#late.delete(part);
  }

  /** Keeps a part among those short of attempts exactly while it is. */
  #file(part: Part): void {
    if (!this.#open.has(part)) return;
    if (part.live.size >= part.missing) {
      this.#retries.delete(part);
      this.#fresh.delete(part);
    } else if (!this.#retries.has(part) && !this.#fresh.has(part)) {
      this.#retries.add(part);
    }
    if (part.live.size === 0) this.#late.delete(part);
  }
}

/** Who failed at a part gets it again only when nobody usable is left who has not tried. */
function mayTake(part: Part, provider: string, usableProviders: number): boolean {
  if (part.live.has(provider) || part.votes.some(vote => vote.provider.toString() === provider)) return false;
  if (!part.failedBy.has(provider)) return true;
  return part.live.size + part.votes.length + part.failedBy.size >= usableProviders;
}
