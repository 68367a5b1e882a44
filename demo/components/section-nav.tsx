/**
 * The bar of sections. They are links: they open in a new tab, and going back works. Where what stands beside a section on
 * a wide screen stands below it, the bar leads there too.
 */

import { type Section, type SectionName, sections } from '../state/section.ts';
import { type Side, type SideName, sideNames } from '../state/side.ts';
import { UnreadCount } from './chat-unread.tsx';
import { sideHeadingId } from './side-panel.tsx';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  jobs: 'Jobs',
  files: 'Files',
  chat: 'Chat',
  wallet: 'Wallet',
};

interface SectionNavProps {
  readonly section: Section;
  readonly side: Side;
  /** What waits in a section to be looked at. */
  readonly unread: Partial<Readonly<Record<SectionName, number>>>;
}

export function SectionNav({ section, side, unread }: SectionNavProps) {
  return (
    <nav class="sections" aria-label="Sections">
      {sections.map(name => (
        <a key={name} href={`#${name}`} aria-current={section.current.value === name ? 'page' : undefined}>
          {sectionTitles[name]}
          <UnreadCount count={unread[name] ?? 0} />
        </a>
      ))}
      {sideNames.map(name => (
        <button key={name} type="button" class="section-below" onClick={() => goTo(side, name)}>
          {name}
        </button>
      ))}
    </nav>
  );
}

/** Eye and keyboard go on there. */
function goTo(side: Side, name: SideName): void {
  side.unfold(name);
  const heading = document.getElementById(sideHeadingId(name))!;
  heading.tabIndex = -1;
  heading.scrollIntoView();
  heading.focus({ preventScroll: true });
}
