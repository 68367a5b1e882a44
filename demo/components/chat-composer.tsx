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
  const length = cleanText(text).length; // as it is sent
  const isTooLong = length > TEXT_LENGTH_MAX;
  const say = (): void => {
    if (obstacle !== undefined || isTooLong || length === 0) return;
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
        placeholder="Say something"
        enterkeyhint="send"
        value={text}
        aria-invalid={isTooLong}
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
        <button type="submit" class="button primary" disabled={obstacle !== undefined || isTooLong}>
          Send
        </button>
      </div>
      <p class={helpClass(obstacle, length)} id={`${id}-help`}>
        {obstacle ?? lengthWords(length)}
      </p>
    </form>
  );
}

function helpClass(obstacle: string | undefined, length: number): string {
  if (obstacle !== undefined) return 'fine';
  if (length > TEXT_LENGTH_MAX) return 'fine fault';
  return length < COUNT_FROM ? 'fine key-hint' : 'fine';
}

function lengthWords(length: number): string {
  if (length < COUNT_FROM) return 'Enter sends, Shift and Enter begins a new line.';
  if (length > TEXT_LENGTH_MAX)
    return `A message has at most ${formatCount(TEXT_LENGTH_MAX)} characters: ${formatCount(length - TEXT_LENGTH_MAX)} are too many. Send it in parts.`;
  return `${formatPlural(TEXT_LENGTH_MAX - length, 'character')} left.`;
}
