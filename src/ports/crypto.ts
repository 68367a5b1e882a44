/**
 * Keys and signatures (Ed25519, RFC 8032). Private keys are opaque handles that never leave the implementation. Hashing
 * of small things is not here: it is synchronous and done by @noble/hashes where it is needed.
 */

/** A key pair whose private half can be used but not read. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes: the Ed25519 signature of `message`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface Crypto {
  /** The key kept under `name` on this device, made on first use. Throws NO_STORAGE when it can be neither read nor kept. */
  keptKey(name: string): Promise<SigningKey>;
  /** A key that is gone with this process. */
  passingKey(): Promise<SigningKey>;
  /** True when `signature` (64 bytes) by `publicKey` (32 bytes) covers `message`. Never throws on malformed input. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}
