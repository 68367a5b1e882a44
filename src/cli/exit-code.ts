/** Exit codes by kind of failure, so that scripts can tell them apart. */

import type { SeaError } from '../base/errors.ts';

/** For the list of commands. */
export const exitCodesUsage = `exit codes: 0 done; 2 wrong use; 3 no way into the sea; 4 the task or its input is at fault;
5 nobody computes; 6 this machine (port, permission, storage); 7 the money or the chain; 130 interrupted; 1 anything else`;

/** As `exitCodesUsage` says. */
export function exitCode(error: SeaError): number {
  switch (error.code) {
    case 'BAD_ARGUMENT':
      return 2;
    case 'NO_BOOTSTRAP':
    case 'DIAL_FAILED':
    case 'WRONG_NETWORK':
    case 'NOT_ONLINE':
      return 3;
    case 'NOT_WASM':
    case 'NO_ABI':
    case 'UNSUPPORTED':
    case 'MEMORY_LIMIT':
    case 'TASK_TIMEOUT':
    case 'TASK_TRAPPED':
    case 'INPUT_TOO_LARGE':
    case 'OUTPUT_TOO_LARGE':
    case 'DISAGREEMENT':
      return 4;
    case 'NO_PROVIDER':
      return 5;
    case 'PORT_IN_USE':
    case 'NO_PERMISSION':
    case 'NO_STORAGE':
      return 6;
    case 'PAYMENT_REQUIRED':
    case 'PRICE_TOO_HIGH':
    case 'BUDGET_SPENT':
    case 'PURSE_EMPTY':
    case 'NO_CHAIN':
    case 'CHAIN_FAILED':
    case 'WRONG_CHAIN':
    case 'CONTRACT_REFUSED':
    case 'ACCOUNT_EMPTY':
      return 7;
    default:
      return 1;
  }
}
