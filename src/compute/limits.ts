/** Bounds of the compute service. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../base/assert.ts';
import { HEDGE_MS } from '../blocks/limits.ts';
import { CALL_TIMEOUT_MS_MAX } from '../wire/limits.ts';

// --- Modules and manifests ---

/** Bytes of a task's module: what a stranger can make this device fetch, hash, compile and keep. */
export const MODULE_BYTES_MAX = 8_388_608;
/** Items of any one list in a module (types, functions, exports …); bounds the time spent on inspecting it. */
export const MODULE_ITEMS_MAX = 100_000;
/** Elements that a module's tables may hold at the start, all together: V8 allows 10 million, 80 MB each. */
export const TABLE_ELEMENTS_MAX = 1_000_000;
/** Bytes of a WebAssembly page. */
export const PAGE_BYTES = 65_536;
/** Memory of one running instance, bytes, whatever its manifest asks: slots × this is what a device can lose. */
export const MEMORY_BYTES_MAX = 268_435_456;
export const MEMORY_BYTES_DEFAULT = 67_108_864;
/** One input, bytes: held by the requester until its part is accepted, by the provider while it waits for a slot. */
export const INPUT_BYTES_MAX = 16_777_216;
export const INPUT_BYTES_DEFAULT = 4_194_304;
/** One output, bytes: what a provider can make a requester receive for one part. */
export const OUTPUT_BYTES_MAX = 16_777_216;
export const OUTPUT_BYTES_DEFAULT = 4_194_304;
/** Bytes of an encoded manifest. */
export const MANIFEST_BYTES_MAX = 4_096;
/** Characters of a task's name: it is shown to the people whose devices run it. */
export const TASK_NAME_LENGTH_MAX = 64;
/** Features that a manifest may name, and characters of each. */
export const FEATURES_MAX = 16;
export const FEATURE_LENGTH_MAX = 32;

// --- Fetching bundles ---

/** Time to fetch one bundle, ms: a requester who trickles bytes holds a fetch no longer. */
export const FETCH_TIMEOUT_MS = 30_000;
/** Time in which a fetch has brought its first block, ms: one who delivers nothing holds its place no longer. */
export const FETCH_BEGIN_MS = 8_000;
/** Bundles being fetched at once: each may hold MODULE_BYTES_MAX. */
export const FETCHES_MAX = 8;
/** Those for requesters that came by one neighbour: one who delivers nothing, or slowly, leaves places to others. */
export const FETCHES_PER_NEIGHBOUR_MAX = 2;
/** Time a requester gives a provider to get ready, ms: it may wait for a fetch begun for another first. */
export const PREPARE_TIMEOUT_MS: number = FETCH_BEGIN_MS + FETCH_TIMEOUT_MS + 5_000;
/** Bundles kept ready in memory; of the neighbour that brought most, the one used longest ago makes room. */
export const READY_BUNDLES_MAX = 16;

// --- Providing ---

/** Slots that a device may contribute or claim: a liar's claim draws no wider window than this. */
export const SLOTS_MAX = 128;
/** Parts of one requester that wait for a slot: enough to hide its round trip, too few to crowd others out. */
export const QUEUED_PER_REQUESTER_MAX = 2;
/** Parts that wait for a slot, per slot, all requesters together. */
export const QUEUED_PER_SLOT_MAX = 2;
/** Longest run that a requester may ask for, ms. */
export const RUN_TIMEOUT_MS_MAX = 600_000;
export const RUN_TIMEOUT_MS_DEFAULT = 60_000;
/** Neighbours whose announced slots are remembered. */
export const CANDIDATES_MAX = 1_024;
/** First wait before an announcement that failed is sent again, ms, and the try after which that doubles no more. */
export const ANNOUNCE_RETRY_MS = 1_000;
export const ANNOUNCE_TRIES_MAX = 6;
/** Time for an announcement to be answered, ms. */
export const ANNOUNCE_TIMEOUT_MS = 10_000;

// --- Requesting ---

/** Bytes of a part's name in the books of both sides: 8 for its map, 8 for its index. */
export const SUBTASK_BYTES = 16;
/** Results that may have to agree. */
export const REDUNDANCY_MAX = 8;
/** Share of providers that are taken to lie where the requester says nothing of it. */
export const LIAR_SHARE_ASSUMED = 0.1;
/** Providers that must tell the same error of a task before it ends the map, whatever the redundancy: one may lie. */
export const ERROR_VOTES_MIN = 2;
/** Time for a second provider to come, where one has told an error and there is no other, ms: then its word stands. */
export const ALONE_MS = 5_000;
/** The same where others are known but none of them takes the part, ms. */
export const UNJUDGED_MS = 20_000;
/** Providers that get ready at once, at least: a job of few parts does not wake the whole sea. */
export const PREPARING_MIN = 8;
/** Time after which a provider that gets ready is counted on no more, ms: others are asked beside it. */
export const PREPARE_LATE_MS = 3_000;
/** Parts given to a provider before its first answer: a claim of many slots is believed step by step. */
export const WINDOW_START = 4;
/** Parts pulled and not delivered, per part of all windows together; the first value is the least. */
export const UNDELIVERED_MIN = 16;
export const UNDELIVERED_PER_WINDOW = 4;
/** Bytes of inputs and undelivered outputs held before the source is pulled no more. */
export const HELD_BYTES_MAX = 268_435_456;
/** Answer times that the median is taken over. */
export const PACE_SAMPLES = 32;
/** A part is silent after this many medians, but never before SILENT_MS_MIN, ms. */
export const SILENT_MEDIANS = 3;
export const SILENT_MS_MIN = 2_000;
/** The same while no part was answered yet, ms. */
export const SILENT_MS_UNKNOWN = 10_000;
/** At the end, when providers are idle, a part is late after this many medians, but never before TAIL_LATE_MS_MIN. */
export const TAIL_LATE_MEDIANS = 1.5;
export const TAIL_LATE_MS_MIN = 100;
/** A part that still waits in a provider's queue is copied to an idle provider when parts take at least this long, ms. */
export const TAIL_STEAL_MS_MIN = 20;
/** Copies of one part beyond the attempts it needs. */
export const COPIES_MAX = 2;
/** A run's lease is twice its time (it may wait behind one other) and this much for the ways there and back, ms. */
export const LEASE_EXTRA_MS = 10_000;
/** Rest of a provider that failed, ms: doubles with each failure in a row. */
export const REST_MS_MIN = 1_000;
export const REST_MS_MAX = 30_000;
/** Rest of a provider that wants its vouchers redeemed first, ms: its owner is told so, and may do it at any moment. */
export const TERMS_REST_MS = 2_000;
/** Rest of a provider that had no slot left, ms: doubles likewise. */
export const BUSY_REST_MS_MIN = 200;
export const BUSY_REST_MS_MAX = 5_000;
/** Failures in a row after which a provider gets no more work of this map. */
export const FAILURES_IN_A_ROW_MAX = 5;
/** Attempts of one part that may fail by their hosts' fault before the map fails: a part that kills its hosts ends. */
export const PART_FAILURES_MAX = 8;
/** Attempts of one part that may run out of time before the map fails with TASK_TIMEOUT. */
export const PART_TIMEOUTS_MAX = 2;
/** Time without any provider that could take waiting work before the map fails with NO_PROVIDER, ms. */
export const NO_PROVIDER_MS = 30_000;
/** The same where all who are known were asked and none agreed on terms, ms. */
export const NO_TERMS_MS = 3_000;

assert(MEMORY_BYTES_MAX % PAGE_BYTES === 0, 'the memory cap is whole pages');
assert(MEMORY_BYTES_DEFAULT <= MEMORY_BYTES_MAX, 'the default memory is within the cap');
assert(2 * RUN_TIMEOUT_MS_MAX + LEASE_EXTRA_MS <= CALL_TIMEOUT_MS_MAX, 'a lease fits into a call');
assert(FETCH_BEGIN_MS > 2 * HEDGE_MS, 'a first block comes in time after one was waited for that another asked for');
assert(UNJUDGED_MS + ALONE_MS < NO_PROVIDER_MS, 'an error that was told says more than that nobody took the part');
assert(PREPARE_TIMEOUT_MS > FETCH_BEGIN_MS + FETCH_TIMEOUT_MS, 'a requester waits for a second fetch');

/** Candidates with which a node looks for no further ones; bounds the links that one map asks for. */
export const SCOUT_WANTED = 24;
/** Links asked for after one look around, and the time between two, ms. */
export const SCOUT_LINKS_AT_ONCE = 6;
export const SCOUT_EVERY_MS = 10_000;
