/** Who a node is: its key, and what it says of itself in every handshake. */

import { addressOfKey } from './address/signed.ts';
import { asSeaError } from './base/errors.ts';
import type { Scope } from './base/scope.ts';
import type { LocalNode } from './link/handshake.ts';
import type { Platform } from './platform.ts';
import type { SigningKey } from './ports/crypto.ts';
import type { SeaOptions } from './sea-api.ts';

/** What a node of this key and these options states in handshakes. */
export function localNode(key: SigningKey, { networkId = 'peersea', leaf = false, url }: SeaOptions): LocalNode {
  return { key, address: addressOfKey(key.publicKey), networkId, leaf, url: url ?? null };
}

/** The kept identity where this process gets the device's lock on it, else one for this process alone. */
export async function nodeKey(platform: Platform, options: SeaOptions, scope: Scope): Promise<SigningKey> {
  if (options.identity !== 'passing') {
    try {
      const release = await platform.lock.acquire('node-key');
      if (release !== undefined) {
        scope.defer(release);
        return await platform.crypto.keptKey('node');
      }
    } catch (error) {
      options.log?.write('warn', 'the kept identity cannot be had; going on with a passing one', {
        error: asSeaError(error).message,
      });
    }
  }
  return platform.crypto.passingKey();
}
