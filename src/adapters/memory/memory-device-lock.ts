/** Locks of a device that exists in memory only. */

import type { DeviceLock } from '../../ports/device-lock.ts';

export class MemoryDeviceLock implements DeviceLock {
  readonly #held: Set<string>;

  /** `held` is the device: locks that share it exclude one another. */
  constructor(held: Set<string> = new Set()) {
    this.#held = held;
  }

  async acquire(name: string): Promise<(() => void) | undefined> {
    if (this.#held.has(name)) return undefined;
    this.#held.add(name);
    let released = false;
    return () => {
      if (!released) this.#held.delete(name);
      released = true;
    };
  }
}
