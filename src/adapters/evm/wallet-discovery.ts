/** Which wallets are in this browser: they announce themselves when asked (EIP-6963). Nothing is connected by that. */

import type { Eip1193Provider, FoundWallet } from './eip1193.ts';
import { WALLETS_MAX } from './limits.ts';

/**
 * Calls `onWallet` for each wallet, once, now and when one is installed later. Returns what stops it. `target`: the
 * page's window.
 */
export function discoverWallets(target: EventTarget, onWallet: (wallet: FoundWallet) => void): () => void {
  const seen = new Set<string>();
  const listener = (event: Event): void => {
    const wallet = announced((event as CustomEvent<unknown>).detail);
    if (wallet === undefined || seen.has(wallet.id) || seen.size >= WALLETS_MAX) return;
    seen.add(wallet.id);
    onWallet(wallet);
  };
  target.addEventListener('eip6963:announceProvider', listener);
  target.dispatchEvent(new Event('eip6963:requestProvider'));
  return () => target.removeEventListener('eip6963:announceProvider', listener);
}

/** Any script of the page may announce anything: what does not look like a wallet is none. */
function announced(detail: unknown): FoundWallet | undefined {
  const { info, provider } = (detail ?? {}) as { info?: Record<string, unknown>; provider?: Partial<Eip1193Provider> };
  const { uuid: id, name, icon, rdns: maker } = info ?? {};
  if (typeof id !== 'string' || typeof name !== 'string' || typeof provider?.request !== 'function') return undefined;
  return {
    id,
    name: name.slice(0, 64),
    icon: typeof icon === 'string' && /^data:image\//.test(icon) ? icon : '',
    maker: typeof maker === 'string' ? maker : '',
    provider: provider as Eip1193Provider,
  };
}
