/** Chat: channels that everybody can join, and private talks with a peer. There is no server that hears any of it. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Complaint } from '../errors.ts';
import { restOf } from '../state/chat-place.ts';
import type { ChatRoom } from '../state/chat-room.ts';
import type { Talk } from '../state/chat-talk.ts';
import type { PageState } from '../state/page-state.ts';
import { ChatPlaces, ChatSettings } from './chat-places.tsx';
import { ChatRoomView } from './chat-room-view.tsx';
import { ChatTalkGate, ChatTalkView } from './chat-talk-view.tsx';
import { ComplaintNote } from './complaint-note.tsx';

export function ChatPanel({ state }: { readonly state: PageState }) {
  const { chat } = state;
  const panel = useRef<HTMLElement>(null);
  useFocusKept(panel, restOf(chat.place.value));
  return (
    <section class="sheet chat" aria-labelledby="chat-heading" ref={panel}>
      <ChatPlaces chat={chat} />
      <PlaceInFront state={state} />
      <ChatSettings chat={chat} />
      <p class="visually-hidden" role="status" aria-label="Chat heard" data-testid="chat-heard">
        {chat.herald.words.value}
      </p>
    </section>
  );
}

/** Who goes elsewhere by a control that is gone there goes on where one writes. */
function useFocusKept(panel: { readonly current: HTMLElement | null }, place: string): void {
  const before = useRef(place);
  useLayoutEffect(() => {
    if (before.current === place) return;
    before.current = place;
    if (document.activeElement === document.body)
      panel.current!.querySelector('textarea')?.focus({ preventScroll: true });
  }, [panel, place]);
}

/** The channel or talk in front. */
function PlaceInFront({ state }: { readonly state: PageState }) {
  const { chat, session } = state;
  const place = chat.place.value;
  const online = session.phase.value.state === 'online';
  if (session.sea.value === undefined) return <NotYet />;
  if (place.kind === 'talk') {
    const talk = chat.talks.value.find(({ address }) => address === place.address);
    if (talk === undefined)
      return <ChatTalkGate key={place.address} chat={chat} address={place.address} online={online} />;
    return <ChatTalkView key={talkKey(talk)} chat={chat} talk={talk} online={online} ownAddress={addressOf(state)} />;
  }
  const room = chat.rooms.value.find(({ name }) => name === place.name);
  if (room === undefined) return <NotYet complaint={chat.complaint.value} />;
  return <ChatRoomView key={roomKey(room)} chat={chat} room={room} online={online} ownAddress={addressOf(state)} />;
}

function NotYet({ complaint }: { readonly complaint?: Complaint | undefined }) {
  return (
    <div class="chat-front chat-waiting">
      {complaint === undefined ? (
        <p class="fine">Chat begins once this page is online.</p>
      ) : (
        <ComplaintNote complaint={complaint} />
      )}
    </div>
  );
}

function addressOf(state: PageState): string {
  return state.session.sea.value!.localId().toString();
}

function roomKey({ name }: ChatRoom): string {
  return `channel ${name}`;
}

function talkKey({ address }: Talk): string {
  return `talk ${address}`;
}
