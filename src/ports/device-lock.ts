/** One holder at a time among all processes that share this device's storage (tabs of one origin, nodes of one folder). */

export interface DeviceLock {
  /** A function that releases the lock, or undefined when somebody else holds it. A holder that dies releases it. */
  acquire(name: string): Promise<(() => void) | undefined>;
}
