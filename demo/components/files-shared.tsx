/** A file that somebody shared: the link is in the page's address. */

import { formatBytes, formatDate } from '../format.ts';
import type { FileView } from '../state/files-view.ts';
import type { PageState } from '../state/page-state.ts';
import { FileViewer } from './files-viewer.tsx';

export function SharedFile({ state, view }: { readonly state: PageState; readonly view: FileView }) {
  const phase = view.phase.value;
  const file = phase.state === 'open' ? phase.file : undefined;
  const close = (): void => {
    state.files.closeShared();
    state.section.show('files');
  };
  return (
    <section
      class="sheet shared-file"
      aria-labelledby="shared-heading"
      data-testid="shared-file"
      data-state={phase.state}
    >
      <div class="result-head">
        <h2 id="shared-heading">{file === undefined ? 'A file by link' : (file.name ?? 'A file without a name')}</h2>
        <button type="button" class="button quiet small" onClick={close}>
          Close
        </button>
      </div>
      {file !== undefined && (
        <p class="soft">
          {formatBytes(file.length)}, kept until {formatDate(file.endsAtMs)}. It comes from strangers’ devices and is
          checked and opened here; open it only if you trust who sent the link.
        </p>
      )}
      <div class="file-card">
        <FileViewer state={state} view={view} />
      </div>
    </section>
  );
}
