/** What a wallet looks like to a page (EIP-1193): requests, and events of what its owner changes. */

import { SeaError } from '../../base/errors.ts';

export interface Eip1193Provider {
  request(request: { readonly method: string; readonly params?: readonly unknown[] | object }): Promise<unknown>;
  on?(event: string, listener: (news: unknown) => void): unknown;
  removeListener?(event: string, listener: (news: unknown) => void): unknown;
}

/** A wallet that has made itself known (EIP-6963). */
export interface FoundWallet {
  /** Unique on this page while it lives. */
  readonly id: string;
  readonly name: string;
  /** A `data:` URL of a picture. */
  readonly icon: string;
  /** Domain name of its maker in reverse, e.g. `io.metamask`. */
  readonly maker: string;
  readonly provider: Eip1193Provider;
}

/** The code that a provider's error has, in itself or in what it wraps. */
export function providerCode(error: unknown): number | undefined {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { originalError?: { code?: unknown } } };
  const inner = data?.originalError?.code;
  if (typeof inner === 'number') return inner;
  return typeof code === 'number' ? code : undefined;
}

const USER_REJECTED = 4001;
const UNAUTHORIZED = 4100;
const DISCONNECTED = 4900;
const CHAIN_DISCONNECTED = 4901;
/** "Resource unavailable" (EIP-1474): wallets say so while a question to their owner is open. */
const REQUEST_PENDING = -32_002;

/**
 * A wallet's error as ours: WALLET_DECLINED, WALLET_BUSY while it asks its owner something else, NO_WALLET where it has let us
 * go, CHAIN_FAILED for anything else.
 */
export function walletError(error: unknown, doing: string): SeaError {
  if (error instanceof SeaError) return error;
  const said = messageOf(error);
  switch (providerCode(error)) {
    case USER_REJECTED:
      return new SeaError('WALLET_DECLINED', `declined in the wallet: ${doing}`, { cause: error });
    case REQUEST_PENDING:
      return new SeaError('WALLET_BUSY', `the wallet asks its owner something already (${said})`, { cause: error });
    case UNAUTHORIZED:
    case DISCONNECTED:
      return new SeaError('NO_WALLET', `the wallet does not serve this page any more (${said})`, { cause: error });
    case CHAIN_DISCONNECTED:
      return new SeaError('CHAIN_FAILED', `the wallet does not reach its chain (${said})`, { cause: error });
    default:
      return new SeaError('CHAIN_FAILED', `${doing} failed: ${said}`, { cause: error });
  }
}

/** What an error of unknown shape says, in one line of bounded length. */
export function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  return text.split('\n', 1)[0]!.slice(0, 300);
}
