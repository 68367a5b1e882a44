/** Which text, and how rare a hash. */

import { formatCount } from '../format.ts';
import type { Choices } from '../state/choices.ts';
import { DIFFICULTY_MAX, DIFFICULTY_MIN, PREFIX_BYTES_MAX } from '../tasks/hash-search-plan.ts';

export function HashSearchForm({ choices }: { readonly choices: Choices }) {
  const { text, difficulty } = choices.hashSearch;
  return (
    <>
      <div class="field">
        <label class="field-label" for="hash-text">
          Text
        </label>
        <input
          id="hash-text"
          type="text"
          maxLength={Math.floor(PREFIX_BYTES_MAX / 4)}
          autocomplete="off"
          value={text.value}
          onInput={event => (text.value = event.currentTarget.value)}
        />
      </div>
      <div class="slider">
        <label for="difficulty">Leading zero bits</label>
        <output for="difficulty" class="slider-value" aria-live="off">
          {difficulty.value}
        </output>
        <input
          id="difficulty"
          type="range"
          min={DIFFICULTY_MIN}
          max={DIFFICULTY_MAX}
          value={difficulty.value}
          aria-describedby="difficulty-help"
          onInput={event => (difficulty.value = event.currentTarget.valueAsNumber)}
        />
        <p class="fine" id="difficulty-help">
          About {formatCount(2 ** difficulty.value)} tries.
        </p>
      </div>
    </>
  );
}
