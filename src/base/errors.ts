/**
 * The one error class for everything that can go wrong while operating, and its codes. A code's number is what travels
 * on the wire: numbers are never reused. Text is for people and stays on this machine.
 */

/** Codes by area. Add at the end of an area; never renumber. */
export const errorNumbers = {
  // Wire and links
  BAD_MESSAGE: 1,
  TOO_LARGE: 2,
  WRONG_NETWORK: 3,
  BAD_VERSION: 4,
  BAD_SIGNATURE: 5,
  REPLAYED: 6,
  CLOCK_SKEW: 7,
  SELF_LINK: 8,
  DUPLICATE_LINK: 9,
  LINK_BUDGET: 10,
  LINK_CLOSED: 11,
  DIAL_FAILED: 12,
  OVERLOADED: 13,
  DECLINED: 14,
  // Routing and calls
  NO_ROUTE: 20,
  PEER_GONE: 21,
  TIMEOUT: 22,
  ABORTED: 23,
  NO_HANDLER: 24,
  HANDLER_FAILED: 25,
  BAD_ARGUMENT: 26,
  NOT_ONLINE: 27,
  NO_BOOTSTRAP: 28,
  CLOSED: 29,
  // Compute: bundles and tasks
  NOT_WASM: 40,
  NO_ABI: 41,
  MEMORY_LIMIT: 42,
  TASK_TIMEOUT: 43,
  TASK_TRAPPED: 44,
  BUNDLE_UNAVAILABLE: 45,
  BUNDLE_MISMATCH: 46,
  NO_PROVIDER: 47,
  INPUT_TOO_LARGE: 48,
  OUTPUT_TOO_LARGE: 49,
  DISAGREEMENT: 50,
  NO_SLOT: 51,
  HOST_FAILURE: 52,
  UNSUPPORTED: 53,
  // Storage
  NO_RIGHT: 60,
  DAMAGED: 61,
  BAD_MANIFEST: 62,
  BAD_LINK: 63,
  QUOTA: 64,
  TOO_FEW_HOLDERS: 65,
  NOT_FOUND: 66,
  LEASE_TOO_LONG: 67,
  // The machine a node runs on
  PORT_IN_USE: 70,
  NO_PERMISSION: 71,
  NO_STORAGE: 72,
  // Credit, the chain and the wallet
  PAYMENT_REQUIRED: 80,
  PRICE_TOO_HIGH: 81,
  CREDIT_LINE: 82,
  BUDGET_SPENT: 83,
  BAD_VOUCHER: 84,
  BAD_QUOTE: 85,
  PURSE_EMPTY: 86,
  NO_CHAIN: 87,
  CHAIN_FAILED: 88,
  WRONG_CHAIN: 89,
  NO_WALLET: 90,
  WALLET_DECLINED: 91,
  CONTRACT_REFUSED: 92,
  ACCOUNT_EMPTY: 93,
  WALLET_BUSY: 94,
} as const;

export type ErrorCode = keyof typeof errorNumbers;

const codeByNumber = new Map<number, ErrorCode>(
  Object.entries(errorNumbers).map(([code, number]) => [number, code as ErrorCode]),
);

export interface SeaErrorOptions {
  readonly cause?: unknown;
  /** Hex address of the peer that caused or reported the error, where there is one. */
  readonly peer?: string;
}

/** An operating error. Tell errors apart by `code`, never by text. */
export class SeaError extends Error {
  override readonly name = 'SeaError';
  readonly code: ErrorCode;
  readonly peer: string | undefined;

  constructor(code: ErrorCode, detail: string, options: SeaErrorOptions = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.peer = options.peer;
  }
}

/** True for a SeaError, of the given code where one is named. */
export function isSeaError(error: unknown, code?: ErrorCode): error is SeaError {
  return error instanceof SeaError && (code === undefined || error.code === code);
}

/** The number that stands for a code on the wire. */
export function errorNumber(code: ErrorCode): number {
  return errorNumbers[code];
}

/** The code of a wire number; undefined for a number this version does not know. */
export function errorCode(number: number): ErrorCode | undefined {
  return codeByNumber.get(number);
}

/** Any thrown value as a SeaError: itself if it is one, else wrapped under `code`. */
export function asSeaError(error: unknown, code: ErrorCode = 'HANDLER_FAILED'): SeaError {
  if (error instanceof SeaError) return error;
  return new SeaError(code, error instanceof Error ? error.message : String(error), { cause: error });
}
