/** Where one writes: Enter sends, Shift and Enter begins a new line. */

import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { formatCount, formatPlural } from '../format.ts';
import { cleanText, TEXT_LENGTH_MAX } from '../state/chat-lines.ts';

/** From here on the characters that are left are counted. */
const COUNT_FROM = TEXT_LENGTH_MAX * 0.8;

interface ChatComposerProps {
  readonly label: string;
  readonly draft: Signal<string>;
  /** Why one cannot write now. */
  readonly obstacle: string | undefined;
  readonly onSay: (text: string) => void;
  /** Further controls beside Send. */
  readonly children?: ComponentChildren;
}

export function ChatComposer({ label, draft, obstacle, onSay, children }: ChatComposerProps) {
  const id = useId();
  const text = draft.value;
  const say = (): void => {
    if (obstacle !== undefined || cleanText(draft.value) === '') return;
    onSay(draft.value);
    draft.value = '';
  };
  return (
    <form
      class="chat-composer"
      aria-label="Write"
      onSubmit={event => {
        event.preventDefault();
        say();
      }}
    >
      <label class="visually-hidden" for={id}>
        {label}
      </label>
      <textarea
        id={id}
        rows={1}
        maxLength={TEXT_LENGTH_MAX}
        placeholder="Say something"
        enterkeyhint="send"
        value={text}
        aria-describedby={`${id}-help`}
        onInput={event => (draft.value = event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          say();
        }}
      />
      <div class="chat-send">
        {children}
        <button type="submit" class="button primary" disabled={obstacle !== undefined}>
          Send
        </button>
      </div>
      <p class={obstacle === undefined && text.length < COUNT_FROM ? 'fine key-hint' : 'fine'} id={`${id}-help`}>
        {obstacle ?? lengthWords(text.length)}
      </p>
    </form>
  );
}

function lengthWords(length: number): string {
  if (length < COUNT_FROM) return 'Enter sends, Shift and Enter begins a new line.';
  if (length >= TEXT_LENGTH_MAX)
    return `That is as long as a message may be: ${formatCount(TEXT_LENGTH_MAX)} characters. Send the rest as another.`;
  return `${formatPlural(TEXT_LENGTH_MAX - length, 'character')} left.`;
}
