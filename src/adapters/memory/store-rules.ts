/** What every small store and block store takes, and how much they keep: the same on all platforms. */

import { assert } from '../../base/assert.ts';
import { utf8Encode } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { RECEIPT_ENTRY_BYTES_MAX, type ReceiptEntry } from '../../ports/receipt-store.ts';
import { SMALL_KEY_BYTES_MAX, SMALL_VALUE_BYTES_MAX } from '../../ports/small-store.ts';

/** Blocks kept on a device, bytes. Bounds what strangers' bundles can fill: far below a browser's quota of an origin. */
export const BLOCK_STORE_BYTES_MAX = 268_435_456;

/** After a touch a block counts as just used for so long, ms: saves a write for every read. */
export const BLOCK_TOUCH_MS = 60_000;

assert(SMALL_VALUE_BYTES_MAX < BLOCK_STORE_BYTES_MAX, 'small values are small beside blocks');

/** Throws BAD_ARGUMENT unless the key has 1 to SMALL_KEY_BYTES_MAX bytes. */
export function checkSmallKey(key: string): void {
  const length = utf8Encode(key).length;
  if (length === 0 || length > SMALL_KEY_BYTES_MAX) {
    throw new SeaError('BAD_ARGUMENT', `a key has 1 to ${SMALL_KEY_BYTES_MAX} bytes, this has ${length}`);
  }
}

/** Throws TOO_LARGE for more than SMALL_VALUE_BYTES_MAX. */
export function checkSmallValue(value: Uint8Array): void {
  if (value.length > SMALL_VALUE_BYTES_MAX) {
    throw new SeaError(
      'TOO_LARGE',
      `a small value has at most ${SMALL_VALUE_BYTES_MAX} bytes, this has ${value.length}`,
    );
  }
}

/** Throws BAD_ARGUMENT unless 64 lower-case hex digits. */
export function checkBlockHash(hash: string): void {
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new SeaError(
      'BAD_ARGUMENT',
      `a block is named by 64 lower-case hex digits, not ${JSON.stringify(hash.slice(0, 80))}`,
    );
  }
}

/** Throws NO_STORAGE for a block that is larger than the whole store. */
export function checkBlockFits(bytes: Uint8Array, bytesMax: number): void {
  if (bytes.length > bytesMax) {
    throw new SeaError('NO_STORAGE', `a block of ${bytes.length} bytes does not fit a store of ${bytesMax}`);
  }
}

/** Throws TOO_LARGE for an entry of more than RECEIPT_ENTRY_BYTES_MAX, BAD_ARGUMENT for one that holds no receipt. */
export function checkReceipts({ bytes, count }: ReceiptEntry): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new SeaError('BAD_ARGUMENT', `an entry of ${count} receipts`);
  if (bytes.length > RECEIPT_ENTRY_BYTES_MAX) {
    throw new SeaError('TOO_LARGE', `an entry of receipts of ${bytes.length} bytes`);
  }
}
