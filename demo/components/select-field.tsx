/** A labelled list to choose one value from. */

import { useId } from 'preact/hooks';

interface SelectFieldProps {
  readonly label: string;
  readonly value: number;
  readonly options: readonly { readonly value: number; readonly name: string }[];
  readonly onChange: (value: number) => void;
}

export function SelectField({ label, value, options, onChange }: SelectFieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <select id={id} value={String(value)} onChange={event => onChange(Number(event.currentTarget.value))}>
        {options.map(option => (
          <option key={option.value} value={String(option.value)}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
}
