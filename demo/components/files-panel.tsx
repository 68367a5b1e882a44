/** Store files in the sea, see where their pieces are, share and read them. */

import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import { FilesAnnouncer } from './files-announcer.tsx';
import { FilesForm } from './files-form.tsx';
import { FilesKept } from './files-kept.tsx';
import { SharedFile } from './files-shared.tsx';
import { FilesUploads } from './files-uploads.tsx';

export function FilesPanel({ state }: { readonly state: PageState }) {
  const { files, session, section } = state;
  const isOnline = session.phase.value.state === 'online';
  const isOver = useFileDrop(state);
  useSignalEffect(() => {
    if (section.current.value === 'files') files.share(section.rest.value);
  });
  useEffect(() => {
    if (isOnline) files.goOn();
  }, [isOnline, files]);
  const shared = files.shared.value;
  return (
    <div class="files">
      {shared !== undefined && <SharedFile key={shared} state={state} view={shared} />}
      <section class="sheet job" aria-labelledby="files-heading">
        <div class="job-form">
          <h2 id="files-heading">Store a file</h2>
          <FilesForm state={state} isOver={isOver} />
        </div>
        <div class="job-stage files-stage">
          <FilesUploads state={state} />
          <FilesKept state={state} />
        </div>
        <FilesAnnouncer files={files} />
      </section>
    </div>
  );
}

/**
 * Files may be dropped anywhere on the page, or pasted, while the files are in front and the page is online. Whether
 * something is being dragged over the page.
 */
function useFileDrop(state: PageState): boolean {
  const isOver = useSignal(false);
  useEffect(() => {
    const take = (transfer: DataTransfer | null): boolean => {
      const dropped = [...(transfer?.files ?? [])];
      const isTaken = state.section.current.value === 'files' && state.session.phase.value.state === 'online';
      if (dropped.length === 0 || !isTaken) return false;
      state.files.add(dropped);
      return true;
    };
    const onDragOver = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      isOver.value = true;
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const onDrop = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
      isOver.value = false;
      take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (take(event.clipboardData)) event.preventDefault();
    };
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [state, isOver]);
  return isOver.value;
}
