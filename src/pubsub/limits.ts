/** Bounds of channels. Value, unit, and what each bounds. */

/** Characters of a channel's id and of an application's scope. */
export const CHANNEL_ID_LENGTH_MAX = 256;
export const SCOPE_LENGTH_MAX = 128;
/** Largest body of one message, bytes: a larger thing goes through a con or storage, and its link through the channel. */
export const BODY_BYTES_MAX = 262_144;
/** Channels that a node may be in. */
export const CHANNELS_MAX = 64;

/** Partners wanted: with fewer, 30% crashed and 20% silent members cut somebody off (ref. Plumtree, HyParView). */
export const PARTNERS = 20;
/** Partners at most, those that others asked for included. */
export const PARTNERS_MAX = 40;
/** Of the wanted ones, how many are sought among the linked neighbours: near, and no third node can break the way. */
export const PARTNERS_LINKED = 12;
/** Partners that a newcomer asks at first; what they tell of others spreads the rest over the whole channel. */
export const PARTNERS_FIRST = 8;
/** Openings of this node's own that may be under way at once. */
export const DIALS_AT_ONCE = 12;
/** Time for an opening to be answered, ms. */
export const DIAL_TIMEOUT_MS = 8_000;
/** A member that could not be reached is not tried again for this long, ms. */
export const REDIAL_MS = 10_000;
/** Frames of a line that are kept while its greeting is checked. */
export const EARLY_FRAMES_MAX = 64;
/** Between two rounds of openings, ms. */
export const HURRY_MS = 250;
/** An exchange lasts this long at most, ms; it is opened anew before (the longest call is an hour). */
export const LINK_AGE_MS = 3_000_000;
export const LINK_TIMEOUT_MS = 3_600_000;
/** Two exchanges between one pair within this time are one meeting, settled by the addresses, ms. */
export const MEETING_MS = 3_000;
/** A replaced exchange still carries what is under way for this long, ms. */
export const RETIRE_MS = 2_000;

/** Heartbeat of a channel, ms. */
export const BEAT_MS = 5_000;
/** A partner silent this long is asked for a sign of life, ms, and is given up after … (hidden pages answer late). */
export const PING_AFTER_MS = 20_000;
export const SILENCE_MS_MAX = 70_000;
/** Lifetime of a member's announcement, ms. */
export const ANNOUNCE_LIFETIME_MS = 60_000;
/** Between two look-ups of members, ms: while this node has too few partners, and when it has all it knows of. */
export const FIND_MS = 4_000;
export const FIND_IDLE_MS = 15_000;
/** Members remembered; bounds what partners can make us keep. */
export const MEMBERS_MAX = 1_024;
/** Members told at a time. */
export const MEMBERS_PER_MESSAGE = 16;
/** A member that has not shown itself for this long is forgotten, ms. */
export const MEMBER_AGE_MS = 120_000;
/**
 * New members that one partner may tell of, and all who have no room for this node together. They are hearsay, which
 * nobody sees before it was met: a liar makes this node dial in vain that often.
 */
export const TOLD_RATE = { burst: 64, perSecond: 1 } as const;

/** Partners that the first message of a publisher is pushed to: the nearest, and random ones. */
export const EAGER_NEAR = 3;
export const EAGER_RANDOM = 3;
/** Trees kept; a publisher without one begins anew. */
export const TREES_MAX = 512;
/** Direct links pinned for the trees of one channel. */
export const PINS_MAX = 6;
/** Ids are told to lazy partners after this time, ms: several go together, and who says meanwhile that it has one needs not hear. */
export const HAVE_DELAY_MS = 150;
export const HAVE_IDS_MAX = 256;
/** A message that others have is asked for after this time, ms (the tree may only be late), and of the next one after … */
export const GRAFT_AFTER_MS = 300;
export const GRAFT_AGAIN_MS = 500;
/** Messages under validation at a time: an application's check that never ends holds no more. */
export const CHECKING_MAX = 1_024;
/**
 * Messages awaited at a time: in all, and those that one partner was the first to tell of, which may be none at all (one
 * is awaited for less than a second; a channel of 1,000 messages a second fits). And who has each.
 */
export const MISSING_MAX = 16_384;
export const MISSING_TOLD_MAX = 1_024;
export const SOURCES_MAX = 8;
/** Messages kept for those who missed them: time in ms, count, bytes. */
export const SHELF_MS = 60_000;
export const SHELF_COUNT_MAX = 4_096;
export const SHELF_BYTES_MAX = 33_554_432;
/** Ids told to a partner that was away for a moment. */
export const RECENT_IDS_MAX = 256;
/** How far back they reach before its going was noticed, ms: a dead path is noticed late. */
export const RECENT_MS = 20_000;

/** Difference of the clocks of two members that meet, ms; that of two neighbours is no larger. */
export const CLOCK_SKEW_MS_MAX = 3_600_000;
/**
 * A message that is older than this, or as far ahead, is neither heard nor relayed, ms: by the clock here, or by its
 * publisher's where that is known. Clocks may be minutes off; what is sent again later is no message.
 */
export const FRESH_MS = 600_000;
/**
 * … and from here on it is held against who relayed it, ms. An honest one relays what is fresh by its own clock or by the
 * publisher's, and each of these may be off by CLOCK_SKEW_MS_MAX.
 */
export const TIME_MS_TOLERATED: number = 3 * CLOCK_SKEW_MS_MAX;
/** How much older than this node's joining a message of a publisher whose clock is known may seem, ms. */
export const JOIN_SLACK_MS = 1_000;
/** Messages published while nobody was there, kept for who comes within SHELF_MS. */
export const WAITING_MAX = 64;
/** Ids and publishers that the duplicate filter remembers, and the sequence numbers of each publisher. */
export const SEEN_IDS_MAX = 16_384;
export const PUBLISHERS_MAX = 2_048;
export const SEQUENCES_MAX = 512;

/** What this node publishes at most, messages and bytes: `send` waits. Far below what relays take from a partner. */
export const PUBLISH_RATE = { burst: 500, perSecond: 200 } as const;
export const PUBLISH_BYTE_RATE = { burst: 8_388_608, perSecond: 2_097_152 } as const;
/**
 * What one partner may send: messages, bytes, told ids, and all frames together; beyond it they are dropped. It may be
 * no fault of its own: it relays what others publish. What is dropped is told of by others, and asked for later.
 */
export const MESSAGE_RATE = { burst: 2_000, perSecond: 1_000 } as const;
export const BYTE_RATE = { burst: 33_554_432, perSecond: 8_388_608 } as const;
export const ID_RATE = { burst: 16_384, perSecond: 4_096 } as const;
export const FRAME_RATE = { burst: 8_192, perSecond: 4_096 } as const;

/** Scopes that one member serves. */
export const SERVED_MAX = 32;
/** Anycast calls that run here at once; beyond it OVERLOADED, and the caller goes elsewhere. */
export const ANYCAST_RUNNING_MAX = 128;
/** Members tried by one anycast, and the time for each, ms. */
export const ANYCAST_TRIES = 4;
export const ANYCAST_TIMEOUT_MS = 10_000;
/** Servers looked up beyond the partners are remembered for this long, ms. */
export const SERVERS_MS = 15_000;
/** What a member may claim as its load, calls. */
export const LOAD_MAX = 65_535;

if (
  FRESH_MS < SHELF_MS + SILENCE_MS_MAX ||
  TIME_MS_TOLERATED <= 2 * CLOCK_SKEW_MS_MAX + FRESH_MS + SHELF_MS ||
  GRAFT_AFTER_MS <= HAVE_DELAY_MS
)
  throw new Error('limits of channels contradict');
