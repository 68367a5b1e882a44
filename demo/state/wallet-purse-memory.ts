/**
 * Which purse this device opened, kept from before its transaction is sent: a page that closes while the wallet asks must
 * find the purse again. What was put in is kept beside it, for the chain tells only what is left.
 */

import type { ConsentStorage } from '../consent.ts';

const KEY = 'peersea.purse';

export interface KnownPurse {
  /** Whoever opened it: 0x and 40 hex digits. */
  readonly payer: string;
  /** Its session key's address. */
  readonly key: string;
  /** All that was put in, in the smallest unit. */
  readonly deposited: bigint;
  /** Most for one part. */
  readonly priceMax: bigint;
  /** Which contract it lies in. */
  readonly contract: string;
}

export function readPurse(storage: ConsentStorage): KnownPurse | undefined {
  try {
    const { payer, key, deposited, priceMax, contract } = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (![payer, key, contract].every(isAccount)) return undefined;
    return { payer, key, contract, deposited: BigInt(deposited), priceMax: BigInt(priceMax) };
  } catch {
    return undefined; // nothing kept, or not by this page
  }
}

export function writePurse(storage: ConsentStorage, purse: KnownPurse | undefined): void {
  try {
    if (purse === undefined) return storage.removeItem(KEY);
    const { deposited, priceMax } = purse;
    storage.setItem(KEY, JSON.stringify({ ...purse, deposited: String(deposited), priceMax: String(priceMax) }));
  } catch {
    // without it the chain's own figures are shown
  }
}

function isAccount(value: unknown): boolean {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value);
}
