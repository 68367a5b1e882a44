/** What the facade takes and tells: options, events, and views of what goes on. */

import type { HashAddress } from './address/hash-address.ts';
import { isSeaError, SeaError } from './base/errors.ts';
import { checkGiven, checkText } from './base/given.ts';
import type { ContributionStatus } from './compute/provider.ts';
import type { Con } from './con/con.ts';
import type { CreditStatus } from './credit/credit.ts';
import type { Link } from './link/link.ts';
import type { Transport } from './ports/link-factory.ts';
import type { Log } from './ports/log.ts';
import type { Argument } from './rpc/arguments.ts';
import type { CallRoute } from './rpc/exchange.ts';
import type { HolderStatus } from './storage/holder.ts';

export interface SeaOptions {
  /** Nodes of different network ids never link. Default 'peersea'. */
  readonly networkId?: string | undefined;
  /** Websocket URLs (ws:, wss:) of nodes to enter by; used by goOnline() without arguments. */
  readonly bootstraps?: readonly string[] | undefined;
  /** 'kept': this device's own identity (a second tab gets a passing one). 'passing': a fresh one. Default 'kept'. */
  readonly identity?: 'kept' | 'passing' | undefined;
  /** Live WebRTC links at most. Default 48. */
  readonly linksMax?: number | undefined;
  /** Routes for nobody (phones). Default false. */
  readonly leaf?: boolean | undefined;
  /** Where this node listens for websockets, for others to remember. */
  readonly url?: string | undefined;
  /** Takes the lines of the node. Default: the console, for level warn and above. */
  readonly log?: Log | undefined;
}

/** One link as a person would look at it. */
export interface LinkInfo {
  readonly address: HashAddress;
  readonly transport: Transport;
  readonly rttMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The clock's time at its opening, ms. */
  readonly sinceMs: number;
  /** Why the link is held beyond its use for routing. */
  readonly pins: readonly string[];
}

/** The view of a link. */
export function linkInfo(link: Link, pins: readonly string[]): LinkInfo {
  const { address, transport, rttMs, bytesIn, bytesOut, openedMs } = link;
  return { address, transport, rttMs, bytesIn, bytesOut, sinceMs: openedMs, pins };
}

export interface SeaEvents {
  /** This node has its place in the sea. */
  online: undefined;
  /** The last link is gone, or goOffline was called. */
  offline: undefined;
  /** The set of links changed. */
  links: undefined;
  /** Another node has opened a con to this one. Without a listener none is taken (NO_HANDLER). */
  connection: Con;
  /** What this device contributes, or its running parts, changed. */
  contribution: ContributionStatus;
  /** What this device holds for others changed. */
  holding: HolderStatus;
  /** The way of a call of this node stands, the platform's own calls included: who answers, and over whom. */
  route: CallRoute;
  /** What this device earned, spent and gave changed. */
  credit: CreditStatus;
  /**
   * Something went wrong that no call reports: a handler or listener of the application threw (`cause` is what it threw), the
   * device keeps nothing. `log` hears the same.
   */
  warning: SeaError;
}

export interface JoinOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface CallWithOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** Reach the node nearest to the address when nobody within reach has it exactly. */
  readonly nearest?: boolean | undefined;
}

/** Answers an application's call. May return what `call` may pass; what it throws reaches the caller as a code. */
export type AppHandler = (...args: Argument[]) => Argument | Promise<Argument>;

/**
 * The log, with every line of level warn and above told as well: what it is about as the error's cause, its code where it has one,
 * HANDLER_FAILED for what the application's own code threw.
 */
export function tellingLog(log: Log, onWarning: (warning: SeaError) => void): Log {
  return {
    write(level, message, data) {
      log.write(level, message, data);
      if (level !== 'warn' && level !== 'error') return;
      const { error, ...about } = data ?? {};
      const what = Object.entries(about).map(([name, value]) => `, ${name} ${String(value)}`);
      const text = error instanceof Error ? error.message : String(error ?? '');
      const code = isSeaError(error) ? error.code : 'HANDLER_FAILED';
      onWarning(new SeaError(code, `${message}${what.join('')}: ${text}`, { cause: error }));
    },
  };
}

/** What names of the platform's own begin with. */
const reserved = /^(sea|compute|records|con|blocks|pubsub|storage|credit|reputation):/;

/** Scopes and keys of the platform's own are not the application's. Throws BAD_ARGUMENT. */
export function checkName(name: string): void {
  checkText('a name', name);
  if (reserved.test(name))
    throw new SeaError('BAD_ARGUMENT', `the name ${JSON.stringify(name)} belongs to the platform`);
}

/** The websocket URLs that a node is to enter by; one alone may be given as it is. Throws BAD_ARGUMENT for anything else. */
export function entryUrls(bootstraps: string | readonly string[]): readonly string[] {
  const urls: unknown = typeof bootstraps === 'string' ? [bootstraps] : bootstraps;
  checkGiven(Array.isArray(urls), 'bootstraps are a list of ws: or wss: URLs', urls);
  for (const url of urls)
    checkGiven(
      typeof url === 'string' && /^wss?:\/\/[^\s/?#]/i.test(url),
      'a bootstrap is a ws: or wss: URL, as ws://127.0.0.1:4600/sea',
      url,
    );
  return urls;
}
