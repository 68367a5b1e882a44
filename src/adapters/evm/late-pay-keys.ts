/** Pay keys that come, with all that makes them, when the first is asked for. */

import { late } from '../../base/late.ts';
import type { PayKeys } from '../../ports/pay-keys.ts';

/** `load` is asked once, and again after a failure, which whoever asked is told as HOST_FAILURE. */
export function latePayKeys(load: () => Promise<PayKeys>): PayKeys {
  const come = late(load);
  return {
    kept: async name => (await come()).kept(name),
    replace: async (name, privateKey) => (await come()).replace(name, privateKey),
    passing: async () => (await come()).passing(),
    recover: async (digest, signature) => (await come()).recover(digest, signature),
    keccak: async bytes => (await come()).keccak(bytes),
    seal: async (key, passphrase) => (await come()).seal(key, passphrase),
    unseal: async (file, passphrase) => (await come()).unseal(file, passphrase),
  };
}
