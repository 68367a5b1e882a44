/** One channel: what was said, a line to say something, who is there, and a link that brings others. */

import { formatPlural } from '../format.ts';
import type { Chat } from '../state/chat.ts';
import { HARBOUR, restOf } from '../state/chat-place.ts';
import type { ChatRoom } from '../state/chat-room.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatInvitation } from './chat-invitation.tsx';
import { ChatLogView } from './chat-log.tsx';
import { ChatWho } from './chat-who.tsx';
import { ComplaintNote } from './complaint-note.tsx';

export interface ChatViewProps {
  readonly chat: Chat;
  readonly online: boolean;
  readonly ownAddress: string;
}

export function ChatRoomView({ chat, room, online, ownAddress }: ChatViewProps & { readonly room: ChatRoom }) {
  const complaint = room.complaint.value;
  return (
    <div class="chat-front chat-room" data-channel={room.name}>
      <header class="chat-head">
        <h3># {room.name}</h3>
        <p class="panel-aside" data-testid="chat-members">
          {online ? membersWords(room.members.value.length) : 'Not in the sea'}
        </p>
        {room.name !== HARBOUR && (
          <button type="button" class="button quiet small" onClick={() => chat.leave(room)}>
            Leave<span class="visually-hidden"> the channel {room.name}</span>
          </button>
        )}
      </header>
      <ChatLogView
        label={`Messages in ${room.name}`}
        lines={room.log.lines.value}
        transfers={[]}
        names={chat.names.value}
        ownName={chat.ownName.value}
        ownAddress={ownAddress}
      >
        <p>
          Nothing was said here since you came. What was said before is kept nowhere: only those who are here hear what
          you say.
        </p>
      </ChatLogView>
      {complaint !== undefined && <ComplaintNote complaint={complaint} />}
      <ChatComposer
        label={`Message to ${room.name}`}
        draft={room.draft}
        obstacle={online ? undefined : 'You can write once this page is online.'}
        onSay={text => void room.say(text)}
      />
      <Members chat={chat} room={room} online={online} ownAddress={ownAddress} />
    </div>
  );
}

function membersWords(others: number): string {
  return others === 0 ? 'nobody else here' : `${formatPlural(others, 'other')} here`;
}

/** Who is there; a click begins a private talk. */
function Members({ chat, room, online, ownAddress }: ChatViewProps & { readonly room: ChatRoom }) {
  const members = room.members.value;
  return (
    <aside class="chat-members" aria-label={`Members of ${room.name}`}>
      <h3>Here now</h3>
      <ul class="plain-list">
        <li>
          <ChatWho address={ownAddress} names={chat.names.value} isSelf ownName={chat.ownName.value} />
        </li>
        {members.map(address => (
          <li key={address}>
            <button
              type="button"
              class="chat-member"
              disabled={!online}
              data-peer={address}
              onClick={() => chat.talkWith(address)}
            >
              <span class="visually-hidden">Talk in private with </span>
              <ChatWho address={address} names={chat.names.value} />
            </button>
          </li>
        ))}
      </ul>
      <p class="fine">
        {members.length === 0 ? 'Nobody else yet: send the link to somebody.' : 'Choose one to talk in private.'}
      </p>
      <ChatInvitation rest={restOf({ kind: 'channel', name: room.name })} name={room.name} />
    </aside>
  );
}
