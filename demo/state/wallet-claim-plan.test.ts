/** Which vouchers are worth bringing to the chain. */

import { expect, it } from 'vitest';
import { voucherOf } from '../testing/fake-credit.ts';
import { type EarnedLane, earnedLane, planClaim } from './wallet-claim-plan.ts';

const open = { state: 'open', free: 1_000n, unlockAt: 0, expiry: 0 } as const;

function lane(payer: number, cumulative: bigint): EarnedLane {
  return earnedLane(voucherOf(payer, cumulative), 0n, 0n, { ...open, free: 10n ** 30n });
}

it('what is due is what the chain has not paid; what is payable is no more than the purse holds', () => {
  expect(earnedLane(voucherOf(1, 700n), 200n, 0n, open)).toMatchObject({ due: 500n, payable: 500n });
  expect(earnedLane(voucherOf(1, 1_700n), 200n, 0n, open)).toMatchObject({ due: 1_500n, payable: 1_000n });
  expect(earnedLane(voucherOf(1, 1_700n), 200n, 300n, open)).toMatchObject({ due: 1_500n, payable: 1_300n });
  expect(earnedLane(voucherOf(1, 200n), 200n, 0n, open)).toMatchObject({ due: 0n, payable: 0n });
  expect(earnedLane(voucherOf(1, 100n), 200n, 0n, open)).toMatchObject({ due: 0n, payable: 0n });
});

it('a closed purse pays what was reserved before, and nothing else', () => {
  const closed = { ...open, state: 'closed' } as const;
  expect(earnedLane(voucherOf(1, 700n), 0n, 0n, closed)).toMatchObject({ due: 700n, payable: 0n });
  expect(earnedLane(voucherOf(1, 700n), 0n, 300n, closed)).toMatchObject({ due: 700n, payable: 300n });
});

it('one goes straight to the account, several in a batch, the worthiest first', () => {
  expect(planClaim([], 1n)).toEqual({ way: 'none' });
  expect(planClaim([lane(1, 0n)], 1n)).toEqual({ way: 'none' });
  expect(planClaim([lane(1, 5n)], 1n)).toMatchObject({ way: 'claim', amount: 5n });
  const batch = planClaim([lane(1, 30_000n), lane(3, 0n), lane(5, 40_000n)], 1n);
  expect(batch).toMatchObject({ way: 'batch', amount: 70_000n });
  expect(batch.way === 'batch' && batch.lanes.map(({ due }) => due)).toEqual([40_000n, 30_000n]);
});

it('leaves out what is worth less than its own gas', () => {
  const lanes = [lane(1, 25_000n), lane(3, 25_001n), lane(5, 90_000n)];
  expect(planClaim(lanes, 1n)).toMatchObject({ way: 'batch', amount: 115_001n });
  expect(planClaim(lanes, 2n)).toMatchObject({ way: 'claim', amount: 90_000n });
  expect(planClaim(lanes, 4n)).toMatchObject({ way: 'claim', amount: 90_000n });
});

it('takes no more than a transaction holds', () => {
  const plan = planClaim(
    Array.from({ length: 300 }, (_, at) => lane(at % 200, 100_000n + BigInt(at))),
    1n,
  );
  expect(plan.way === 'batch' && plan.lanes.length).toBe(256);
});
