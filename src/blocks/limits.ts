/** Bounds of the transfer of blocks. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../base/assert.ts';

// --- Format ---

/** Bytes of a block: what travels in one call, so that a transfer never holds a link's rpc class for long. */
export const BLOCK_BYTES_MAX = 262_144;
/** Entries of one list: 16 MiB of full blocks, and what is asked for when a list is all that changed. */
export const LIST_ENTRIES_MAX = 64;
/** Lists within lists, the outermost counted: bounds the walk into a stranger's nesting. */
export const LIST_DEPTH_MAX = 8;
/** Bytes of one content: half of what a device's block store keeps, so that a content does not push itself out. */
export const CONTENT_BYTES_MAX = 134_217_728;
/** Entries met on the walk through one content. A few lists that name each other often unfold without end. */
export const ENTRIES_MAX = 16_384;

// --- Transfer ---

/** Blocks of one content asked for at once, per source and in all: hides the round trip, bounds what is in memory. */
export const IN_FLIGHT_PER_SOURCE = 4;
export const IN_FLIGHT_MAX = 8;
/** Nodes that one content is fetched from. */
export const SOURCES_MAX = 16;
/** Time for one block, ms. */
export const BLOCK_TIMEOUT_MS = 20_000;
/** Time after which another source is asked for a block beside the one that is awaited, ms. */
export const HEDGE_MS = 3_000;
/** Time for a whole content that is pushed, ms. */
export const PUSH_TIMEOUT_MS = 600_000;
/** Contents that are taken from pushing nodes at once: each may hold IN_FLIGHT_PER_SOURCE blocks. */
export const PUSHES_MAX = 8;
/** Those that came by one neighbour: one who pushes what it never delivers leaves places to others. */
export const PUSHES_PER_NEIGHBOUR_MAX = 2;
/** Blocks read at once for those who ask, each in memory till it is sent; more wait, neighbour by neighbour in turn. */
export const READS_AT_ONCE = 16;
/** Blocks offered at once, all contents together, one that is offered twice counted twice; bounds the table that names them. */
export const OFFERED_BLOCKS_MAX = 65_536;

const ENTRY_BYTES_MAX = 48; // a digest, a length, a flag, and their CBOR heads
assert(LIST_ENTRIES_MAX * ENTRY_BYTES_MAX < BLOCK_BYTES_MAX, 'a list is a block');
assert(CONTENT_BYTES_MAX / BLOCK_BYTES_MAX < ENTRIES_MAX, 'a content of full blocks can be walked through');
