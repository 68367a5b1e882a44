/** The rail of the chat: channels and private talks; below it another channel by name, and what this page calls itself. */

import type { Signal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { type Complaint, complaintOf, PageError } from '../errors.ts';
import type { Chat } from '../state/chat.ts';
import { NAME_LENGTH_MAX } from '../state/chat-lines.ts';
import { CHANNEL_LENGTH_MAX, type ChatPlace, channelName, isSamePlace, restOf } from '../state/chat-place.ts';
import { UnreadCount } from './chat-unread.tsx';
import { ChatWho } from './chat-who.tsx';
import { ComplaintNote } from './complaint-note.tsx';

export function ChatPlaces({ chat }: { readonly chat: Chat }) {
  return (
    <div class="chat-places">
      <h2 id="chat-heading">Chat</h2>
      <nav class="chat-lists" aria-label="Channels and talks">
        <h3 class="visually-hidden">Channels</h3>
        <ul class="plain-list">
          {chat.rooms.value.map(room => (
            <PlaceLink key={room.name} chat={chat} place={{ kind: 'channel', name: room.name }} unread={room.unread} />
          ))}
        </ul>
        {chat.talks.value.length > 0 && (
          <>
            <h3>In private</h3>
            <ul class="plain-list">
              {chat.talks.value.map(talk => (
                <PlaceLink
                  key={talk.address}
                  chat={chat}
                  place={{ kind: 'talk', address: talk.address }}
                  unread={talk.unread}
                />
              ))}
            </ul>
          </>
        )}
      </nav>
    </div>
  );
}

export function ChatSettings({ chat }: { readonly chat: Chat }) {
  return (
    <div class="chat-settings">
      <ChannelForm chat={chat} />
      <NameForm chat={chat} />
    </div>
  );
}

interface PlaceLinkProps {
  readonly chat: Chat;
  readonly place: ChatPlace;
  readonly unread: Signal<number>;
}

function PlaceLink({ chat, place, unread }: PlaceLinkProps) {
  const current = isSamePlace(chat.place.value, place);
  return (
    <li>
      <a href={`#chat/${restOf(place)}`} aria-current={current ? 'true' : undefined}>
        {place.kind === 'talk' ? <ChatWho address={place.address} names={chat.names.value} /> : `# ${place.name}`}
        <UnreadCount count={unread.value} />
      </a>
    </li>
  );
}

/** Another channel: whoever types the same name is there. */
function ChannelForm({ chat }: { readonly chat: Chat }) {
  const text = useSignal('');
  const complaint = useSignal<Complaint | undefined>(undefined);
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = channelName(text.value);
    complaint.value =
      name === undefined
        ? complaintOf(new PageError('BAD_CHANNEL', 'That cannot be the name of a channel.'))
        : undefined;
    if (name === undefined) return;
    text.value = '';
    chat.show({ kind: 'channel', name });
  };
  return (
    <form class="field chat-field" aria-label="Open a channel" onSubmit={open}>
      <label class="field-label" for="chat-channel">
        Another channel
      </label>
      <span class="field-row">
        <input
          id="chat-channel"
          type="text"
          maxLength={CHANNEL_LENGTH_MAX}
          autocomplete="off"
          autocapitalize="none"
          placeholder="tea-room"
          value={text.value}
          aria-invalid={complaint.value !== undefined}
          onInput={event => {
            text.value = event.currentTarget.value;
            complaint.value = undefined;
          }}
        />
        <button type="submit" class="button">
          Open
        </button>
      </span>
      {complaint.value !== undefined && <ComplaintNote complaint={complaint.value} />}
    </form>
  );
}

/** Kept when the field is left, or by Enter. */
function NameForm({ chat }: { readonly chat: Chat }) {
  return (
    <form
      class="field chat-field"
      aria-label="How you are called"
      onSubmit={event => {
        event.preventDefault();
        event.currentTarget.querySelector('input')!.blur();
      }}
    >
      <label class="field-label" for="chat-name">
        Your name
      </label>
      <input
        id="chat-name"
        type="text"
        maxLength={NAME_LENGTH_MAX}
        autocomplete="nickname"
        placeholder="none"
        value={chat.ownName.value}
        aria-describedby="chat-name-help"
        onBlur={event => chat.rename(event.currentTarget.value)}
      />
      <p class="fine" id="chat-name-help">
        Shown beside your mark. Anybody may take any name; the mark and the address are proven.
      </p>
    </form>
  );
}
