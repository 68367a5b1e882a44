/** Exit codes by kind of failure, so that scripts can tell them apart. */

import type { SeaError } from '../base/errors.ts';

/** 2: wrong use. 3: no way into the sea. 4: the task or its input is at fault. 5: nobody computes. 6: this machine. 1: else. */
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
    default:
      return 1;
  }
}
