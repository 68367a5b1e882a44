/** How many slots a task runner can have. */

import { SeaError } from '../../base/errors.ts';
import { SLOTS_MAX } from './limits.ts';

/** Throws BAD_ARGUMENT unless an integer of 0 to SLOTS_MAX. */
export function checkSlots(slots: number): void {
  if (!Number.isInteger(slots) || slots < 0 || slots > SLOTS_MAX) {
    throw new SeaError('BAD_ARGUMENT', `slots must be an integer from 0 to ${SLOTS_MAX}, got ${slots}`);
  }
}
