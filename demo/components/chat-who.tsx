/** A peer in the chat: its mark, what it calls itself, and its address, which nobody else can have. */

import { shortAddress } from '../format.ts';
import { peerColour } from '../state/peer-palette.ts';

interface ChatWhoProps {
  readonly address: string;
  readonly names: ReadonlyMap<string, string>;
  readonly isSelf?: boolean;
  /** What this page calls itself. */
  readonly ownName?: string;
}

export function ChatWho({ address, names, isSelf = false, ownName = '' }: ChatWhoProps) {
  const name = isSelf ? ownName : (names.get(address) ?? '');
  return (
    <span class="chat-who" title={address}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <rect x="0.5" y="0.5" width="11" height="11" fill={peerColour(address)} />
      </svg>
      {name !== '' && <bdi class="chat-name">{name}</bdi>}
      <span class="address">{shortAddress(address)}</span>
      {isSelf && <span class="peer-self">you</span>}
    </span>
  );
}
