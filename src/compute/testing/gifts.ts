/** Till and purser where nothing costs anything. */

import type { Hire, Till } from '../payment.ts';

/** A till that gives everything away. */
export const giftTill: Till = { admit: () => ({ paid: false, computed() {}, dropped() {} }) };

/** A purser where nothing costs anything. */
export const hireForGifts: Hire = () => ({
  agree: async () => {},
  hasTerms: () => true,
  mayStart: () => true,
  started() {},
  accepted() {},
  ended() {},
  refused() {},
  cost: 0n,
  spent: false,
  close: async () => {},
});
