/**
 * The handshake: the first two frames of every link. Each side sends a hello (protocol version, network id, public key,
 * fresh nonce, clock) and then a proof: its signature over its own hello, the other's hello, and the channel's binding.
 *
 * What it refuses, each with its code: another sea (WRONG_NETWORK), an unknown version (BAD_VERSION; the version is
 * signed, so a downgrade shows as BAD_SIGNATURE), a reflected hello (SELF_LINK), a recorded one (CLOCK_SKEW, or
 * BAD_SIGNATURE since it does not cover our fresh nonce), a channel somebody re-terminated (BAD_SIGNATURE: the bindings
 * differ). Whoever refuses says why in a bye before it closes; of two whose clocks differ each says by how much, whoever
 * refused. Cost: one round trip, one signature, one verification. Pattern: SIGMA with the identities in clear (Krawczyk
 * 2003), keys coming from the channel below.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor, verify } from '../address/signed.ts';
import { whenAborted } from '../base/abort.ts';
import { compare, concat, equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, type ErrorCode, errorCode, errorNumber, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Channel } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import type { Bye, Hello } from '../wire/messages.ts';
import {
  CLOCK_SKEW_MS_MAX,
  EARLY_FRAMES_MAX,
  HANDSHAKE_TIMEOUT_MS,
  PROTOCOL_VERSION,
  PROTOCOL_VERSION_MIN,
} from './limits.ts';

/** Who we are, as every handshake states it. */
export interface LocalNode {
  readonly key: SigningKey;
  readonly address: HashAddress;
  readonly networkId: string;
  readonly leaf: boolean;
  /** Where this node listens, or null. */
  readonly url: string | null;
}

/** What the other side has proved and said. */
export interface Peer {
  readonly address: HashAddress;
  readonly publicKey: Uint8Array;
  readonly leaf: boolean;
  readonly url: string | null;
  /** Its clock minus ours when its hello came, ms. */
  readonly clockOffsetMs: number;
}

export interface HandshakeTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
}

/** Where the channel's events go once the handshake is over. */
export interface ChannelSink {
  onFrame(frame: Uint8Array): void;
  onWritable(): void;
  onClose(reason: SeaError): void;
}

/** A channel whose other end is known. */
export interface Authenticated {
  readonly channel: Channel;
  readonly peer: Peer;
  /** 32 bytes that both ends hold alike and that differ from one link to the next. */
  readonly id: Uint8Array;
  /** Hands the channel's events to the link; frames that came since are delivered first. Call once, at once. */
  attach(sink: ChannelSink): void;
}

export interface HandshakeOptions {
  /** Whom we meant to reach; anybody when left out. */
  readonly expected?: HashAddress | undefined;
  /** Why a peer that says it has this address is not wanted, before any signature work. */
  readonly refuse?: ((claimed: HashAddress) => SeaError | undefined) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs the handshake on a fresh channel; closes the channel when it fails. Throws the codes named above, TIMEOUT,
 * BAD_MESSAGE, OVERLOADED, LINK_CLOSED, the channel's own, the abort reason, and what the other side refused us for.
 */
export async function shakeHands(
  tools: HandshakeTools,
  local: LocalNode,
  channel: Channel,
  { expected, refuse, signal }: HandshakeOptions = {},
): Promise<Authenticated> {
  const inbox = new Inbox(channel);
  const cancel = tools.clock.after(HANDSHAKE_TIMEOUT_MS, () =>
    inbox.giveUp(new SeaError('TIMEOUT', 'the other side did not finish the handshake')),
  );
  const forget = whenAborted(signal, error => inbox.giveUp(error));
  try {
    const hello = makeHello(tools, local);
    const helloBytes = encodeMessage(hello);
    channel.send(helloBytes);

    const theirBytes = await inbox.next();
    const { peer, message } = readHello(tools.clock, local, hello, theirBytes, expected);
    const refusal = refuse?.(peer.address);
    if (refusal !== undefined) throw refusal;
    channel.send(
      encodeMessage({
        kind: 'proof',
        signature: await signFor('handshake', local.key, transcript(helloBytes, theirBytes, channel.binding)),
      }),
    );

    const { message: proof } = decodeLinkFrame(await inbox.next());
    if (proof.kind === 'bye') throw refusalBy(proof, peer.clockOffsetMs);
    if (proof.kind !== 'proof') throw new SeaError('BAD_MESSAGE', `expected a proof, got ${proof.kind}`);
    await verify(
      tools.crypto,
      'handshake',
      message.publicKey,
      transcript(theirBytes, helloBytes, channel.binding),
      proof.signature,
      peer,
    );
    inbox.checkGivenUp();
    return { channel, peer, id: linkId(helloBytes, theirBytes), attach: sink => inbox.attach(sink) };
  } catch (cause) {
    const error = asSeaError(cause, 'BAD_MESSAGE');
    turnAway(channel, error.code);
    throw error;
  } finally {
    forget();
    cancel();
  }
}

/** Closes a channel that has no link yet and tells the other side why. */
export function turnAway(channel: Channel, code: ErrorCode): void {
  channel.send(encodeMessage({ kind: 'bye', code: errorNumber(code) }));
  channel.close();
}

function makeHello({ clock, random }: HandshakeTools, local: LocalNode): Hello {
  return {
    kind: 'hello',
    version: PROTOCOL_VERSION,
    networkId: local.networkId,
    publicKey: local.key.publicKey,
    nonce: random.bytes(32),
    wallMs: Math.floor(clock.wallMs()),
    leaf: local.leaf,
    url: local.url,
  };
}

function readHello(
  clock: Clock,
  local: LocalNode,
  mine: Hello,
  bytes: Uint8Array,
  expected: HashAddress | undefined,
): { peer: Peer; message: Hello } {
  const { message } = decodeLinkFrame(bytes);
  if (message.kind === 'bye') throw refusalBy(message);
  if (message.kind !== 'hello') throw new SeaError('BAD_MESSAGE', `expected a hello, got ${message.kind}`);
  if (message.version < PROTOCOL_VERSION_MIN)
    throw new SeaError(
      'BAD_VERSION',
      `the other side speaks version ${message.version}, this node at least ${PROTOCOL_VERSION_MIN}`,
    );
  if (message.networkId !== local.networkId)
    throw new SeaError('WRONG_NETWORK', `the other side belongs to the sea ${JSON.stringify(message.networkId)}`);
  if (equal(message.nonce, mine.nonce) || equal(message.publicKey, mine.publicKey))
    throw new SeaError('SELF_LINK', 'the other side shows our own key');
  const clockOffsetMs = message.wallMs - clock.wallMs();
  if (Math.abs(clockOffsetMs) > CLOCK_SKEW_MS_MAX) throw clockSkew(clockOffsetMs);
  const address = addressOfKey(message.publicKey);
  if (expected !== undefined && !expected.equals(address))
    throw new SeaError('BAD_SIGNATURE', 'somebody else answered', { peer: address.toString() });
  return {
    message,
    peer: { address, publicKey: message.publicKey, leaf: message.leaf, url: message.url, clockOffsetMs },
  };
}

/** `clockOffsetMs` once the other side's clock is known. */
function refusalBy({ code }: Bye, clockOffsetMs?: number): SeaError {
  const why = errorCode(code) ?? 'LINK_CLOSED';
  if (why === 'CLOCK_SKEW' && clockOffsetMs !== undefined) return clockSkew(clockOffsetMs);
  return new SeaError(why, 'the other side refused the link');
}

function clockSkew(offsetMs: number): SeaError {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const where = offsetMs > 0 ? 'behind' : 'ahead of';
  return new SeaError('CLOCK_SKEW', `this machine's clock is ${minutes} min ${where} the other side's`);
}

/** The same at both ends, whoever dialled. */
function linkId(mine: Uint8Array, theirs: Uint8Array): Uint8Array {
  const [first, second] = compare(mine, theirs) < 0 ? [mine, theirs] : [theirs, mine];
  return sha256(concat(sha256(first), sha256(second)));
}

/** What the signer of `first` signs: its hello, the other's, and the binding, each reduced to 32 bytes. */
function transcript(first: Uint8Array, second: Uint8Array, binding: Uint8Array): Uint8Array {
  return concat(sha256(first), sha256(second), sha256(binding));
}

/** The frames of a channel, one at a time while the handshake lasts, then handed on. */
class Inbox {
  #frames: Uint8Array[] = [];
  #waiting = deferred<void>();
  #givenUp: SeaError | undefined;
  #closed: SeaError | undefined;
  #sink: ChannelSink | undefined;

  constructor(channel: Channel) {
    channel.open({
      onFrame: frame => (this.#sink === undefined ? this.#keep(frame) : this.#sink.onFrame(frame)),
      onWritable: () => this.#sink?.onWritable(),
      onClose: reason => {
        if (this.#sink !== undefined) return this.#sink.onClose(reason);
        this.#closed = reason;
        this.#waiting.resolve();
      },
    });
  }

  /** Ends the handshake from this side. */
  giveUp(error: SeaError): void {
    this.#givenUp ??= error;
    this.#waiting.resolve();
  }

  checkGivenUp(): void {
    if (this.#givenUp !== undefined) throw this.#givenUp;
  }

  /** The next frame. What came before the other side closed still counts. */
  async next(): Promise<Uint8Array> {
    for (;;) {
      this.checkGivenUp();
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      if (this.#closed !== undefined) throw this.#closed;
      await this.#waiting.promise;
      this.#waiting = deferred();
    }
  }

  attach(sink: ChannelSink): void {
    this.#sink = sink;
    const early = this.#frames;
    this.#frames = [];
    for (const frame of early) sink.onFrame(frame);
    if (this.#closed !== undefined) sink.onClose(this.#closed);
  }

  #keep(frame: Uint8Array): void {
    if (this.#frames.length < EARLY_FRAMES_MAX) this.#frames.push(frame);
    else this.giveUp(new SeaError('OVERLOADED', 'too many frames before the handshake was over'));
    this.#waiting.resolve();
  }
}
