/** Files on their way into the sea: sealed, sent, and the picture of their pieces as it grows. */

import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { formatBytes, formatCount } from '../format.ts';
import type { Upload, UploadFigures } from '../state/files-upload.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { FilePicture } from './files-picture.tsx';
import { ProgressBar } from './progress-bar.tsx';

export function FilesUploads({ state }: { readonly state: PageState }) {
  const uploads = state.files.uploads.value;
  if (uploads.length === 0) return null;
  return (
    <section class="uploads" aria-label="Being stored">
      {uploads.map(upload => (
        <UploadCard key={upload} upload={upload} state={state} />
      ))}
    </section>
  );
}

function UploadCard({ upload, state }: { readonly upload: Upload; readonly state: PageState }) {
  const { files } = state;
  const phase = upload.phase.value;
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), []); // on a small screen it begins out of sight
  return (
    <article ref={card} class="file-card" data-testid="upload" data-state={phase.state}>
      <div class="result-head">
        <h3 class="file-name">
          {upload.file.name} <span class="soft">{formatBytes(upload.file.size)}</span>
        </h3>
        {upload.isOver ? (
          <button type="button" class="button quiet small" onClick={() => files.dismiss(upload)}>
            Dismiss
          </button>
        ) : (
          <button type="button" class="button small" onClick={() => upload.cancel()}>
            Cancel
          </button>
        )}
      </div>
      <UploadState upload={upload} state={state} />
    </article>
  );
}

function UploadState({ upload, state }: { readonly upload: Upload; readonly state: PageState }): ComponentChildren {
  const phase = upload.phase.value;
  const again = { name: 'Try again', run: () => state.files.again(upload) };
  switch (phase.state) {
    case 'waiting':
      return <p class="fine">Waiting for the one before it.</p>;
    case 'asking':
      return <p class="fine">Asking who has room for it …</p>;
    case 'cancelled':
      return (
        <p class="fine">
          Cancelled. What had been sent is deleted again.{' '}
          <button type="button" class="button quiet small inline" onClick={again.run}>
            {again.name}
          </button>
        </p>
      );
    case 'failed':
      return <ComplaintNote complaint={phase.complaint} action={again} />;
    case 'done':
      return <p class="fine">Stored.</p>;
    case 'sending': {
      const figures = upload.figures.value;
      const linked = new Set(state.links.links.value.map(({ address }) => address));
      return (
        <>
          <ProgressBar
            label={`Storing ${upload.file.name}`}
            done={figures.shards}
            whole={wholeShards(upload, phase.code.n, phase.code.k)}
            words={sentWords(upload, figures)}
          />
          <p class="fine">{sentWords(upload, figures)}</p>
          <FilePicture picture={phase.picture} code={phase.code} linked={linked} version={figures} />
        </>
      );
    }
  }
}

/** Of every segment n, and the list of them at n - k + 1 holders. */
function wholeShards({ phase }: Upload, n: number, k: number): number {
  const { value } = phase;
  return value.state === 'sending' ? value.picture.segments * n + n - k + 1 : 0;
}

function sentWords({ file }: Upload, { sealedBytes, storedBytes, shards }: UploadFigures): string {
  const whole = formatBytes(file.size);
  if (sealedBytes === 0 && file.size > 0) return 'Sealing it on this device …';
  return `${formatBytes(sealedBytes)} of ${whole} sealed, ${formatBytes(storedBytes)} safe at its devices, ${formatCount(shards)} pieces and lists of pieces sent.`;
}
