/** The visitor's files: a line for each, one of them open. */

import { formatBytes, formatDate } from '../format.ts';
import type { KeptFile } from '../state/files-list.ts';
import type { PageState } from '../state/page-state.ts';
import { FileDelete } from './files-delete.tsx';
import { FileShare } from './files-share.tsx';
import { FileViewer } from './files-viewer.tsx';

export function FilesKept({ state }: { readonly state: PageState }) {
  const { files } = state;
  const kept = files.list.files.value;
  const notice = files.notice.value;
  const isSending = files.uploads.value.length > 0;
  if (kept.length === 0 && notice === '' && isSending) return null;
  return (
    <section class="kept" aria-labelledby="kept-heading">
      <h2 id="kept-heading">Your files</h2>
      {notice !== '' && <p class="fine">{notice}</p>}
      {!files.list.isKept.value && (
        <p class="note warning" role="alert">
          This browser does not keep the list of your files: copy their links before you close the page.
        </p>
      )}
      {kept.length === 0 ? (
        !isSending && <EmptyStage />
      ) : (
        <>
          <ul class="plain-list file-list" aria-label="Your files">
            {kept.map(file => (
              <FileLine key={file.read} file={file} state={state} />
            ))}
          </ul>
          <p class="fine">
            The links to these files are kept in this browser only, and the links are all there is: who loses them has
            lost the file. Copy what matters.
          </p>
        </>
      )}
    </section>
  );
}

function EmptyStage() {
  return (
    <div class="stage-empty files-empty">
      <p>
        A file that you store is sealed, cut into pieces and left with devices in the sea. Here you will see which
        device holds which piece.
      </p>
    </div>
  );
}

function FileLine({ file, state }: { readonly file: KeptFile; readonly state: PageState }) {
  const { files } = state;
  const view = files.selected.value?.link === file.read ? files.selected.value : undefined;
  const isOpen = view !== undefined;
  return (
    <li class={isOpen ? 'file-line open' : 'file-line'} data-testid="kept-file">
      <h3>
        <button
          type="button"
          class="file-toggle"
          aria-expanded={isOpen}
          onClick={() => files.select(isOpen ? undefined : file.read)}
        >
          <span class="file-name">{file.name}</span>
          <span class="soft">{formatBytes(file.bytes)}</span>
          <span class="soft file-until">{untilWords(file)}</span>
        </button>
      </h3>
      {view !== undefined && (
        <div class="file-card">
          <FileViewer state={state} view={view} />
          <FileShare read={file.read} name={file.name} />
          <FileDelete file={file} state={state} />
        </div>
      )}
    </li>
  );
}

function untilWords({ storedAtMs, endsAtMs }: KeptFile): string {
  return `${formatDate(storedAtMs)} to ${formatDate(endsAtMs)}`;
}
