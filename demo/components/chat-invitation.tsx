/** The link that brings others into a channel, to be copied. */

import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { LoopbackNote } from './loopback-note.tsx';

interface ChatInvitationProps {
  /** What follows `#chat/` in the page's address. */
  readonly rest: string;
  /** The channel's name. */
  readonly name: string;
}

export function ChatInvitation({ rest, name }: ChatInvitationProps) {
  const field = useRef<HTMLInputElement>(null);
  const said = useSignal('');
  const link = `${location.origin}${location.pathname}${location.search}#chat/${rest}`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      said.value = 'Copied.';
    } catch {
      field.current!.focus(); // the browser does not let us: the person may
      field.current!.select();
      said.value = 'Press Ctrl+C to copy.';
    }
  };
  return (
    <div class="field chat-invitation">
      <label class="field-label" for="chat-link">
        Link to this channel
      </label>
      <input
        ref={field}
        id="chat-link"
        type="text"
        readOnly
        value={link}
        onFocus={event => event.currentTarget.select()}
      />
      <span class="field-row">
        <button type="button" class="button small" onClick={() => void copy()}>
          Copy<span class="visually-hidden"> the link to {name}</span>
        </button>
        <span class="fine" role="status" aria-label="Link">
          {said.value}
        </span>
      </span>
      <LoopbackNote />
    </div>
  );
}
