/** What a contributor asks for a part: by `--price` and `--no-gifts`, else as its folder has kept it. */

import { formatAmount, parseAmount } from '../base/amount.ts';
import { SeaError } from '../base/errors.ts';
import type { Ask } from '../credit/credit.ts';
import type { ChainInfo } from '../ports/chain-info.ts';
import type { Sea } from '../sea.ts';

export const priceOptions: {
  readonly price: { readonly type: 'string' };
  readonly 'no-gifts': { readonly type: 'boolean'; readonly default: false };
} = { price: { type: 'string' }, 'no-gifts': { type: 'boolean', default: false } };

export const priceUsage = `  --price AMOUNT    ask this for a part, in the chain's currency such as 0.0001; the folder keeps it until another
                    is given (0: all is given; default: as kept)
  --no-gifts        compute for nobody who cannot pay the price (default: they are given what paid work leaves)`;

/** Decimals of an amount that was kept where no chain says them: those of every chain's coin. */
const DECIMALS = 18;

export type GivenPrice = Pick<Ask, 'part' | 'free'>;

/** What was typed; undefined: the price stays. Throws BAD_ARGUMENT, NO_CHAIN for a price that nobody could pay. */
export function readPrice(
  values: { readonly price?: string | undefined; readonly 'no-gifts': boolean },
  chain: ChainInfo | undefined,
): GivenPrice | undefined {
  const { price, 'no-gifts': noGifts } = values;
  const part = price === undefined ? undefined : typedAmount(price, chain);
  if (!part && noGifts) throw new SeaError('BAD_ARGUMENT', '--no-gifts needs a --price that somebody can pay');
  if (part && chain === undefined)
    throw new SeaError('NO_CHAIN', 'a price is paid on a chain: --chain http://HOST:PORT/chain.json, or --price 0');
  return part === undefined ? undefined : { part, free: !noGifts };
}

function typedAmount(text: string, chain: ChainInfo | undefined): bigint {
  const decimals = chain?.currency.decimals ?? DECIMALS;
  try {
    return parseAmount(text, decimals);
  } catch (cause) {
    const takes = `an amount such as 0.0001, 0 or more, with at most ${decimals} decimals`;
    throw new SeaError('BAD_ARGUMENT', `--price takes ${takes}, not ${text}`, { cause });
  }
}

/** Sets the price where one was typed; gives the one in force. Throws NO_CHAIN where one is kept that nobody could pay. */
export async function settlePrice(
  { credit }: Pick<Sea, 'credit'>,
  given: GivenPrice | undefined,
  { chain, folder }: { readonly chain: ChainInfo | undefined; readonly folder: string | undefined },
): Promise<Ask> {
  if (given !== undefined) await credit.ask(given);
  const ask = await credit.asked();
  if (chain !== undefined || ask.part + ask.egress === 0n) return ask;
  throw new SeaError(
    'NO_CHAIN',
    `a price of ${formatAmount(ask.part, DECIMALS)} is kept in ${folder}, but no chain is named: --chain http://HOST:PORT/chain.json, or --price 0`,
  );
}

/** The price in force, to follow what is contributed; nothing where there is no chain. */
export function priceWords({ part, free }: Ask, chain: ChainInfo | undefined): string {
  if (chain === undefined) return '';
  if (part === 0n) return ', for nothing';
  return `, at ${moneyWords(part, chain)} a part${free ? ' (what paid work leaves is given)' : ''}`;
}

export function moneyWords(amount: bigint, { currency }: ChainInfo): string {
  return `${formatAmount(amount, currency.decimals)} ${currency.symbol}`;
}
