/** Bounds of connections. Value, unit, and what each bounds. */

import { FRAGMENT_BYTES } from '../routing/limits.ts';

/** Version of the session protocol. */
export const CON_VERSION = 1;
/** Bytes sent and not yet acknowledged before `send` and streams wait: what a silent remote can make us keep. */
export const UNACKED_BYTES_MAX = 8_388_608;
/** The same when the application does not wait: beyond it `send` is refused (OVERLOADED). */
export const OUTBOX_BYTES_MAX = 16_777_216;
/** Largest frame, and so value of `send`, bytes: a larger thing goes through a stream. */
export const MESSAGE_BYTES_MAX = 4_194_304;
/** Characters of an application's scope and of a stream's name. */
export const NAME_LENGTH_MAX = 128;
/** What a kept message counts for at least, bytes: small ones cost more to hold than their own length. */
export const KEPT_COST_BYTES = 128;
/** An acknowledgement goes out after this many bytes, or … */
export const ACK_BYTES = 65_536;
/** … this long after the first byte that waits for one, ms. */
export const ACK_DELAY_MS = 50;

/** Payload of one chunk of a stream, bytes: with its headers and seal it fits one fragment of a path. */
export const CHUNK_BYTES = 61_440;
/** Bytes of a stream that may be under way or wait for the reader: memory per stream, on both sides. */
export const STREAM_WINDOW_BYTES = 1_048_576;
/** The same before anybody reads, and while memory is scarce: what streams that nobody asked for can make this side keep. */
export const UNREAD_WINDOW_BYTES = 65_536;
/** The part of its window that a reader has consumed when the writer gets it back as credit: one in so many. */
export const CREDIT_PARTS = 4;
/** Streams of one con at a time, both directions of opening together; the same again of those nobody has asked for. */
export const STREAMS_MAX = 64;
/** Refused streams of which the remote may not have heard: who opens on and acknowledges nothing makes us keep no more. */
export const REFUSALS_MAX = 256;
/** Bytes of messages kept for scopes that the application does not listen to yet; later ones are dropped (and logged). */
export const EARLY_BYTES_MAX: number = MESSAGE_BYTES_MAX;
/** Payload of what may come on a carrier before it is agreed on, bytes: a sign of life, sealed. */
export const EARLY_ITEM_BYTES_MAX = 256;

/** Bytes that all remotes together may have this node keep unread, windows that they have not used included. */
export const UNREAD_ALL_BYTES_MAX = 268_435_456;
/** Those of them that each con may always have: a stream and as much in messages, whatever others do. */
export const UNREAD_CON_BYTES = 131_072;
/** What one peer may have besides while nobody else has anything; the less is free the less, by the square of it. */
export const UNREAD_PEER_BYTES_MAX = 16_777_216;

/** Heartbeat of the cons, ms. */
export const BEAT_MS = 1_000;
/** A carrier that was idle this long is asked for a sign of life, ms (a path idle for 300 s ends). */
export const PING_IDLE_MS = 20_000;
/** A carrier that owes an answer for this long is asked again every beat, and … */
export const PING_AFTER_MS = 1_000;
/** … after this long it is suspect: another is sought, ms. */
export const SUSPECT_MS = 5_000;
/** Pings that wait for an answer on one carrier: a dead one is not asked for ever. */
export const PINGS_MAX = 64;
/** Time for the first carrier of a session to be agreed on, or a later one, ms. */
export const ATTACH_TIMEOUT_MS = 6_000;
/** Time between attempts while there is no carrier, ms: drawn from the lower to the upper. */
export const RETRY_MS_MIN = 1_000;
export const RETRY_MS_MAX = 2_000;
/** Attempts under way at a time. */
export const ATTEMPTS_MAX = 4;
/** Time for the first carrier, ms; then the con ends with what the last attempt said. */
export const OPENING_MS = 30_000;
/** A con without a carrier for this long ends (PEER_GONE), ms. */
export const LOST_MS = 300_000;
/** A carrier is replaced at this age, ms: an exchange lasts an hour at most. */
export const CARRIER_AGE_MS = 3_000_000;
/** Wait before the direct link is asked for again after it failed, ms: the first, doubled up to the last. */
export const UPGRADE_MS_MIN = 5_000;
export const UPGRADE_MS_MAX = 300_000;
/** The longest such wait of a relayed con in use, ms: others carry what it sends, and a dial costs them less than that … */
export const UPGRADE_BUSY_MS_MAX = 15_000;
/** … once it has carried so many frames since the last one: a sign of life now and then is no use. */
export const BUSY_FRAMES = 16;
/** Time for the other side to take its leave after `disconnect`, ms. */
export const LEAVE_MS = 3_000;

/** Cons of this node, and how many it may have when others open one to it: the rest is for its own application. */
export const CONS_MAX = 1_024;
export const CONS_TAKEN_MAX = 896;
/** Cons that one peer may have opened to this node. */
export const CONS_PER_PEER_MAX = 8;
/** Openings under way that others asked for: each costs two curve operations and waits for its confirmation. */
export const OPENINGS_MAX = 64;
/** Those of them that may come by way of one neighbour: a stranger who never confirms leaves room for others. */
export const OPENINGS_PER_NEIGHBOUR_MAX = 16;
/** Carriers that a peer may ask for in the life of a session: each has nonces of its own. */
export const EPOCH_MAX = 0xffff_ffff;

if (
  CHUNK_BYTES + 1_024 > FRAGMENT_BYTES ||
  MESSAGE_BYTES_MAX > UNACKED_BYTES_MAX ||
  UNREAD_WINDOW_BYTES > UNREAD_CON_BYTES ||
  CONS_MAX * UNREAD_CON_BYTES + UNREAD_PEER_BYTES_MAX > UNREAD_ALL_BYTES_MAX
)
  throw new Error('con limits contradict one another');
