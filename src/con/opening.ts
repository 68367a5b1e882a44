/**
 * The agreement at the start of a session, from both sides: fresh X25519 keys, signed with everything else that was said
 * by both node keys, give one key a direction. Who is between sees neither, and cannot stand in for either.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { signFor, verify } from '../address/signed.ts';
import { concat, utf8Encode } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { isSeaError, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Link } from '../link/link.ts';
import type { Crypto, KeyAgreement, SealingPair, SigningKey } from '../ports/crypto.ts';
import type { Caller } from '../rpc/exchange.ts';
import { type Ends, goneStatement, type OpenRequest, openingStatement } from './messages.ts';
import type { Standing } from './route.ts';

/** What both sides of a con need of the layers below. */
export interface ConTools {
  readonly self: HashAddress;
  readonly key: SigningKey;
  readonly crypto: Crypto;
  readonly clock: Clock;
  readonly random: Random;
  readonly scope: Scope;
  readonly caller: Caller;
  /** The current link to a neighbour. */
  link(peer: HashAddress): Link | undefined;
}

/** The callee's share of an opening. */
export interface OpeningAnswer {
  readonly publicKey: Uint8Array;
  readonly ephemeral: Uint8Array | null;
  readonly direct: boolean;
}

/** The link to a neighbour if it encrypts by itself and runs between the two alone. */
export function privateLink(tools: Pick<ConTools, 'link'>, peer: HashAddress): Link | undefined {
  const link = tools.link(peer);
  return link?.open && link.direct ? link : undefined;
}

/** How an exchange with `remote` stands whose next node is `by`. */
export function standingOf(tools: Pick<ConTools, 'link'>, remote: HashAddress, by: HashAddress | undefined): Standing {
  const link = tools.link(remote);
  if (by === undefined || (by.equals(remote) && link !== undefined))
    return { kind: 'direct', transport: link?.transport ?? 'memory' };
  return { kind: 'relayed', by };
}

/** A fresh agreement; undefined where the platform lacks X25519. */
export async function beginAgreement(crypto: Crypto): Promise<KeyAgreement | undefined> {
  try {
    return await crypto.agreement();
  } catch (error) {
    if (isSeaError(error, 'UNSUPPORTED')) return undefined;
    throw error;
  }
}

/** The session's keys; undefined unless both sides have X25519. BAD_SIGNATURE for an unfit key. */
export async function agreeOnKeys(
  own: KeyAgreement | undefined,
  theirs: Uint8Array | null,
  { opener, acceptor }: Ends,
  sessionId: Uint8Array,
): Promise<SealingPair | undefined> {
  if (own === undefined || theirs === null) return undefined;
  return own.derive(theirs, sessionId, concat(utf8Encode('peersea con'), opener.bytes, acceptor.bytes));
}

/** This side's word on the opening. */
export function signOpening(
  key: SigningKey,
  role: 'opener' | 'acceptor',
  ends: Ends,
  request: OpenRequest,
  answer: OpeningAnswer,
): Promise<Uint8Array> {
  return signFor('con', key, openingStatement(role, ends, request, answer));
}

/** BAD_SIGNATURE unless the other side's node key signed exactly this opening. */
export async function checkOpening(
  crypto: Crypto,
  role: 'opener' | 'acceptor',
  ends: Ends,
  request: OpenRequest,
  answer: OpeningAnswer,
  signature: Uint8Array,
): Promise<void> {
  const publicKey = role === 'opener' ? request.publicKey : answer.publicKey;
  const statement = openingStatement(role, ends, request, answer);
  const { signer } = await verify(crypto, 'con', publicKey, statement, signature, role);
  if (!signer.equals(ends[role])) throw notTheirs();
}

/** This side has no session of that id. */
export function signGone(key: SigningKey, ends: Ends, sessionId: Uint8Array): Promise<Uint8Array> {
  return signFor('con', key, goneStatement(ends, sessionId));
}

/** BAD_SIGNATURE unless the acceptor itself says that it has no such session. */
export async function checkGone(
  crypto: Crypto,
  ends: Ends,
  sessionId: Uint8Array,
  publicKey: Uint8Array,
  signature: Uint8Array,
): Promise<void> {
  const { signer } = await verify(crypto, 'con', publicKey, goneStatement(ends, sessionId), signature, 'gone');
  if (!signer.equals(ends.acceptor)) throw notTheirs();
}

function notTheirs(): SeaError {
  return new SeaError('BAD_SIGNATURE', 'signed by a key that is not the other side');
}
