/** What every scenario takes and gives. */

import type { Drain } from '../world.ts';

export interface ScenarioOptions {
  readonly nodes: number;
  readonly seed: number;
  readonly drain: Drain;
  /** Progress for people; not part of the result. */
  readonly say: (line: string) => void;
}

export interface ScenarioResult {
  readonly ok: boolean;
  readonly traceHash: string;
  /** Names carry their unit. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why not ok, in words. */
  readonly faults: readonly string[];
}

export type Scenario = (options: ScenarioOptions) => Promise<ScenarioResult>;
