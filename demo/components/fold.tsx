/** A part of a panel behind its heading: open in the section that it belongs to, one press away in the others. */

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FoldProps {
  readonly title: string;
  /** What it comes to, in a few words beside the heading. */
  readonly words: string;
  /** Whether the section that it belongs to is in front. */
  readonly inFront: boolean;
  readonly children: ComponentChildren;
}

export function Fold({ title, words, inFront, children }: FoldProps) {
  const id = useId();
  return (
    <details class="fold" open={inFront} aria-labelledby={id}>
      <summary>
        <h3 id={id}>{title}</h3>
        <span class="fine">{words}</span>
      </summary>
      {children}
    </details>
  );
}
