/**
 * The handshake: the first two frames of every link. Each side sends a hello (protocol version, network id, public key,
 * fresh nonce, clock) and then a proof: its signature over its own hello, the other's hello, and the channel's binding.
 *
 * What it refuses, each with its code: another sea (WRONG_NETWORK), an unknown version (BAD_VERSION; the version is
 * signed, so a downgrade shows as BAD_SIGNATURE), a reflected hello (SELF_LINK), a recorded one (CLOCK_SKEW, or
 * BAD_SIGNATURE since it does not cover our fresh nonce), a channel somebody re-terminated (BAD_SIGNATURE: the bindings
 * differ). Cost: one round trip, one signature, one verification. Pattern: SIGMA with the identities in clear
 * (Krawczyk 2003), keys coming from the channel below.
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { addressOfKey, signFor, verify } from '../address/signed.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { concat, equal } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { deferred } from '../base/deferred.ts';
import { asSeaError, SeaError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Channel } from '../ports/link-factory.ts';
import { decodeLinkFrame, encodeMessage } from '../wire/codec.ts';
import type { Hello } from '../wire/messages.ts';
import { CLOCK_SKEW_MS_MAX, HANDSHAKE_TIMEOUT_MS, PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from './limits.ts';

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
  /** Hands the channel's events to the link; frames that came since are delivered first. Call once, at once. */
  attach(sink: ChannelSink): void;
}

/** Runs the handshake on a fresh channel; closes the channel when it fails. `expected`: whom we meant to reach. */
export async function shakeHands(
  tools: HandshakeTools,
  local: LocalNode,
  channel: Channel,
  expected?: HashAddress,
): Promise<Authenticated> {
  const inbox = new Inbox(channel);
  const cancel = tools.clock.after(HANDSHAKE_TIMEOUT_MS, () =>
    inbox.fail(new SeaError('TIMEOUT', 'the other side did not finish the handshake')),
  );
  try {
    const hello = makeHello(tools, local);
    const helloBytes = encodeMessage(hello);
    channel.send(helloBytes);

    const theirBytes = await inbox.next();
    const { peer, message } = readHello(tools.clock, local, hello, theirBytes, expected);
    channel.send(
      encodeMessage({
        kind: 'proof',
        signature: await signFor('handshake', local.key, transcript(helloBytes, theirBytes, channel.binding)),
      }),
    );

    const proof = decodeLinkFrame(await inbox.next()).message;
    if (proof.kind !== 'proof') throw new SeaError('BAD_MESSAGE', `expected a proof, got ${proof.kind}`);
    await verify(
      tools.crypto,
      'handshake',
      message.publicKey,
      transcript(theirBytes, helloBytes, channel.binding),
      proof.signature,
      peer,
    );
    return { channel, peer, attach: sink => inbox.attach(sink) };
  } catch (error) {
    channel.close();
    throw asSeaError(error, 'BAD_MESSAGE');
  } finally {
    cancel();
  }
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
  if (Math.abs(clockOffsetMs) > CLOCK_SKEW_MS_MAX) {
    throw new SeaError(
      'CLOCK_SKEW',
      `the clocks differ by ${Math.round(clockOffsetMs / 1000)} s: set the clock of the wrong machine`,
    );
  }
  const address = addressOfKey(message.publicKey);
  if (expected !== undefined && !expected.equals(address))
    throw new SeaError('BAD_SIGNATURE', 'somebody else answered', { peer: address.toString() });
  return {
    message,
    peer: { address, publicKey: message.publicKey, leaf: message.leaf, url: message.url, clockOffsetMs },
  };
}

/** What the signer of `first` signs: its hello, the other's, and the binding, each reduced to 32 bytes. */
function transcript(first: Uint8Array, second: Uint8Array, binding: Uint8Array): Uint8Array {
  return concat(sha256(first), sha256(second), sha256(binding));
}

/** The frames of a channel, one at a time while the handshake lasts, then handed on. */
class Inbox {
  #frames: Uint8Array[] = [];
  #waiting = deferred<void>();
  #failure: SeaError | undefined;
  #sink: ChannelSink | undefined;

  constructor(channel: Channel) {
    channel.open({
      onFrame: frame => {
        if (this.#sink !== undefined) return this.#sink.onFrame(frame);
        this.#frames.push(frame);
        if (this.#frames.length > EARLY_FRAMES_MAX) channel.close();
        this.#waiting.resolve();
      },
      onWritable: () => this.#sink?.onWritable(),
      onClose: reason => (this.#sink === undefined ? this.fail(reason) : this.#sink.onClose(reason)),
    });
  }

  fail(error: SeaError): void {
    this.#failure ??= error;
    this.#waiting.resolve();
  }

  async next(): Promise<Uint8Array> {
    while (this.#frames.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#waiting.promise;
      this.#waiting = deferred();
    }
    return this.#frames.shift()!;
  }

  attach(sink: ChannelSink): void {
    this.#sink = sink;
    const early = this.#frames;
    this.#frames = [];
    for (const frame of early) sink.onFrame(frame);
    if (this.#failure !== undefined) sink.onClose(this.#failure);
  }
}

/** Frames kept while the handshake lasts: the other side may have finished first and have begun to talk. */
const EARLY_FRAMES_MAX = 64;
