/** A chain as whoever runs a bootstrap node tells of it: `GET /chain.json`, and what the command line takes. */

import { SeaError } from '../base/errors.ts';

export interface ChainInfo {
  /** EIP-155. */
  readonly chainId: number;
  /** SeaPurse on that chain: 0x and 40 hex digits. */
  readonly purse: string;
  /** Where the chain answers JSON-RPC: an http or https URL. */
  readonly rpc: string;
  /** For people, e.g. as a wallet lists it. */
  readonly name: string;
  /** What purses hold: amounts are in units of 10^-decimals of it. */
  readonly currency: { readonly symbol: string; readonly decimals: number };
  /** Seconds from the request to unlock a purse to its withdrawal. */
  readonly delayS: number;
  /** The money is for trying out and worth nothing; the chain sends for any of its accounts. */
  readonly development: boolean;
}

/** Longest name or symbol, characters: they are shown, and handed to a wallet. */
const NAME_CHARACTERS_MAX = 64;
const RPC_CHARACTERS_MAX = 2_048;
const DECIMALS_MAX = 36;
/** As the contract bounds it. */
const DELAY_S_MAX = 30 * 86_400;

/** No character that would end a URL or a directive in the header that its origin goes into. */
const httpUrl = /^https?:\/\/[^\s"'`<>\\^{|};,]+$/;

/** The information in a value of JSON, without what else stands there. Throws BAD_ARGUMENT naming what is amiss. */
export function parseChainInfo(value: unknown): ChainInfo {
  const { chainId, purse, rpc, name, currency, delayS, development } = members(value, 'the chain');
  const { symbol, decimals } = members(currency, 'currency');
  return {
    chainId: whole('chainId', chainId, 1, Number.MAX_SAFE_INTEGER),
    purse: text('purse', purse, 42, /^0x[0-9a-fA-F]{40}$/),
    rpc: text('rpc', rpc, RPC_CHARACTERS_MAX, httpUrl),
    name: text('name', name, NAME_CHARACTERS_MAX),
    currency: {
      symbol: text('currency.symbol', symbol, NAME_CHARACTERS_MAX),
      decimals: whole('currency.decimals', decimals, 0, DECIMALS_MAX),
    },
    delayS: whole('delayS', delayS, 1, DELAY_S_MAX),
    development: development === true,
  };
}

/** Scheme, host and port of the chain's URL, as a policy names them. */
export function rpcOrigin({ rpc }: ChainInfo): string {
  return /^https?:\/\/[^/?#]+/.exec(rpc)?.[0] ?? rpc;
}

function members(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new SeaError('BAD_ARGUMENT', `${what} is not an object`);
}

function whole(name: string, value: unknown, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  throw new SeaError('BAD_ARGUMENT', `${name} of the chain is not a whole number from ${min} to ${max}`);
}

function text(name: string, value: unknown, max: number, form = /^[^\p{Cc}]+$/u): string {
  if (typeof value === 'string' && value.length <= max && form.test(value)) return value;
  throw new SeaError('BAD_ARGUMENT', `${name} of the chain is not what it should be: ${JSON.stringify(value)}`);
}
