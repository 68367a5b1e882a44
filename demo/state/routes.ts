/**
 * The ways that this page's calls have taken: those lit on the ring at the moment, and the last ones in words. What
 * keeps the sea together (looking for neighbours, holding records) goes on all the time and is left out.
 */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { CallRoute, Sea } from '../../src/index.ts';

/** A way is lit for so long, ms. */
export const LIT_MS = 1_500;
/** Ways lit at a time, and ways told in words. */
export const LIT_MAX = 16;
export const RECENT_MAX = 5;

const upkeep = /^(sea:(peers|siblings|link)|records:.*|pubsub:link)$/;

/** A way as the panel shows it. */
export interface TakenRoute {
  /** What the call was for. */
  readonly purpose: string;
  /** The address asked for; another one than `target` when the nearest node was wanted. */
  readonly asked: string;
  readonly target: string;
  /** The nodes between, from here on: 16 hex digits each. */
  readonly hops: readonly string[];
  readonly tookMs: number;
  /** How many calls have gone this way for this purpose, one after another. */
  readonly calls: number;
}

interface Lit {
  readonly route: TakenRoute;
  untilMs: number;
}

export class Routes {
  readonly #now: () => number;
  readonly #lit = new Map<string, Lit>();
  readonly #litSignal: Signal<readonly TakenRoute[]> = signal<readonly TakenRoute[]>([]);
  readonly #recent: Signal<readonly TakenRoute[]> = signal<readonly TakenRoute[]>([]);
  #ahead: readonly TakenRoute[] = [];

  /** `now`: a steady clock, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Those to be drawn now. */
  get lit(): ReadonlySignal<readonly TakenRoute[]> {
    return this.#litSignal;
  }

  /** The last few, newest first; several calls over one way are one entry. */
  get recent(): ReadonlySignal<readonly TakenRoute[]> {
    return this.#recent;
  }

  follow(sea: Sea): void {
    sea.on('route', route => this.#take(route));
  }

  /** Once a beat: what was lit long enough goes out, the words are brought up to date. */
  refresh(): void {
    const nowMs = this.#now();
    for (const [way, { untilMs }] of this.#lit) if (untilMs <= nowMs) this.#lit.delete(way);
    this.#show();
    if (this.#recent.value !== this.#ahead) this.#recent.value = this.#ahead;
  }

  #take({ scope, asked, target, hops, tookMs }: CallRoute): void {
    if (upkeep.test(scope)) return;
    const route = { purpose: purposeOf(scope), asked: asked.toString(), target: target.toString(), hops, tookMs };
    const same = this.#ahead.find(each => wayOf(each) === wayOf(route) && each.purpose === route.purpose);
    const taken: TakenRoute = { ...route, calls: (same?.calls ?? 0) + 1 };
    this.#ahead = [taken, ...this.#ahead.filter(each => each !== same)].slice(0, RECENT_MAX);
    const way = wayOf(taken);
    const untilMs = this.#now() + LIT_MS;
    const lit = this.#lit.get(way);
    if (lit !== undefined) lit.untilMs = untilMs;
    else if (this.#lit.size < LIT_MAX) this.#lit.set(way, { route: taken, untilMs });
    this.#show();
  }

  #show(): void {
    const lit = [...this.#lit.values()].map(({ route }) => route);
    const shown = this.#litSignal.value;
    if (lit.length !== shown.length || lit.some((route, at) => route !== shown[at])) this.#litSignal.value = lit;
  }
}

/** Two calls with the same way light the same line. */
export function wayOf({ asked, target, hops }: Pick<TakenRoute, 'asked' | 'target' | 'hops'>): string {
  return [asked, ...hops, target].join(' ');
}

/** What a call is for, in the page's words. */
function purposeOf(scope: string): string {
  switch (scope.split(':')[0]) {
    case 'compute':
      return 'job';
    case 'storage':
      return 'file';
    case 'blocks': // a program, or what an application has in blocks
      return 'data';
    case 'con':
      return 'talk';
    case 'pubsub':
      return 'channel';
    case 'credit':
      return scope === 'credit:quote' ? 'price' : 'receipt';
    default:
      return 'call';
  }
}
