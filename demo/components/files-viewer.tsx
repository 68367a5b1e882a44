/** An open file: its picture, checking who answers, and reading it. */

import type { ComponentChildren } from 'preact';
import { formatBytes, formatCount, formatPlural } from '../format.ts';
import { lookedWords } from '../state/files-picture.ts';
import type { FileView, ViewPhase, ViewWork } from '../state/files-view.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { FilePicture } from './files-picture.tsx';
import { ProgressBar } from './progress-bar.tsx';

export const readWords = 'Read, checked and opened: it is in your downloads.';

interface FileViewerProps {
  readonly state: PageState;
  readonly view: FileView;
}

export function FileViewer({ state, view }: FileViewerProps): ComponentChildren {
  const phase = view.phase.value;
  switch (phase.state) {
    case 'closed':
      return <p class="fine">It opens once this page is online.</p>;
    case 'opening':
      return <p class="fine">Asking for the list of its pieces …</p>;
    case 'failed':
      return <Failed state={state} view={view} phase={phase} />;
    case 'open':
      return <OpenFile state={state} view={view} phase={phase} />;
  }
}

function Failed({ state, view, phase }: FileViewerProps & { readonly phase: Extract<ViewPhase, { state: 'failed' }> }) {
  const sea = state.session.sea.value;
  const isHopeless = ['BAD_LINK', 'NO_RIGHT'].includes(phase.complaint.code);
  const again = sea === undefined || isHopeless ? undefined : { name: 'Try again', run: () => void view.open(sea) };
  return <ComplaintNote complaint={phase.complaint} {...(again === undefined ? {} : { action: again })} />;
}

function OpenFile({ state, view, phase }: FileViewerProps & { readonly phase: Extract<ViewPhase, { state: 'open' }> }) {
  const { file, picture } = phase;
  const work = view.work.value;
  const isBusy = work.state === 'looking' || work.state === 'reading';
  const isOnline = state.session.phase.value.state === 'online';
  const sea = state.session.sea.value!;
  const linked = new Set(state.links.links.value.map(({ address }) => address));
  return (
    <>
      <div class="file-actions">
        {isBusy ? (
          <button type="button" class="button stop" onClick={() => view.cancel()}>
            {work.state === 'reading' ? 'Cancel download' : 'Stop checking'}
          </button>
        ) : (
          <>
            <button type="button" class="button primary" disabled={!isOnline} onClick={() => void view.download(sea)}>
              Download
            </button>
            <button type="button" class="button" disabled={!isOnline} onClick={() => void view.look(sea)}>
              Check its pieces
            </button>
          </>
        )}
      </div>
      <WorkState work={work} view={view} phase={phase} isOld={!isOnline} />
      <FilePicture picture={picture} code={file} linked={linked} isOld={!isOnline} version={work} />
    </>
  );
}

interface WorkStateProps {
  readonly work: ViewWork;
  readonly view: FileView;
  readonly phase: Extract<ViewPhase, { state: 'open' }>;
  /** This page is not in the sea any more. */
  readonly isOld: boolean;
}

function WorkState({ work, phase: { file, picture }, isOld }: WorkStateProps): ComponentChildren {
  const all = picture.segments * file.n;
  switch (work.state) {
    case 'none':
      return null;
    case 'looking': {
      const words = `${formatCount(work.seen)} of ${formatPlural(all, 'piece')} checked`;
      return (
        <>
          <ProgressBar label="Checking" done={work.seen} whole={all} words={words} />
          <p class="fine">{words}.</p>
        </>
      );
    }
    case 'reading': {
      const words = `${formatBytes(work.receivedBytes)} of ${formatBytes(file.length)}`;
      return (
        <>
          <ProgressBar
            label={`Downloading ${file.name ?? 'the file'}`}
            done={work.receivedBytes}
            whole={file.length}
            words={words}
          />
          <p class="fine">{words} read and opened.</p>
        </>
      );
    }
    case 'read':
      return <p class="verdict">{readWords}</p>;
    case 'looked':
      return (
        <p class="verdict" data-testid="look">
          {isOld && 'When it was last checked: '}
          {lookedWords(picture, file.k)}
        </p>
      );
    case 'failed':
      return <ComplaintNote complaint={work.complaint} />;
  }
}
