/** What to store and how safely; and a field for a link that somebody gave. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { complaintOf, PageError } from '../errors.ts';
import { linkIn } from '../share-address.ts';
import { DEVICES_MAX, safetiesFor, safetyFor, safetyWords } from '../state/files-safety.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';

interface FilesFormProps {
  readonly state: PageState;
  /** Whether something is being dragged over the page. */
  readonly isOver: boolean;
}

export function FilesForm({ state, isOver }: FilesFormProps) {
  const isOnline = state.session.phase.value.state === 'online';
  return (
    <>
      <form aria-label="Store" onSubmit={event => event.preventDefault()}>
        <DropZone state={state} isOnline={isOnline} isOver={isOver && isOnline} />
        <SafetyChoice state={state} />
        <p class="fine">
          A file is sealed on this device before any of it leaves. It is kept for 30 days; who has its link can read it.
        </p>
      </form>
      <OpenLink state={state} />
    </>
  );
}

function DropZone({ state, isOnline, isOver }: FilesFormProps & { readonly isOnline: boolean }) {
  return (
    <fieldset class={isOver ? 'drop-zone over' : 'drop-zone'} disabled={!isOnline}>
      <legend class="visually-hidden">Files to store</legend>
      <label class="button primary file-button">
        Choose files
        <input
          type="file"
          multiple
          class="visually-hidden"
          aria-describedby={isOnline ? undefined : 'files-why-not'}
          onChange={event => {
            state.files.add(event.currentTarget.files ?? []);
            event.currentTarget.value = ''; // so that the same file can be chosen again
          }}
        />
      </label>
      {isOnline ? (
        <p class="fine">or drop or paste them here. Stored as soon as you choose.</p>
      ) : (
        <p class="fine" id="files-why-not">
          Files can be stored once this page is online.
        </p>
      )}
    </fieldset>
  );
}

function SafetyChoice({ state: { files, session } }: { readonly state: PageState }) {
  const devices = files.devices.count.value;
  const isOnline = session.phase.value.state === 'online';
  const shown = safetiesFor(devices ?? 0);
  const chosen = safetyFor(files.safety.value, devices ?? 0);
  return (
    <fieldset class="bare">
      <legend class="field-label">How safe</legend>
      {shown.length > 1 && (
        <div class="segments">
          {shown.map(({ name }) => (
            <label key={name} class="segment">
              <input
                type="radio"
                name="safety"
                value={name}
                checked={chosen?.name === name}
                onChange={() => (files.safety.value = name)}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      )}
      {isOnline && (
        <p class="fine" data-testid="devices">
          {devicesWords(devices)}
        </p>
      )}
      {chosen !== undefined && (
        <p class="fine safety-words" data-testid="safety">
          {safetyWords(chosen)}
        </p>
      )}
    </fieldset>
  );
}

function devicesWords(devices: number | undefined): string {
  switch (devices) {
    case undefined:
      return 'Asking who offers room …';
    case 0:
      return 'No device in the sea offers room now. Files can be stored as soon as one does: any other open page that lends storage, or a node that contributes.';
    case 1:
      return 'Only one device offers room now. With more of them a file outlives the loss of some.';
    case DEVICES_MAX:
      return `${DEVICES_MAX} devices or more offer room now.`;
    default:
      return `${devices} devices offer room now.`;
  }
}

function OpenLink({ state }: { readonly state: PageState }) {
  const id = useId();
  const text = useSignal('');
  const isWrong = useSignal(false);
  const open = (event: Event): void => {
    event.preventDefault();
    const link = linkIn(text.value);
    isWrong.value = link === undefined;
    state.files.closeShared(); // what was opened before, and what was wrong with it
    if (link === undefined) return state.section.show('files');
    text.value = '';
    state.section.show('files', link);
  };
  return (
    <form class="open-link" aria-label="Open a link" onSubmit={open}>
      <div class="field">
        <label class="field-label" for={id}>
          Were you given a link?
        </label>
        <div class="share-line">
          <input
            id={id}
            type="text"
            value={text.value}
            placeholder="Paste it here"
            autocomplete="off"
            spellcheck={false}
            aria-invalid={isWrong.value}
            onInput={event => {
              text.value = event.currentTarget.value;
              isWrong.value = false;
            }}
          />
          <button type="submit" class="button" disabled={text.value.trim() === ''}>
            Open
          </button>
        </div>
      </div>
      {isWrong.value && (
        <ComplaintNote complaint={complaintOf(new PageError('NO_FILE_LINK', 'There is no link to a file in that.'))} />
      )}
    </form>
  );
}
