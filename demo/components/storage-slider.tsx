/** How much room to lend for shards of other people's files: nothing, or one of a few sizes. */

import { useId } from 'preact/hooks';
import { formatBytes } from '../format.ts';

interface StorageSliderProps {
  readonly bytes: number;
  /** What can be chosen, smallest first. */
  readonly sizes: readonly number[];
  readonly onChange: (bytes: number) => void;
}

export function StorageSlider({ bytes, sizes, onChange }: StorageSliderProps) {
  const id = useId();
  const place = Math.max(
    0,
    sizes.findLastIndex(size => size <= bytes),
  );
  const last = Math.max(1, sizes.length - 1);
  return (
    <div class="slider">
      <label for={id}>Storage to lend</label>
      <output for={id} class="slider-value" aria-live="off">
        <strong>{sizeWords(bytes)}</strong>
      </output>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={place}
        disabled={sizes.length < 2}
        style={{ '--step': `calc((100% - 1px) / ${last})` }}
        aria-valuetext={sizeWords(bytes)}
        onInput={event => onChange(sizes[event.currentTarget.valueAsNumber] ?? 0)}
      />
    </div>
  );
}

function sizeWords(bytes: number): string {
  return bytes === 0 ? 'none' : formatBytes(bytes);
}
