/** From which number on, and how many. */

import { formatCount } from '../format.ts';
import type { Choices } from '../state/choices.ts';
import { collatzCounts, collatzStartFault } from '../tasks/collatz-plan.ts';
import { SelectField } from './select-field.tsx';

export function CollatzForm({ choices }: { readonly choices: Choices }) {
  const { start, count } = choices.collatz;
  const fault = collatzStartFault(start.value);
  return (
    <>
      <div class="field">
        <label class="field-label" for="collatz-start">
          First number
        </label>
        <input
          id="collatz-start"
          type="text"
          inputMode="numeric"
          autocomplete="off"
          spellcheck={false}
          value={start.value}
          aria-invalid={fault !== undefined}
          aria-describedby="collatz-start-help"
          onInput={event => (start.value = event.currentTarget.value)}
        />
        <p class={fault === undefined ? 'fine' : 'fine fault'} id="collatz-start-help">
          {fault ?? 'Up to 155 digits.'}
        </p>
      </div>
      <SelectField
        label="How many numbers"
        value={count.value}
        options={collatzCounts.map(value => ({ value, name: formatCount(value) }))}
        onChange={value => (count.value = value)}
      />
    </>
  );
}
