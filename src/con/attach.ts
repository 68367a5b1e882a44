/** The calling side of one carrier: asks the remote to open a session or to go on with one. */

import type { HashAddress } from '../address/hash-address.ts';
import { whenAborted, withTimeout } from '../base/abort.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import type { Link } from '../link/link.ts';
import type { Body, Exchange } from '../rpc/exchange.ts';
import { CALL_TIMEOUT_MS_MAX } from '../wire/limits.ts';
import { Carrier, type CarrierHandler, type Line } from './carrier.ts';
import { Envelope } from './envelope.ts';
import { ATTACH_TIMEOUT_MS, CON_VERSION, LEAVE_MS } from './limits.ts';
import {
  ATTACH_SCOPE,
  type AttachAnswer,
  type AttachRequest,
  decodeAnswer,
  decodeToken,
  type Ends,
  encodeConfirm,
  encodeRequest,
  encodeToken,
  type OpenRequest,
} from './messages.ts';
import {
  agreeOnKeys,
  beginAgreement,
  type ConTools,
  checkGone,
  checkOpening,
  privateLink,
  signOpening,
  standingOf,
} from './opening.ts';
import { rankOf, type Standing } from './route.ts';
import type { Secret } from './session.ts';

/** A carrier that the remote has agreed to; nothing is bound yet. */
export interface Offer {
  readonly secret: Secret;
  /** What the remote has received. */
  readonly received: number;
  readonly standing: Standing;
  /** Takes it. */
  accept(handler: CarrierHandler): Carrier;
  /** Lets it go. */
  decline(): void;
}

/** What the caller has of a session that is to go on. */
export interface Resumption {
  readonly secret: Secret;
  readonly epoch: number;
  readonly received: number;
  /** Not over the link between the two. */
  readonly around: boolean;
}

/**
 * Opens a session. Throws what the call throws (NO_ROUTE, PEER_GONE, TIMEOUT, NO_HANDLER, DECLINED, OVERLOADED …),
 * BAD_SIGNATURE, BAD_MESSAGE, UNSUPPORTED (no X25519 and no link between the two).
 */
export async function askToOpen(tools: ConTools, remote: HashAddress, signal: AbortSignal): Promise<Offer> {
  const agreement = await beginAgreement(tools.crypto);
  const link = privateLink(tools, remote);
  const sessionId = tools.random.bytes(16);
  const request: OpenRequest = {
    kind: 'open',
    version: CON_VERSION,
    sessionId,
    publicKey: tools.key.publicKey,
    ephemeral: agreement?.publicKey ?? null,
    direct: link !== undefined,
  };
  return negotiate(tools, remote, { request, around: false }, signal, async (line, answer) => {
    if (answer.kind !== 'accepted') throw new SeaError('BAD_MESSAGE', `${answer.kind} in answer to an opening`);
    const ends: Ends = { opener: tools.self, acceptor: remote };
    await checkOpening(tools.crypto, 'acceptor', ends, request, answer, answer.signature);
    const keys = await agreeOnKeys(agreement, answer.ephemeral, ends, sessionId);
    const signature = await signOpening(tools.key, 'opener', ends, request, answer);
    const unsealed = line.runsOver(link) && answer.direct;
    if (!unsealed && keys === undefined)
      throw new SeaError('UNSUPPORTED', 'no X25519 on one side: only a link between the two would do');
    const envelope = unsealed || keys === undefined ? undefined : new Envelope(keys, 0);
    return line.offer({ sessionId, keys }, 0, envelope, encodeConfirm(signature));
  });
}

/** Goes on with a session. As `askToOpen`; CLOSED when the remote itself says that it has no such session. */
export async function askToResume(
  tools: ConTools,
  remote: HashAddress,
  { secret, epoch, received, around }: Resumption,
  signal: AbortSignal,
): Promise<Offer> {
  const { sessionId, keys } = secret;
  const link = around ? undefined : privateLink(tools, remote);
  if (keys === undefined && link === undefined)
    throw new SeaError('UNSUPPORTED', 'no X25519 on one side: only a link between the two would do');
  const envelope = keys === undefined ? undefined : new Envelope(keys, epoch);
  const plain = encodeToken({ received, direct: link !== undefined });
  const token = envelope === undefined ? plain : await envelope.seal(plain);
  const request: AttachRequest = { kind: 'resume', sessionId, epoch, token };
  return negotiate(tools, remote, { request, around }, signal, async (line, answer) => {
    if (answer.kind === 'gone') {
      const ends: Ends = { opener: tools.self, acceptor: remote };
      await checkGone(tools.crypto, ends, sessionId, answer.publicKey, answer.signature);
      throw new SeaError('CLOSED', 'the other side has no such session any more', { peer: remote.toString() });
    }
    if (answer.kind !== 'resumed') throw new SeaError('BAD_MESSAGE', `${answer.kind} in answer to a return`);
    const theirs = decodeToken(envelope === undefined ? answer.token : await envelope.open(answer.token));
    const unsealed = line.runsOver(link) && theirs.direct;
    if (!unsealed && envelope === undefined) throw new SeaError('UNSUPPORTED', 'the link between the two is gone');
    return line.offer(secret, theirs.received, unsealed ? undefined : envelope, undefined);
  });
}

interface Asking {
  readonly request: AttachRequest;
  readonly around: boolean;
}

async function negotiate(
  tools: ConTools,
  remote: HashAddress,
  asking: Asking,
  signal: AbortSignal,
  settle: (line: CallingLine, answer: AttachAnswer) => Promise<Offer>,
): Promise<Offer> {
  const line = new CallingLine(tools, remote, asking);
  const forget = whenAborted(signal, () => line.cancel());
  try {
    const settled = line.answer.then(answer => settle(line, answer));
    return await withTimeout(tools.clock, settled, ATTACH_TIMEOUT_MS, 'attaching a con');
  } catch (error) {
    line.cancel();
    throw asSeaError(error);
  } finally {
    forget();
  }
}

/** The calling side's end of the exchange. */
class CallingLine implements Line {
  readonly answer: Promise<AttachAnswer>;
  readonly #tools: ConTools;
  readonly #remote: HashAddress;
  readonly #exchange: Exchange;
  readonly #answer = deferred<AttachAnswer>();
  #carrier: Carrier | undefined;
  /** The exchange is over. */
  #ended: { readonly error: SeaError | undefined } | undefined;

  constructor(tools: ConTools, remote: HashAddress, { request, around }: Asking) {
    this.#tools = tools;
    this.#remote = remote;
    this.answer = this.#answer.promise;
    this.#exchange = tools.caller.open(
      remote,
      ATTACH_SCOPE,
      { value: encodeRequest(request) },
      { timeoutMs: CALL_TIMEOUT_MS_MAX, around, about: 'a connection', onItem: item => this.#hear(item) },
    );
    this.#exchange.result.then(
      () => this.#over(undefined),
      error => this.#over(asSeaError(error)),
    );
  }

  /** True when the exchange runs over this link, which still stands: it can no longer move to another. */
  runsOver(link: Link | undefined): boolean {
    return this.#exchange.by?.equals(this.#remote) === true && link?.open === true && this.#isCurrent(link);
  }

  #isCurrent(link: Link): boolean {
    return this.#tools.link(this.#remote) === link;
  }

  offer(secret: Secret, received: number, envelope: Envelope | undefined, last: Body['value'] | undefined): Offer {
    const standing = standingOf(this.#tools, this.#remote, this.#exchange.by);
    return {
      secret,
      received,
      standing,
      accept: handler => {
        if (last !== undefined) this.send({ value: last });
        const carrier = new Carrier(this, standing, envelope, handler);
        this.#carrier = carrier;
        const ended = this.#ended; // the way broke while the answer was being looked at
        if (ended !== undefined) void Promise.resolve().then(() => carrier.ended(ended.error));
        return carrier;
      },
      decline: () => this.cancel(),
    };
  }

  send(item: Body): void {
    this.#exchange.send(item);
  }

  finish(): void {
    this.#tools.scope.after(LEAVE_MS, () => this.cancel());
  }

  cancel(): void {
    this.#exchange.cancel();
  }

  /** The first item is the answer; the callee says nothing more before it has heard from us. */
  #hear(item: Body): void {
    if (this.#carrier !== undefined) return this.#carrier.take(item);
    this.#answer.resolve(decodeAnswer(item.value)); // what it throws ends the exchange
  }

  #over(error: SeaError | undefined): void {
    this.#ended = { error };
    this.#answer.reject(error ?? new SeaError('BAD_MESSAGE', 'a con was neither agreed to nor refused'));
    this.#carrier?.ended(error);
  }
}

/** Whether an offer is worth more than a carrier of this rank. */
export function outranks(offer: Offer, rank: number): boolean {
  return rankOf(offer.standing) > rank;
}
