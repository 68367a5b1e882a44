/** The answering side of one carrier: agrees to a new session, or goes on with one for whoever can prove to be its other end. */

import { withTimeout } from '../base/abort.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import type { Body, Incoming } from '../rpc/exchange.ts';
import { Carrier, type CarrierHandler, type Line } from './carrier.ts';
import { Envelope } from './envelope.ts';
import { ATTACH_TIMEOUT_MS, CON_VERSION, EARLY_ITEM_BYTES_MAX } from './limits.ts';
import {
  decodeConfirm,
  decodeToken,
  type Ends,
  encodeAnswer,
  encodeToken,
  type OpenRequest,
  type ResumeRequest,
} from './messages.ts';
import {
  agreeOnKeys,
  beginAgreement,
  type ConTools,
  checkOpening,
  privateLink,
  signGone,
  signOpening,
  standingOf,
} from './opening.ts';
import type { Secret, Session } from './session.ts';

/**
 * Agrees to a session; `admit` makes it once the caller has confirmed. Resolves when the carrier is over. Throws
 * BAD_VERSION, UNSUPPORTED, BAD_SIGNATURE, BAD_MESSAGE, TIMEOUT.
 */
export async function answerOpening(
  tools: ConTools,
  incoming: Incoming,
  request: OpenRequest,
  admit: (secret: Secret) => Session,
): Promise<Body> {
  if (request.version !== CON_VERSION)
    throw new SeaError('BAD_VERSION', `this node speaks version ${CON_VERSION} of cons, not ${request.version}`);
  const ends: Ends = { opener: incoming.caller, acceptor: tools.self };
  const agreement = await beginAgreement(tools.crypto);
  const direct = request.direct && comesPrivately(tools, incoming);
  const keys = await agreeOnKeys(agreement, request.ephemeral, ends, request.sessionId);
  if (!direct && keys === undefined)
    throw new SeaError('UNSUPPORTED', 'no X25519 on one side: only a link between the two would do');
  const answer = { publicKey: tools.key.publicKey, ephemeral: agreement?.publicKey ?? null, direct };
  const signature = await signOpening(tools.key, 'acceptor', ends, request, answer);
  const line = new AnsweringLine(incoming);
  incoming.send({ value: encodeAnswer({ kind: 'accepted', ...answer, signature }) });
  const confirmation = await withTimeout(tools.clock, line.first, ATTACH_TIMEOUT_MS, 'the confirmation of a con');
  await checkOpening(tools.crypto, 'opener', ends, request, answer, decodeConfirm(confirmation.value));
  const secret: Secret = { sessionId: request.sessionId, keys };
  const session = admit(secret);
  const envelope = direct || keys === undefined ? undefined : new Envelope(keys, 0);
  session.adopt(line.carry(tools, envelope, session), 0);
  session.agreed(secret, true);
  line.flow();
  return line.done;
}

/** Goes on with a session. Resolves when the carrier is over. Throws BAD_SIGNATURE for whoever is not its other end. */
export async function answerReturn(
  tools: ConTools,
  incoming: Incoming,
  { epoch, token }: ResumeRequest,
  session: Session,
): Promise<Body> {
  const { keys } = session.secret!;
  const isPrivate = comesPrivately(tools, incoming);
  if (!incoming.caller.equals(session.remote) || (keys === undefined && !isPrivate)) throw notTheirs();
  const envelope = keys === undefined ? undefined : new Envelope(keys, epoch);
  const theirs = decodeToken(envelope === undefined ? token : await envelope.open(token));
  if (epoch <= session.epoch) throw notTheirs(); // an old request, come late or heard and repeated by somebody
  session.epoch = epoch;
  const direct = theirs.direct && isPrivate;
  const plain = encodeToken({ received: session.received, direct });
  const answer = envelope === undefined ? plain : await envelope.seal(plain);
  const line = new AnsweringLine(incoming);
  session.offer(line.carry(tools, direct ? undefined : envelope, session), theirs.received);
  line.flow();
  incoming.send({ value: encodeAnswer({ kind: 'resumed', token: answer }) });
  return line.done;
}

/** Says that there is no such session. */
export async function answerGone(tools: ConTools, incoming: Incoming, sessionId: Uint8Array): Promise<Body> {
  const signature = await signGone(tools.key, { opener: incoming.caller, acceptor: tools.self }, sessionId);
  incoming.send({ value: encodeAnswer({ kind: 'gone', publicKey: tools.key.publicKey, signature }) });
  return { value: null };
}

/** The caller is at the other end of a link that encrypts. */
function comesPrivately(tools: ConTools, incoming: Incoming): boolean {
  return incoming.direct && privateLink(tools, incoming.caller) !== undefined;
}

/** The answering side's end of the exchange. */
class AnsweringLine implements Line {
  /** The first item. */
  readonly first: Promise<Body>;
  /** The result of the call: the carrier is over. */
  readonly done: Promise<Body>;
  readonly #incoming: Incoming;
  readonly #first = deferred<Body>();
  readonly #done = deferred<Body>();
  /** What comes after the first item while that is being looked at. */
  #early: Body[] | undefined = [];
  #firstHeard = false;
  /** Why the exchange is over. */
  #ended: SeaError | undefined;
  #carrier: Carrier | undefined;

  constructor(incoming: Incoming) {
    this.#incoming = incoming;
    this.first = this.#first.promise;
    this.done = this.#done.promise;
    incoming.onItem(item => this.#hear(item));
    const over = (): void => this.#over(asSeaError(incoming.signal.reason, 'PEER_GONE'));
    if (incoming.signal.aborted) over();
    else incoming.signal.addEventListener('abort', over, { once: true });
  }

  carry(tools: ConTools, envelope: Envelope | undefined, handler: CarrierHandler): Carrier {
    const { caller, by } = this.#incoming;
    this.#carrier = new Carrier(this, standingOf(tools, caller, by), envelope, handler);
    return this.#carrier;
  }

  /** Hands the carrier what came early, and everything from now on. */
  flow(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const item of early) this.#carrier?.take(item);
    if (this.#ended !== undefined) this.#carrier?.ended(this.#ended);
  }

  send(item: Body): void {
    this.#incoming.send(item);
  }

  finish(): void {
    this.#done.resolve({ value: null });
  }

  cancel(): void {
    this.#done.resolve({ value: null });
  }

  #hear(item: Body): void {
    if (this.#early === undefined) return this.#carrier?.take(item);
    if (!this.#firstHeard && this.#carrier === undefined) {
      this.#firstHeard = true;
      return this.#first.resolve(item);
    }
    const large = item.value !== null || (item.payload?.length ?? 0) > EARLY_ITEM_BYTES_MAX;
    if (large || this.#early.push(item) > EARLY_MAX)
      throw new SeaError('OVERLOADED', 'a con talks before it is agreed on');
  }

  #over(error: SeaError): void {
    this.#ended = error;
    this.#first.reject(error);
    this.#carrier?.ended(error);
    this.#done.resolve({ value: null });
  }
}

const EARLY_MAX = 16;

function notTheirs(): SeaError {
  return new SeaError('BAD_SIGNATURE', 'the session belongs to somebody else');
}
