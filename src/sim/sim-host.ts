/** One simulated machine: a place on the square, and whether it still answers. */

/** What a host does to its channels when it dies. */
export interface HostChannel {
  /** The other side notices after that time. */
  die(noticedMs: number): void;
}

export class SimHost {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  /** running; silent: keeps its connections and answers nothing (a frozen tab); dead: killed. */
  state: 'running' | 'silent' | 'dead' = 'running';
  readonly channels: Set<HostChannel> = new Set();

  constructor(index: number, x: number, y: number) {
    this.index = index;
    this.x = x;
    this.y = y;
  }
}
