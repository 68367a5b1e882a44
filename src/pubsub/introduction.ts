/**
 * How two members meet: each signs who it is, for the other and this channel only. Their lines may run over other nodes,
 * which could else speak in a member's name; and what is known of the other's clock makes its messages' times plain.
 */

import type { HashAddress } from '../address/hash-address.ts';
import { signFor, type Verified, verify } from '../address/signed.ts';
import { encodeValue } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import { CLOCK_SKEW_MS_MAX } from './limits.ts';

export interface Introduction {
  /** 32 bytes, Ed25519. */
  readonly publicKey: Uint8Array;
  /** Unix ms at the member: when it signed. A line is replaced from afar only by a later one. */
  readonly wallMs: number;
  /** … and when it joined: the same for as long as it stays, another after a reload. */
  readonly joinedMs: number;
  readonly signature: Uint8Array;
}

/** `wallMs` of what an opening answers: nothing. */
export const OPENING = 0;

/** `answers`: the `wallMs` of the opening that is answered, or OPENING. */
export async function signIntroduction(
  key: SigningKey,
  channel: Uint8Array,
  to: HashAddress,
  { wallMs, joinedMs }: Pick<Introduction, 'wallMs' | 'joinedMs'>,
  answers: number,
): Promise<Introduction> {
  const bytes = encodeValue([channel, to.bytes, wallMs, joinedMs, answers]);
  return { publicKey: key.publicKey, wallMs, joinedMs, signature: await signFor('channel-member', key, bytes) };
}

/** Throws BAD_SIGNATURE, also for one by another member than `from`, and CLOCK_SKEW. */
export async function verifyIntroduction<Met extends Introduction>(
  crypto: Crypto,
  channel: Uint8Array,
  { from, to, answers, wallMs: nowMs }: { from: HashAddress; to: HashAddress; answers: number; wallMs: number },
  met: Met,
): Promise<Verified<Met>> {
  const bytes = encodeValue([channel, to.bytes, met.wallMs, met.joinedMs, answers]);
  const verified = await verify(crypto, 'channel-member', met.publicKey, bytes, met.signature, met);
  if (!verified.signer.equals(from)) throw new SeaError('BAD_SIGNATURE', 'the introduction of another member');
  if (Math.abs(met.wallMs - nowMs) > CLOCK_SKEW_MS_MAX)
    throw new SeaError('CLOCK_SKEW', 'the clocks of the two members differ too much');
  return verified;
}
