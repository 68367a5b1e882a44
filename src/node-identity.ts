/** Who a node is: its key, and what it says of itself in every handshake. */

import { addressOfKey } from './address/signed.ts';
import { asSeaError, SeaError } from './base/errors.ts';
import type { Scope } from './base/scope.ts';
import type { LocalNode } from './link/handshake.ts';
import type { Platform } from './platform.ts';
import type { SigningKey } from './ports/crypto.ts';
import type { SeaOptions } from './sea-api.ts';

/** What a node of this key and these options states in handshakes. */
export function localNode(key: SigningKey, { networkId = 'peersea', leaf = false, url }: SeaOptions): LocalNode {
  return { key, address: addressOfKey(key.publicKey), networkId, leaf, url: url ?? null };
}

export interface NodeIdentity {
  readonly key: SigningKey;
  /** This process holds the device's lock: what is kept on the device is its to write. */
  readonly holdsDevice: boolean;
}

/**
 * The kept identity where this process gets the device's lock on it, else one for this process alone. Throws NO_STORAGE where
 * the device was named for this node: it would not be who it is meant to be.
 */
export async function nodeIdentity(platform: Platform, options: SeaOptions, scope: Scope): Promise<NodeIdentity> {
  const { namedDevice: device } = platform;
  if (options.identity !== 'passing') {
    try {
      const release = await platform.lock.acquire('node-key');
      if (release !== undefined) {
        scope.defer(release);
        return { key: await platform.crypto.keptKey('node'), holdsDevice: true };
      }
      if (device !== undefined) throw new SeaError('NO_STORAGE', `${device} is in use by another node`);
    } catch (error) {
      if (device !== undefined) {
        scope.close(); // gives the lock back
        throw asSeaError(error, 'NO_STORAGE');
      }
      options.log?.write('warn', 'the kept identity cannot be had; going on with a passing one', {
        error: asSeaError(error).message,
      });
    }
  }
  return { key: await platform.crypto.passingKey(), holdsDevice: platform.isStoreOwn };
}
