/** What the visitor chose for the chat, kept on this device only: a name, and channels of its own. */

import { cleanName } from './chat-lines.ts';
import { channelName, HARBOUR } from './chat-place.ts';

const KEY = 'peersea.chat';
/** Channels kept. */
const CHANNELS_MAX = 15;

export interface ChatChoices {
  /** '' for none. */
  readonly name: string;
  /** The harbour aside. */
  readonly channels: readonly string[];
}

/** The part of `Storage` that is needed. */
export type ChoiceStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What was kept; nothing where nothing was, where it makes no sense, or where storage is refused. */
export function readChoices(storage: ChoiceStorage): ChatChoices {
  try {
    const { name, channels } = JSON.parse(storage.getItem(KEY) ?? '{}') as Record<string, unknown>;
    return {
      name: typeof name === 'string' ? cleanName(name) : '',
      channels: Array.isArray(channels) ? channels.filter(isChannel).slice(0, CHANNELS_MAX) : [],
    };
  } catch {
    return { name: '', channels: [] };
  }
}

export function writeChoices(storage: ChoiceStorage, choices: ChatChoices): void {
  try {
    storage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // a full or refused storage costs the name at the next visit
  }
}

export function forgetChoices(storage: ChoiceStorage): void {
  try {
    storage.removeItem(KEY);
  } catch {
    // nothing was kept where storage is refused
  }
}

function isChannel(value: unknown): value is string {
  return typeof value === 'string' && value !== HARBOUR && channelName(value) === value;
}
