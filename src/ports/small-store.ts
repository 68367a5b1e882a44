/** A few small values kept on this device: settings, the peer cache, pay keys and vouchers. What was set outlives the process. */

export interface SmallStore {
  /** The value under `key` (1 to SMALL_KEY_BYTES_MAX bytes of UTF-8, else BAD_ARGUMENT), or undefined. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps a value of at most SMALL_VALUE_BYTES_MAX. Throws NO_STORAGE, TOO_LARGE. */
  set(key: string, value: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
}

export const SMALL_VALUE_BYTES_MAX = 262_144;

/** Longest key, bytes of UTF-8: usable as a file name. */
export const SMALL_KEY_BYTES_MAX = 64;
