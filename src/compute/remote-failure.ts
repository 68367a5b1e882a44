/** What a provider's error code says of a part, in words of this side. */

import { type ErrorCode, isSeaError, SeaError } from '../base/errors.ts';

/** What the part was given. */
export interface PartBounds {
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
  readonly memoryBytesMax: number;
}

/** The error that a part ended with elsewhere, with what it means for the part; any other error as it is. */
export function remoteFailure(error: unknown, bounds: PartBounds): unknown {
  if (!isSeaError(error) || error.peer === undefined) return error;
  const text = textOf(error.code, bounds);
  return text === undefined ? error : new SeaError(error.code, text, { peer: error.peer, cause: error });
}

function textOf(code: ErrorCode, { timeoutMs, outputBytesMax, memoryBytesMax }: PartBounds): string | undefined {
  switch (code) {
    case 'TASK_TRAPPED':
      return 'the task trapped';
    case 'TASK_TIMEOUT':
      return `the part ran longer than ${timeoutMs} ms`;
    case 'OUTPUT_TOO_LARGE':
      return `the task gave more than ${outputBytesMax} bytes`;
    case 'MEMORY_LIMIT':
      return `the task wants more memory than its ${memoryBytesMax} bytes, or than the provider gives`;
    case 'NOT_WASM':
      return 'the provider cannot read the module';
    case 'NO_ABI':
      return 'the provider finds no task in the module';
    case 'UNSUPPORTED':
      return 'the provider lacks something that the task needs';
    case 'HOST_FAILURE':
      return 'the provider’s device failed';
    case 'NO_SLOT':
      return 'no slot was free';
    case 'CREDIT_LINE':
      return 'the provider waits to be paid';
    default:
      return undefined;
  }
}
