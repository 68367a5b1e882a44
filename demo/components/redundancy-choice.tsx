/** How many peers compute each part, and what that means. */

import type { Signal } from '@preact/signals';
import { confidence } from '../../src/compute/confidence.ts';
import { formatRate } from '../format.ts';

const choices: readonly { readonly value: number; readonly name: string; readonly about: string }[] = [
  { value: 1, name: 'One', about: 'Not checked: each part is computed once and taken on trust. Fastest.' },
  {
    value: 2,
    name: 'Two',
    about: 'Checked: two peers must agree on each part; if they do not, a third decides. Twice the work.',
  },
  { value: 3, name: 'Three', about: 'Checked twice: three peers must agree on each part. Three times the work.' },
];

export function RedundancyChoice({ redundancy }: { readonly redundancy: Signal<number> }) {
  return (
    <fieldset class="bare">
      <legend class="field-label">Peers per part</legend>
      <div class="segments">
        {choices.map(({ value, name }) => (
          <label key={value} class="segment">
            <input
              type="radio"
              name="redundancy"
              value={value}
              checked={redundancy.value === value}
              onChange={() => (redundancy.value = value)}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <p class="fine">
        {choices.find(({ value }) => value === redundancy.value)?.about} If one peer in ten lied, and all of them told
        the same lie, <strong>{rightInHundred(redundancy.value)} of 100 parts</strong> would still be right.
      </p>
    </fieldset>
  );
}

/** What is to be expected of 100 parts, with the share of liars that `confidence` assumes: one in ten. */
function rightInHundred(redundancy: number): string {
  return formatRate(100 * confidence(redundancy));
}
