/** What tabs of one origin say to each other over BroadcastChannels, and the reading of it. */

import { errorCode, errorNumber, SeaError } from '../../base/errors.ts';

/** In the lobby, which every tab hears: a tab seeks, others offer a room of their own. Ids are 32 hex digits. */
export type LobbyMessage =
  | { readonly kind: 'seek'; readonly seek: string }
  | { readonly kind: 'offer'; readonly seek: string; readonly room: string };

export type TabRole = 'dialler' | 'listener';

/** In a room, which two tabs share. Every message says who speaks. */
export type RoomMessage = { readonly from: TabRole } & (
  | { readonly kind: 'hello' | 'welcome' | 'ping' | 'pong' }
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'taken'; readonly count: number }
  | { readonly kind: 'close'; readonly code: number }
);

/** Undefined for anything else: another program, or another version, may use the same name. */
export function readLobbyMessage(data: unknown): LobbyMessage | undefined {
  const { kind, seek, room } = fieldsOf(data);
  if (!isId(seek)) return undefined;
  if (kind === 'seek') return { kind, seek };
  return kind === 'offer' && isId(room) ? { kind, seek, room } : undefined;
}

/** Undefined for anything else. */
export function readRoomMessage(data: unknown): RoomMessage | undefined {
  const { from, kind, bytes, count, code } = fieldsOf(data);
  if (from !== 'dialler' && from !== 'listener') return undefined;
  switch (kind) {
    case 'hello':
    case 'welcome':
    case 'ping':
    case 'pong':
      return { from, kind };
    case 'frame':
      return bytes instanceof Uint8Array ? { from, kind, bytes } : undefined;
    case 'taken':
      return isCount(count) ? { from, kind, count } : undefined;
    case 'close':
      return isCount(code) ? { from, kind, code } : undefined;
    default:
      return undefined;
  }
}

/** The number that tells the other tab why a channel closes. */
export function closeCodeOf(reason: SeaError): number {
  return errorNumber(reason.code);
}

/** The other tab has closed; its word on why is text for people. */
export function reasonOfClose(code: number): SeaError {
  return new SeaError('LINK_CLOSED', `the other tab closed it: ${errorCode(code) ?? 'no reason known here'}`);
}

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : {};
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
