/** Bounds of a node that others dial. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../../base/assert.ts';
import type { Rate } from '../../base/token-bucket.ts';
import { FRAME_BYTES_MAX } from '../../ports/link-factory.ts';

/** What a websocket listener allows. One address is one IPv4 address or one IPv6 network of 64 bits. */
export interface ListenerLimits {
  /** Websockets open at once, from everybody: memory (about 16 KiB each). */
  readonly connectionsMax: number;
  /** Websockets open at once from one address: one stranger must not take all of the above (a school shares one). */
  readonly connectionsPerAddressMax: number;
  /** New websockets from one address: a handshake costs a signature check. */
  readonly dials: Rate;
  /** Frames from one websocket; more ends it. An honest bulk transfer of full frames stays below 1/5 of it. */
  readonly frames: Rate;
  /** Bytes from one websocket; above it reading pauses, so that TCP slows the sender down and nothing is lost. */
  readonly bytes: Rate;
  /** Time for the first frame, ms: sockets that are opened and left lying. */
  readonly firstFrameTimeoutMs: number;
}

export const LISTENER_LIMITS: ListenerLimits = {
  connectionsMax: 8_192,
  connectionsPerAddressMax: 256,
  dials: { burst: 256, perSecond: 16 },
  frames: { burst: 20_000, perSecond: 5_000 },
  bytes: { burst: 67_108_864, perSecond: 67_108_864 },
  firstFrameTimeoutMs: 10_000,
};

/** Addresses whose rate is remembered: a sender with a network of its own must not fill memory. */
export const ADDRESSES_MAX = 16_384;

/** TCP connections that are not websockets (page, health) beside the websockets. */
export const HTTP_CONNECTIONS_MAX = 1_024;
/** Time to send the head of a request, ms: slow ones hold a connection no longer. */
export const HTTP_HEAD_TIMEOUT_MS = 10_000;
/** Time for answers under way when the server closes, ms: a page or a health report, never a websocket. */
export const HTTP_CLOSE_TIMEOUT_MS = 500;
/** Time for the other end to agree to a close, ms. Then its connection is cut. */
export const CLOSE_TIMEOUT_MS = 3_000;

/** Questions to the chain that are passed on at once: each holds its answer in memory. */
export const CHAIN_QUESTIONS_MAX = 64;
/** Longest question passed on, bytes: the largest batch of vouchers has 50 KB. */
export const CHAIN_QUESTION_BYTES_MAX = 131_072;
/** Longest answer passed on, bytes: what a page takes at most. */
export const CHAIN_ANSWER_BYTES_MAX = 1_048_576;
/** Time for the chain's answer, ms. */
export const CHAIN_TIMEOUT_MS = 10_000;

assert(LISTENER_LIMITS.bytes.burst >= FRAME_BYTES_MAX, 'a frame of any size is taken');
assert(LISTENER_LIMITS.connectionsMax >= LISTENER_LIMITS.connectionsPerAddressMax, 'one address is part of all');
