/** What the credit service needs of its node. */

import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Scope } from '../base/scope.ts';
import type { Crypto, SigningKey } from '../ports/crypto.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Log } from '../ports/log.ts';
import type { PayKeys } from '../ports/pay-keys.ts';
import type { ReceiptStore } from '../ports/receipt-store.ts';
import type { SmallStore } from '../ports/small-store.ts';
import type { Caller } from '../rpc/exchange.ts';
import type { CreditStatus } from './views.ts';

export interface CreditOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  /** The node's own key. */
  readonly key: SigningKey;
  /** The service ends with it. */
  readonly scope: Scope;
  readonly caller: Caller;
  readonly payKeys: PayKeys;
  /** The chain that vouchers are for, if there is one now. Asked again each time. */
  readonly ledger: () => Ledger | undefined;
  readonly smallStore: SmallStore;
  readonly receipts: ReceiptStore;
  readonly log: Log;
  /** Another process of this device keeps the books: this one asks nothing, and pays in a lane of its own. */
  readonly guest?: boolean | undefined;
  /** Hears every change of the figures. */
  readonly onStatus: (status: CreditStatus) => void;
}
