/** What the facade takes and tells: options, events, and views of what goes on. */

import { HashAddress } from './address/hash-address.ts';
import { SeaError } from './base/errors.ts';
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
  /** Websocket URLs of nodes to enter by; used by goOnline() without arguments. */
  readonly bootstraps?: readonly string[] | undefined;
  /** 'kept': this device's own identity (a second tab gets a passing one). 'passing': a fresh one. Default 'kept'. */
  readonly identity?: 'kept' | 'passing' | undefined;
  /** Live WebRTC links at most. Default 48. */
  readonly linksMax?: number | undefined;
  /** Routes for nobody (phones). Default false. */
  readonly leaf?: boolean | undefined;
  /** Where this node listens for websockets, for others to remember. */
  readonly url?: string | undefined;
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
  /** Something went wrong that no call reports. */
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

/** What names of the platform's own begin with. */
const reserved = /^(sea|compute|records|con|blocks|pubsub|storage|credit|reputation):/;

/** Scopes and keys of the platform's own are not the application's. Throws BAD_ARGUMENT. */
export function checkName(name: string): void {
  if (reserved.test(name))
    throw new SeaError('BAD_ARGUMENT', `the name ${JSON.stringify(name)} belongs to the platform`);
}

/** The address itself, or the one that its text stands for. Throws BAD_ARGUMENT for anything else. */
export function addressOf(address: HashAddress | string): HashAddress {
  if (address instanceof HashAddress) return address;
  if (typeof address === 'string') return HashAddress.from(address);
  throw new SeaError('BAD_ARGUMENT', 'an address is a HashAddress, or its 64 hex digits');
}
