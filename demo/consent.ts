/**
 * What the visitor agreed to, kept on this device only. To lend nothing and to stay out for now are choices too, and
 * kept alike. A stored text that does not fit is no consent.
 */

const KEY = 'peersea.consent';

/** Raise it when what the visitor agrees to changes: everybody is asked again. */
export const CONSENT_VERSION = 2;

export interface Consent {
  /** Cores to lend while contributing. */
  readonly cores: number;
  readonly contributing: boolean;
  /** Room for shards of other people's files while contributing, bytes; 0 lends none. */
  readonly storageBytes: number;
  /** False after the visitor left the sea: the next visit waits for a click. */
  readonly joined: boolean;
}

/** The part of `Storage` that is needed. */
export type ConsentStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The stored consent, its cores brought within what this device has; undefined if there is none or storage is refused. */
export function readConsent(storage: ConsentStorage, coresMax: number): Consent | undefined {
  try {
    return parseConsent(storage.getItem(KEY), coresMax);
  } catch {
    return undefined; // storage may be refused altogether: the visitor is asked each time
  }
}

export function writeConsent(storage: ConsentStorage, consent: Consent): void {
  try {
    storage.setItem(KEY, JSON.stringify({ version: CONSENT_VERSION, ...consent }));
  } catch {
    // a full or refused storage costs one more question at the next visit
  }
}

export function forgetConsent(storage: ConsentStorage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // nothing was kept where storage is refused
  }
}

/** Half of the cores, at least one. */
export function defaultCores(coresMax: number): number {
  return Math.max(1, Math.floor(coresMax / 2));
}

function parseConsent(text: string | null, coresMax: number): Consent | undefined {
  if (text === null) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, cores, contributing, storageBytes, joined } = value as Record<string, unknown>;
  if (version !== CONSENT_VERSION || typeof contributing !== 'boolean' || typeof joined !== 'boolean') return undefined;
  if (typeof cores !== 'number' || !Number.isInteger(cores) || cores < 1) return undefined;
  if (typeof storageBytes !== 'number' || !Number.isSafeInteger(storageBytes) || storageBytes < 0) return undefined;
  return { cores: Math.min(cores, coresMax), contributing, storageBytes, joined };
}
