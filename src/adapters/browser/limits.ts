/** Bounds of websocket and tab channels. Value, unit, and the attack or the accident that each bounds. */

import { assert } from '../../base/assert.ts';
import { FRAME_BYTES_MAX } from '../../ports/link-factory.ts';

/** onWritable comes when a channel that held more than this many bytes has come down to it. */
export const LOW_WATER_BYTES = 262_144;
/** A channel whose unsent bytes pass this is closed: a peer that takes our frames and never reads them. */
export const BUFFERED_BYTES_MAX = 4_194_304;
/** A page's WebSocket does not say when it has drained: it is asked this often, ms, while above low water. */
export const DRAIN_POLL_MS = 8;

/** Time from dialling a websocket to its opening, ms: a host that accepts and says nothing. */
export const WEBSOCKET_DIAL_TIMEOUT_MS = 15_000;

/** Time in which another tab must answer a seeking one, ms. */
export const TAB_DIAL_TIMEOUT_MS = 3_000;
/** An offer that the seeking tab has not taken up by then is forgotten, ms. */
export const TAB_OFFER_TIMEOUT_MS = 3_000;
/** A tab channel asks for a sign of life this often, ms. */
export const TAB_BEAT_MS = 2_500;
/** Beats without any word from the other tab until its channel is closed (4 beats: 10 s). */
export const TAB_SILENT_BEATS_MAX = 4;
/** Tab channels and open offers that one tab carries for others: a page that opens dozens of tabs. */
export const TAB_CHANNELS_MAX = 8;
/** Answers to seeking tabs: a tab that reloads in a loop. */
export const TAB_ANSWER_RATE = { burst: 16, perSecond: 2 } as const;

assert(LOW_WATER_BYTES + FRAME_BYTES_MAX < BUFFERED_BYTES_MAX, 'a channel can rise above low water and live');
