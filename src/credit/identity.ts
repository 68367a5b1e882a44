/** Who is paid here: the node's key and its pay key, each of which has signed the other. */

import type { HashAddress } from '../address/hash-address.ts';
import { addressOfKey, signFor } from '../address/signed.ts';
import { asSeaError } from '../base/errors.ts';
import type { SigningKey } from '../ports/crypto.ts';
import type { Log } from '../ports/log.ts';
import type { PayKey, PayKeys } from '../ports/pay-keys.ts';
import { type Bond, bindingDigest } from './quote.ts';

const PAY_KEY = 'pay';

export interface IdentityOptions {
  readonly key: SigningKey;
  readonly payKeys: PayKeys;
  readonly log: Log;
  /** Has a pay key for this process alone. */
  readonly guest?: boolean | undefined;
}

export class Identity {
  readonly self: HashAddress;
  readonly nodeKey: SigningKey;
  /** False when the pay key is gone with this process: then nothing should be earned with it. */
  readonly isKept: boolean;
  readonly #payKeys: PayKeys;
  #payKey: PayKey;
  #bond: Promise<Bond> | undefined;

  private constructor({ key, payKeys }: IdentityOptions, payKey: PayKey, isKept: boolean) {
    this.self = addressOfKey(key.publicKey);
    this.nodeKey = key;
    this.isKept = isKept;
    this.#payKeys = payKeys;
    this.#payKey = payKey;
  }

  static async open(options: IdentityOptions): Promise<Identity> {
    const { payKeys, log, guest = false } = options;
    if (!guest) {
      try {
        return new Identity(options, await payKeys.kept(PAY_KEY), true);
      } catch (error) {
        log.write('warn', 'the pay key cannot be kept; going on with a passing one, for gifts', {
          error: asSeaError(error).message,
        });
      }
    }
    return new Identity(options, await payKeys.passing(), false);
  }

  get payKey(): PayKey {
    return this.#payKey;
  }

  /** The pay key with both signatures. */
  bond(): Promise<Bond> {
    this.#bond ??= this.#sign(this.#payKey);
    return this.#bond;
  }

  /** Is paid to another key from now on. Throws BAD_ARGUMENT, NO_STORAGE. */
  async replace(privateKey: Uint8Array): Promise<void> {
    this.#payKey = await this.#payKeys.replace(PAY_KEY, privateKey);
    this.#bond = undefined;
  }

  async #sign(payKey: PayKey): Promise<Bond> {
    const { address } = payKey;
    const [keySignature, digest] = await Promise.all([
      signFor('pay-key', this.nodeKey, address),
      bindingDigest(this.#payKeys, this.self),
    ]);
    return { nodeKey: this.nodeKey.publicKey, payee: address, keySignature, binding: payKey.sign(digest) };
  }
}
