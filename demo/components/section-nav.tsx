/**
 * The bar of sections. They are links: they open in a new tab, and going back works. Where what stands beside a section on
 * a wide screen stands below it, the bar leads there too.
 */

import { type Section, type SectionName, sections } from '../state/section.ts';
import { UnreadCount } from './chat-unread.tsx';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  jobs: 'Jobs',
  files: 'Files',
  chat: 'Chat',
  wallet: 'Wallet',
};

/** Panels that are there with every section, by the id of their heading. */
const panelsBelow = [
  { name: 'Contribute', headingId: 'contribute-heading' },
  { name: 'Sea', headingId: 'peers-heading' },
] as const;

interface SectionNavProps {
  readonly section: Section;
  /** What waits in a section to be looked at. */
  readonly unread: Partial<Readonly<Record<SectionName, number>>>;
}

export function SectionNav({ section, unread }: SectionNavProps) {
  return (
    <nav class="sections" aria-label="Sections">
      {sections.map(name => (
        <a key={name} href={`#${name}`} aria-current={section.current.value === name ? 'page' : undefined}>
          {sectionTitles[name]}
          <UnreadCount count={unread[name] ?? 0} />
        </a>
      ))}
      {panelsBelow.map(({ name, headingId }) => (
        <button key={name} type="button" class="section-below" onClick={() => goTo(headingId)}>
          {name}
        </button>
      ))}
    </nav>
  );
}

/** Eye and keyboard go on there. */
function goTo(headingId: string): void {
  const heading = document.getElementById(headingId)!;
  heading.tabIndex = -1;
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}
