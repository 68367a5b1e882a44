/** Which tab of this browser is the first: it keeps the shards, for all tabs share one store and one quota. */

const LOCK = 'peersea.shards';

/** True for the tab that asks while no other holds the lock, until it is closed. */
export function firstTab(): Promise<boolean> {
  return new Promise(resolve => {
    const hold = async (lock: Lock | null): Promise<void> => {
      resolve(lock !== null);
      if (lock !== null) await new Promise(() => {}); // until the page goes
    };
    navigator.locks.request(LOCK, { ifAvailable: true }, hold).catch(() => resolve(false));
  });
}
