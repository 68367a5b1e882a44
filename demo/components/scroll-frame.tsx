/** A place where something wide or long scrolls by itself; in the tab order, so that the keyboard scrolls it too. */

import type { ComponentChildren } from 'preact';

export function ScrollFrame({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling place must be reachable by keyboard (WCAG 2.1.1)
    <section class="table-frame" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
