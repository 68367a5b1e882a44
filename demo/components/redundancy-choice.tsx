/** How many peers compute each part, and what that means. */

import type { Signal } from '@preact/signals';

const choices: readonly { readonly value: number; readonly name: string; readonly about: string }[] = [
  { value: 1, name: 'One', about: 'Fastest. Each part is computed once and taken on trust.' },
  { value: 2, name: 'Two', about: 'Two peers compute each part; if they disagree, a third decides. Twice the work.' },
  { value: 3, name: 'Three', about: 'Three peers must arrive at the same result for each part. Three times the work.' },
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
      <p class="fine">{choices.find(({ value }) => value === redundancy.value)?.about}</p>
    </fieldset>
  );
}
