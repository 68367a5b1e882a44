/**
 * Keys and signatures (Ed25519, RFC 8032), and secrets agreed with one other node (X25519, RFC 7748) that seal what
 * strangers carry. Private keys are opaque handles that never leave the implementation. Hashing
 * of small things is not here: it is synchronous and done by @noble/hashes where it is needed.
 */

/** A key pair whose private half can be used but not read. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes: the Ed25519 signature of `message`. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** One side of a key agreement: made fresh, used once, forgotten. */
export interface KeyAgreement {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /**
   * The secret shared with the holder of `theirs` (32 bytes), stretched by HKDF-SHA-256 with `salt` and `info` into one
   * key a direction. Both sides get the same pair, the directions crossed. BAD_SIGNATURE for a key that is no fit partner
   * (wrong length, small order, our own).
   */
  derive(theirs: Uint8Array, salt: Uint8Array, info: Uint8Array): Promise<SealingPair>;
}

/** Bytes that a sealed message is longer than its plain text. */
export const SEAL_BYTES = 16;
/** Bytes of a nonce. */
export const NONCE_BYTES = 12;

/** Sealing for one partner. The caller never gives seal() the same nonce twice. */
export interface SealingPair {
  /** `plain` encrypted and authenticated (AES-256-GCM): SEAL_BYTES longer. */
  seal(nonce: Uint8Array, plain: Uint8Array): Promise<Uint8Array>;
  /** What the partner sealed with this nonce. BAD_SIGNATURE when it did not. */
  open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array>;
}

export interface Crypto {
  /** The key kept under `name` on this device, made on first use. Throws NO_STORAGE when it can be neither read nor kept. */
  keptKey(name: string): Promise<SigningKey>;
  /** A key that is gone with this process. */
  passingKey(): Promise<SigningKey>;
  /** The key of a private seed of 32 bytes (RFC 8032 §5.1.5), such as one that came in a link. Throws BAD_ARGUMENT. */
  seedKey(seed: Uint8Array): Promise<SigningKey>;
  /** True when `signature` (64 bytes) by `publicKey` (32 bytes) covers `message`. Never throws on malformed input. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** SHA-256 of bytes of any length (read now), off this thread where the platform can. Small things are hashed where they are needed. */
  hash(bytes: Uint8Array): Promise<Uint8Array>;
  /** Begins an agreement. UNSUPPORTED where the platform lacks X25519. */
  agreement(): Promise<KeyAgreement>;
}
