/** How many cores to lend: 1 to all of them. */

import { useId } from 'preact/hooks';

interface CoresSliderProps {
  readonly cores: number;
  readonly coresMax: number;
  readonly onChange: (cores: number) => void;
}

export function CoresSlider({ cores, coresMax, onChange }: CoresSliderProps) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id}>Cores to lend</label>
      <output for={id} class="slider-value" aria-live="off">
        <strong>{cores}</strong> of {coresMax}
      </output>
      <input
        id={id}
        type="range"
        min={1}
        max={coresMax}
        step={1}
        value={cores}
        disabled={coresMax === 1}
        style={{ '--step': `calc((100% - 1px) / ${Math.max(1, coresMax - 1)})` }}
        aria-valuetext={`${cores} of ${coresMax} cores`}
        onInput={event => onChange(event.currentTarget.valueAsNumber)}
      />
    </div>
  );
}
