/** The files for those who listen: what begins and what has ended, politely. Errors are said by their own note. */

import type { Files } from '../state/files.ts';
import { lookedWords } from '../state/files-picture.ts';
import type { FileView } from '../state/files-view.ts';
import { readWords } from './files-viewer.tsx';

export function FilesAnnouncer({ files }: { readonly files: Files }) {
  const underWay = files.uploads.value.find(({ phase }) => ['asking', 'sending'].includes(phase.value.state));
  return (
    <p class="visually-hidden" role="status" aria-label="Files">
      {underWay !== undefined
        ? `Storing ${underWay.file.name}.`
        : (viewWords(files.shared.value) ?? viewWords(files.selected.value) ?? files.notice.value)}
    </p>
  );
}

function viewWords(view: FileView | undefined): string | undefined {
  const phase = view?.phase.value;
  const work = view?.work.value;
  switch (work?.state) {
    case 'looking':
      return 'Checking the pieces.';
    case 'looked':
      return phase?.state === 'open' ? lookedWords(phase.picture, phase.file.k) : undefined;
    case 'reading':
      return 'Downloading.';
    case 'read':
      return readWords;
    default:
      return undefined;
  }
}
