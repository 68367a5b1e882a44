/** Deletes a file in two steps: it goes from every device, for everybody who has its link. */

import { useSignal } from '@preact/signals';
import type { KeptFile } from '../state/files-list.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';

export function FileDelete({ file, state }: { readonly file: KeptFile; readonly state: PageState }) {
  const { files, session } = state;
  const isSure = useSignal(false);
  const removal = files.removal.value?.read === file.read ? files.removal.value : undefined;
  const isOnline = session.phase.value.state === 'online';
  if (removal !== undefined && removal.complaint === undefined) {
    return <p class="fine">Deleting it at its devices …</p>;
  }
  return (
    <div class="file-delete">
      {removal?.complaint !== undefined && <ComplaintNote complaint={removal.complaint} />}
      {isSure.value ? (
        <div class="two-steps">
          <p class="fine">It goes from every device, for everybody who has the link. This cannot be undone.</p>
          <button type="button" class="button stop small" disabled={!isOnline} onClick={() => void files.remove(file)}>
            Delete for everybody
          </button>
          <button type="button" class="button small" onClick={() => files.forget(file)}>
            Only take it off this list
          </button>
          <button type="button" class="button quiet small" onClick={() => (isSure.value = false)}>
            Keep it
          </button>
        </div>
      ) : (
        <button type="button" class="button quiet small" onClick={() => (isSure.value = true)}>
          Delete …
        </button>
      )}
    </div>
  );
}
