/**
 * Keys of the chains: secp256k1 with Keccak-256, as EVM contracts check them. Apart from `crypto.ts` because they come
 * later (their code is loaded when money is first spoken of) and because their private halves can be exported: they hold
 * money that must outlive this origin.
 */

/** An account's 20 bytes: the last 20 of the Keccak-256 of its uncompressed public key. */
export type PayAddress = Uint8Array;

/** A key pair that signs digests. */
export interface PayKey {
  readonly address: PayAddress;
  /** 64 bytes, EIP-2098: r, then s (low) with the parity of y in its top bit. `digest` is 32 bytes. */
  sign(digest: Uint8Array): Uint8Array;
  /** The private key, 32 bytes, for whoever takes it elsewhere. */
  export(): Uint8Array;
}

export interface PayKeys {
  /** The key kept under `name` on this device, made on first use. Throws NO_STORAGE when it can be neither read nor kept. */
  kept(name: string): Promise<PayKey>;
  /** The key of a private key of 32 bytes, kept under `name` from now on in place of what was there. Throws BAD_ARGUMENT, NO_STORAGE. */
  replace(name: string, privateKey: Uint8Array): Promise<PayKey>;
  /** A key that is gone with this process. */
  passing(): Promise<PayKey>;
  /** Who signed a digest (32 bytes); undefined for a signature (64 bytes, EIP-2098) that is malformed, high in s or of nobody. */
  recover(digest: Uint8Array, signature: Uint8Array): Promise<PayAddress | undefined>;
  /** Keccak-256, 32 bytes. */
  keccak(bytes: Uint8Array): Promise<Uint8Array>;
  /** The private key as a Web3 Secret Storage file of version 3 (JSON), which wallets read. Takes about a second. */
  seal(key: PayKey, passphrase: string): Promise<string>;
  /** The private key of such a file, 32 bytes. Throws BAD_ARGUMENT for another file or another passphrase. */
  unseal(file: string, passphrase: string): Promise<Uint8Array>;
}
