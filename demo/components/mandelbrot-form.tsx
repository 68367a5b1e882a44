/** Where in the plane, and how large. */

import type { Choices } from '../state/choices.ts';
import { pictureSizes, places } from '../tasks/mandelbrot-plan.ts';
import { SelectField } from './select-field.tsx';

export function MandelbrotForm({ choices }: { readonly choices: Choices }) {
  const { place, size } = choices.mandelbrot;
  return (
    <>
      <SelectField
        label="Place"
        value={place.value}
        options={named(places)}
        onChange={value => (place.value = value)}
      />
      <SelectField
        label="Picture size"
        value={size.value}
        options={named(pictureSizes)}
        onChange={value => (size.value = value)}
      />
    </>
  );
}

function named(list: readonly { readonly name: string }[]): { value: number; name: string }[] {
  return list.map(({ name }, value) => ({ value, name }));
}
