/** Blocks kept on this device by the hex text of their SHA-256. The store does not check hashes; its callers do. */

export interface BlockStore {
  get(hash: string): Promise<Uint8Array | undefined>;
  has(hash: string): Promise<boolean>;
  /** Throws NO_STORAGE when the device refuses. */
  put(hash: string, bytes: Uint8Array): Promise<void>;
  delete(hash: string): Promise<void>;
}
