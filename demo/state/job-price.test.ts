/** What a job may cost, as it is written and as it is said. */

import { expect, it } from 'vitest';
import { JobPrice, mostWords } from './job-price.ts';

const currency = { symbol: 'ETH', decimals: 18 } as const;
const milli = 10n ** 15n;

it('is what the purse pays until the visitor writes something else', () => {
  const price = new JobPrice();
  expect(price.shownPrice(milli, currency)).toBe('0.001');
  expect(price.limits(milli, currency)).toEqual({ priceMax: milli, budget: undefined });
  price.priceText.value = '0,002';
  price.budgetText.value = ' 0.1 ';
  expect(price.limits(milli, currency)).toEqual({ priceMax: 2n * milli, budget: 100n * milli });
});

it('is refused in words when it is no amount', () => {
  const price = new JobPrice();
  price.priceText.value = 'some';
  expect(() => price.limits(milli, currency)).toThrowError(expect.objectContaining({ code: 'BAD_AMOUNT' }));
  price.priceText.value = '1';
  price.budgetText.value = 'much';
  expect(() => price.limits(milli, currency)).toThrowError(expect.objectContaining({ code: 'BAD_AMOUNT' }));
});

it('says what all parts can come to, and when the budget ends it', () => {
  const most = (budget: bigint | undefined, redundancy: number, priceMax: bigint | undefined = milli) =>
    mostWords({ priceMax, budget }, 24, redundancy, currency);
  expect(most(undefined, 1)).toBe('At most 0.024 ETH: 24 parts for up to 0.001 ETH.');
  expect(most(undefined, 2)).toBe('At most 0.048 ETH: 24 parts, computed by 2 peers each, for up to 0.001 ETH.');
  expect(most(24n * milli, 1)).toBe('At most 0.024 ETH: 24 parts for up to 0.001 ETH.');
  expect(most(10n * milli, 1)).toBe(
    'At most 0.01 ETH: 24 parts for up to 0.001 ETH. The budget ends it before that, if all ask so much.',
  );
  expect(most(undefined, 1, 0n)).toMatch(/^Nothing is paid/);
});

it('may be left to what is asked', () => {
  const price = new JobPrice();
  expect(price.shownPrice(undefined, currency)).toBe('');
  expect(price.limits(undefined, currency)).toEqual({ priceMax: undefined, budget: undefined });
  price.priceText.value = ' ';
  const limits = price.limits(milli, currency);
  expect(limits.priceMax).toBeUndefined();
  expect(mostWords(limits, 24, 1, currency)).toBe('Whatever devices ask for a part, within what the purse holds.');
  expect(mostWords({ ...limits, budget: milli }, 24, 1, currency)).toMatch(/, and 0\.001 ETH for all\.$/);
});
