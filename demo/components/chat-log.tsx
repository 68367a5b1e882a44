/** What was said, like the log of a ship: the time, who, and the words. Files stand among them. Texts are texts, never markup. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChatLine, LineFate } from '../state/chat-lines.ts';
import type { Transfer } from '../state/chat-transfer.ts';
import { ChatFile } from './chat-file.tsx';
import { ChatWho } from './chat-who.tsx';

/** Lines of one person within this time stand under one head, ms. */
const TOGETHER_MS = 180_000;
/** So near to its end a log follows what comes, CSS pixels. */
const FOLLOW_PX = 80;

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

const fateWords: Readonly<Record<LineFate, string>> = {
  heard: '',
  leaving: 'on its way…',
  sent: 'sent',
  arrived: 'arrived',
  waiting: 'nobody is here yet: it waits a minute for somebody',
  unheard: 'nobody was here to hear it',
  failed: 'not sent',
};

type Entry =
  | {
      readonly kind: 'line';
      readonly id: string;
      readonly from: string;
      readonly atMs: number;
      readonly line: ChatLine;
    }
  | {
      readonly kind: 'file';
      readonly id: string;
      readonly from: string;
      readonly atMs: number;
      readonly transfer: Transfer;
    };

interface ChatLogProps {
  readonly label: string;
  readonly lines: readonly ChatLine[];
  readonly transfers: readonly Transfer[];
  readonly names: ReadonlyMap<string, string>;
  readonly ownName: string;
  readonly ownAddress: string;
  /** The address of the other side, whose files come. */
  readonly remote?: string;
  /** Shown while nothing was said. */
  readonly children: ComponentChildren;
}

export function ChatLogView(props: ChatLogProps) {
  const { label, lines, transfers, ownAddress, remote = '', children } = props;
  const entries = entriesOf(lines, transfers, ownAddress, remote);
  const frame = useFollowing(entries.length);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling place must be reachable by keyboard (WCAG 2.1.1)
    <div class="chat-log" role="log" aria-live="off" aria-label={label} tabIndex={0} ref={frame}>
      {entries.length === 0 ? (
        <div class="chat-empty">{children}</div>
      ) : (
        <ol class="plain-list">
          {entries.map((entry, at) => (
            <LogEntry key={entry.id} {...props} entry={entry} before={entries[at - 1]} />
          ))}
        </ol>
      )}
    </div>
  );
}

interface LogEntryProps extends ChatLogProps {
  readonly entry: Entry;
  readonly before: Entry | undefined;
}

function LogEntry({ entry, before, names, ownName, ownAddress }: LogEntryProps) {
  const { from, atMs } = entry;
  const goesOn = before?.from === from && atMs - before.atMs < TOGETHER_MS;
  const isOwn = from === ownAddress;
  return (
    <li class={goesOn ? 'chat-entry goes-on' : 'chat-entry'} data-from={from}>
      <time dateTime={new Date(atMs).toISOString()} title={moment.format(atMs)}>
        {clock.format(atMs)}
      </time>
      <div>
        {!goesOn && (
          <p class="chat-by">
            <ChatWho address={from} names={names} isSelf={isOwn} ownName={ownName} />
          </p>
        )}
        {entry.kind === 'file' ? <ChatFile transfer={entry.transfer} /> : <Words line={entry.line} />}
      </div>
    </li>
  );
}

function Words({ line: { text, fate } }: { readonly line: ChatLine }) {
  return (
    <p class="chat-words" data-fate={fate}>
      <bdi>{text}</bdi>
      {fate !== 'heard' && <span class="chat-fate"> {fateWords[fate]}</span>}
    </p>
  );
}

/** Lines and files in order of time. */
function entriesOf(
  lines: readonly ChatLine[],
  transfers: readonly Transfer[],
  ownAddress: string,
  remote: string,
): Entry[] {
  const said = lines.map(line => ({ kind: 'line', id: line.id, from: line.from, atMs: line.atMs, line }) as const);
  const sent = transfers.map(transfer => {
    const from = transfer.isOwn ? ownAddress : remote;
    return { kind: 'file', id: `file ${transfer.isOwn} ${transfer.id}`, from, atMs: transfer.atMs, transfer } as const;
  });
  return [...said, ...sent].sort((a, b) => a.atMs - b.atMs);
}

/** The log stays at its end while one is there, and where one has scrolled to otherwise. */
function useFollowing(count: number): { current: HTMLDivElement | null } {
  const frame = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    const log = frame.current!;
    const look = (): void => {
      follows.current = log.scrollHeight - log.scrollTop - log.clientHeight < FOLLOW_PX;
    };
    log.addEventListener('scroll', look, { passive: true });
    return () => log.removeEventListener('scroll', look);
  }, []);
  useLayoutEffect(() => {
    if (follows.current) frame.current!.scrollTop = frame.current!.scrollHeight;
  }, [count]);
  return frame;
}
