/** Bounds of WebRTC connections: value, unit, what each is for. */

import { assert } from '../../base/assert.ts';
import { FRAME_BYTES_MAX } from '../../ports/link-factory.ts';

/** Candidates taken from or told to the other end of one attempt. Each one makes this machine send probes to it. */
export const CANDIDATES_MAX = 64;

/** onWritable comes when no more than this waits in the send queue, bytes. Keeps a fast link busy meanwhile. */
export const LOW_WATER_BYTES: number = 256 * 1024;

/** A channel whose sender ignores `bufferedBytes` is closed here, bytes: at 16 MiB some stacks drop frames silently. */
export const QUEUED_BYTES_MAX: number = 12 * 1024 * 1024;

/** Longest message the remote description announces, bytes (what browsers announce themselves). */
export const MESSAGE_BYTES_MAX = 262_144;

/** How long the other end may take to read what was sent and close the connection, ms; then it is cut. */
export const LINGER_MS = 1_000;

/** Where the stack has no bufferedamountlow event (wrtc in Node) the queue is looked at this often, ms, while it is long. */
export const DRAIN_POLL_MS = 4;

/** Lowest port a stranger's candidate may name: below it this machine would probe well-known services for a stranger. */
export const CANDIDATE_PORT_MIN = 1_024;

/** Wait before the end of candidates is told, ms: wrtc marks the end before it hands out the last ones. */
export const END_SETTLE_MS = 50;

/** A certificate with less life left is not used for a new connection, ms: connections last hours, not days. */
export const CERTIFICATE_REST_MS_MIN = 86_400_000;

/** Time after the first candidate in which simple-peer lets its own timer run, ms; it keeps a Node process alive. */
export const ICE_COMPLETE_TIMEOUT_MS = 300;

assert(FRAME_BYTES_MAX <= MESSAGE_BYTES_MAX, 'a frame fits one message');
assert(LOW_WATER_BYTES + FRAME_BYTES_MAX <= QUEUED_BYTES_MAX, 'there is room between the marks');
