/** An error in words: what happened, what to do; and small at the end the code, for those who search for it. */

import { useEffect, useRef } from 'preact/hooks';
import type { Complaint } from '../errors.ts';

interface ComplaintNoteProps {
  readonly complaint: Complaint;
  /** A warning: announced when the reader pauses, not at once. */
  readonly gentle?: boolean;
  readonly action?: { readonly name: string; readonly run: () => void };
}

export function ComplaintNote({ complaint, gentle = false, action }: ComplaintNoteProps) {
  const { code, what, todo, detail } = complaint;
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!gentle) note.current?.scrollIntoView({ block: 'nearest' });
  }, [gentle, complaint]);
  return (
    <div ref={note} class={gentle ? 'note warning' : 'note error'} role={gentle ? 'status' : 'alert'}>
      <p>
        <strong>{what}</strong> {todo}{' '}
        <code class="note-code" title={detail}>
          {code}
        </code>
      </p>
      {action !== undefined && (
        <p class="note-action">
          <button type="button" class="button quiet small" onClick={action.run}>
            {action.name}
          </button>
        </p>
      )}
    </div>
  );
}
