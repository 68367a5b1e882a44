/**
 * A panel that stands beside every section. On a small screen it stands below, behind its heading, until somebody wants to
 * see it: there the section comes first.
 */

import type { ComponentChildren } from 'preact';
import type { Side, SideName } from '../state/side.ts';

interface SidePanelProps {
  readonly side: Side;
  readonly name: SideName;
  /** At the end of the heading's line. */
  readonly aside: ComponentChildren;
  readonly children: ComponentChildren;
}

export function SidePanel({ side, name, aside, children }: SidePanelProps) {
  const isOpen = side.open.value.has(name);
  const headingId = sideHeadingId(name);
  return (
    <section class={isOpen ? 'sheet side-panel open' : 'sheet side-panel'} aria-labelledby={headingId}>
      <div class="panel-head">
        <h2 id={headingId}>{name}</h2>
        {aside}
        <button
          type="button"
          class="button quiet small side-toggle"
          aria-expanded={isOpen}
          onClick={() => side.toggle(name)}
        >
          {isOpen ? 'Hide' : 'Show'}
          <span class="visually-hidden"> {name}</span>
        </button>
      </div>
      <div class="side-body">{children}</div>
    </section>
  );
}

export function sideHeadingId(name: SideName): string {
  return `${name.toLowerCase()}-heading`;
}
