/** The bar of sections. They are links: they open in a new tab, and going back works. */

import { type Section, type SectionName, sections } from '../state/section.ts';
import { UnreadCount } from './chat-unread.tsx';

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  jobs: 'Jobs',
  files: 'Files',
  chat: 'Chat',
  wallet: 'Wallet',
};

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
    </nav>
  );
}
