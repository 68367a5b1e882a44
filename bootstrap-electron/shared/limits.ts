/** Bounds of what passes between the main process and its window. Value, unit, and the accident that each bounds. */

import { assert } from '../../src/base/assert.ts';
import { FRAME_BYTES_MAX } from '../../src/ports/link-factory.ts';

/** onWritable comes when a channel that held more than this many bytes has come down to it. */
export const LOW_WATER_BYTES = 262_144;
/**
 * Bytes of one channel that the other process may leave unread; more ends the channel. A window that is busy drawing or
 * woken from sleep reads late: more than the 4 MiB that a websocket waits for.
 */
export const UNREAD_BYTES_MAX = 16_777_216;
/** Websockets at once: the window holds a port for each. A newcomer lets its own go once WebRTC links stand. */
export const CONNECTIONS_MAX = 1_024;
/** Live WebRTC links: a desktop node is the backbone of its sea. */
export const LINKS_MAX = 128;
/** Characters of a setting: a file that somebody else wrote. */
export const SETTING_LENGTH_MAX = 4_096;
/** Nodes whose sea this one joins. */
export const BOOTSTRAPS_MAX = 16;

assert(LOW_WATER_BYTES + FRAME_BYTES_MAX < UNREAD_BYTES_MAX, 'a channel can rise above low water and live');
