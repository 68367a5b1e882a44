/** A labelled field of one or several lines, with a word of help below. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isNumber?: boolean;
  /** More than one: a text area. */
  readonly lines?: number;
  readonly children?: ComponentChildren;
}

export function TextField({ label, value, onChange, isNumber = false, lines = 1, children }: TextFieldProps) {
  const id = useId();
  const common = {
    id,
    value,
    spellcheck: false,
    autocomplete: 'off' as const,
    'aria-describedby': `${id}-help`,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) => onChange(event.currentTarget.value),
  };
  return (
    <p class="field">
      <label for={id}>{label}</label>
      {lines > 1 ? (
        <textarea {...common} rows={lines} />
      ) : (
        <input {...common} type="text" {...(isNumber ? { inputMode: 'numeric' as const } : {})} />
      )}
      <span class="fine" id={`${id}-help`}>
        {children}
      </span>
    </p>
  );
}
