/** Anvil, the development chain, as a child that never outlives us: not even when we are killed outright. */
export class Anvil {
  /** `port`: 0 for any free one. `stateFile`: what a former chain left, if anything. */
  constructor(options: { readonly port: number; readonly stateFile?: string | undefined });
  /** Of the chain's own process, once it is ready. */
  readonly pid: number | undefined;
  /** Resolves with what a person would call the reason. */
  readonly ended: Promise<string>;
  /** Where it answers; undefined when it ended before it listened. */
  ready(): Promise<string | undefined>;
  /** Ends it at once. Resolves when it is gone. */
  stop(): Promise<void>;
}
