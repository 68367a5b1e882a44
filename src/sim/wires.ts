/** What channels and negotiations see of the simulated network. */

import type { Clock } from '../base/clock.ts';
import type { SimHost } from './sim-host.ts';
import type { Trace } from './trace.ts';

/** Whether two hosts may exchange frames now. */
export type Reachability = (a: SimHost, b: SimHost) => boolean;

export interface Wires {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly reachable: Reachability;
  readonly negotiable: Reachability;
  /** Time that ICE and DTLS take beyond the signals, ms. */
  readonly negotiationMs: number;
  /** One way, drawn anew for each frame, ms. */
  delayMs(a: SimHost, b: SimHost): number;
}
