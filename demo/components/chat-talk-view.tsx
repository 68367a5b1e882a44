/** A private talk: how the other side is reached, what was said, files both ways. */

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { shortAddress } from '../format.ts';
import type { Chat } from '../state/chat.ts';
import type { Talk, TalkStanding } from '../state/chat-talk.ts';
import { ChatComposer } from './chat-composer.tsx';
import { ChatLogView } from './chat-log.tsx';
import type { ChatViewProps } from './chat-room-view.tsx';
import { ChatWho } from './chat-who.tsx';
import { ComplaintNote } from './complaint-note.tsx';
import { LockIcon } from './icons.tsx';
import { transportWords } from './transport-words.ts';

export function ChatTalkView({ chat, talk, online, ownAddress }: ChatViewProps & { readonly talk: Talk }) {
  const standing = talk.standing.value;
  const complaint = talk.complaint.value;
  const offer = (files: Iterable<File>): void => {
    for (const file of files) talk.offer(file);
  };
  return (
    <DropPlace enabled={isOpen(standing)} onFiles={offer}>
      <TalkHead chat={chat} talk={talk} online={online} />
      <ChatLogView
        label="Messages in private"
        lines={talk.log.lines.value}
        transfers={talk.transfers.value}
        names={chat.names.value}
        ownName={chat.ownName.value}
        ownAddress={ownAddress}
        remote={talk.address}
      >
        <p>
          {standing.state === 'calling' && online
            ? 'Looking for a way to them. What you write goes when they answer.'
            : 'Only the two of you can read this. Write, or drop a file here.'}
        </p>
      </ChatLogView>
      {complaint !== undefined && <ComplaintNote complaint={complaint} />}
      <ChatComposer
        label="Private message"
        draft={talk.draft}
        obstacle={online ? overObstacle(standing) : 'You can write once this page is online.'}
        onSay={text => talk.say(text)}
      >
        {isOpen(standing) && <FileButton onFiles={offer} />}
      </ChatComposer>
    </DropPlace>
  );
}

interface TalkHeadProps extends Omit<ChatViewProps, 'ownAddress'> {
  readonly talk: Talk;
}

function TalkHead({ chat, talk, online }: TalkHeadProps) {
  const standing = talk.standing.value;
  const isOver = standing.state === 'over';
  return (
    <header class="chat-head chat-talk-head">
      <h3>
        <span class="visually-hidden">In private with </span>
        <ChatWho address={talk.address} names={chat.names.value} />
      </h3>
      <p class={`chat-standing standing-${standing.state}`}>
        <LockIcon />
        <span role="status" aria-label="Talk" data-testid="talk-state" data-state={standing.state}>
          {wordsOf(standing, online)}
        </span>
      </p>
      <div class="chat-head-buttons">
        {isOver && (
          <button type="button" class="button small" disabled={!online} onClick={() => talk.open()}>
            Connect again
          </button>
        )}
        {!isOver && (
          <button type="button" class="button quiet small" onClick={() => talk.end()}>
            End the talk
          </button>
        )}
        <button type="button" class="button quiet small" onClick={() => chat.close(talk)}>
          Close
        </button>
      </div>
    </header>
  );
}

interface ChatTalkGateProps {
  readonly chat: Chat;
  readonly address: string;
  readonly online: boolean;
}

/** A talk that somebody's link names: it begins when the visitor says so, not before. */
export function ChatTalkGate({ chat, address, online }: ChatTalkGateProps) {
  return (
    <div class="chat-front chat-waiting">
      <h3>
        <span class="visually-hidden">In private with </span>
        <ChatWho address={address} names={chat.names.value} />
      </h3>
      <p>A private talk is a connection between your two devices: each learns the other’s IP address.</p>
      <p>
        <button type="button" class="button primary" disabled={!online} onClick={() => chat.talkWith(address)}>
          Begin to talk
        </button>
      </p>
      {chat.complaint.value !== undefined && <ComplaintNote complaint={chat.complaint.value} />}
    </div>
  );
}

interface FilesProps {
  readonly onFiles: (files: Iterable<File>) => void;
}

function FileButton({ onFiles }: FilesProps) {
  return (
    <label class="button file-button">
      Send a file
      <input
        type="file"
        multiple
        class="visually-hidden"
        onChange={event => {
          onFiles(event.currentTarget.files ?? []);
          event.currentTarget.value = ''; // so that the same file can be chosen again
        }}
      />
    </label>
  );
}

interface DropPlaceProps extends FilesProps {
  readonly enabled: boolean;
  readonly children: ComponentChildren;
}

/** Files may be dropped anywhere on the talk. */
function DropPlace({ enabled, onFiles, children }: DropPlaceProps) {
  const over = useSignal(false);
  const takes = (event: DragEvent): boolean => enabled && event.dataTransfer?.types.includes('Files') === true;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button Send a file does the same by keyboard
    <div
      class={over.value ? 'chat-front chat-talk dropping' : 'chat-front chat-talk'}
      onDragOver={event => {
        if (!takes(event)) return;
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={event => {
        over.value = false;
        if (!takes(event)) return;
        event.preventDefault();
        event.stopPropagation(); // no picture for a job
        onFiles(event.dataTransfer?.files ?? []);
      }}
    >
      {children}
    </div>
  );
}

function isOpen({ state }: TalkStanding): boolean {
  return state === 'direct' || state === 'relayed' || state === 'lost';
}

function overObstacle({ state }: TalkStanding): string | undefined {
  return state === 'over' ? 'You can write once you are connected.' : undefined;
}

function wordsOf(standing: TalkStanding, online: boolean): string {
  if (!online && standing.state !== 'over') return 'This page is offline: the talk goes on when it is back soon.';
  switch (standing.state) {
    case 'calling':
      return 'Connecting…';
    case 'direct':
      return `Direct, by ${transportWords[standing.transport]}`;
    case 'relayed':
      return `Relayed by the sea over ${shortAddress(standing.by)}, end-to-end encrypted`;
    case 'lost':
      return 'The way is lost: the sea looks for another. What you send waits, and goes on where it was.';
    case 'over':
      return overWords(standing);
  }
}

function overWords({ byThem, complaint }: Extract<TalkStanding, { state: 'over' }>): string {
  if (byThem) return 'The other side has ended the talk.';
  switch (complaint?.code) {
    case undefined:
      return 'Not connected.';
    case 'NO_HANDLER':
      return 'They are in the sea, but have no chat open.';
    case 'PEER_GONE':
    case 'NO_ROUTE':
    case 'TIMEOUT':
      return 'They cannot be reached: they may have left the sea.';
    default:
      return `${complaint!.what} ${complaint!.todo}`;
  }
}
