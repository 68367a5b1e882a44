/** Where one is in the chat: a channel, or a private talk with a peer. Part of the page's address, so that it can be sent on. */

/** The channel that everybody finds. */
export const HARBOUR = 'harbour';
/** Characters of a channel's name. */
export const CHANNEL_LENGTH_MAX = 40;

export type ChatPlace =
  | { readonly kind: 'channel'; readonly name: string }
  | { readonly kind: 'talk'; readonly address: string };

/** What follows `#chat/` as a place; the harbour for nothing, and for what is none. */
export function placeOf(rest: string): ChatPlace {
  const text = decoded(rest);
  const address = /^@([0-9a-f]{64})$/i.exec(text)?.[1];
  if (address !== undefined) return { kind: 'talk', address: address.toLowerCase() };
  return { kind: 'channel', name: channelName(text) ?? HARBOUR };
}

/** What follows `#chat/` for a place. */
export function restOf(place: ChatPlace): string {
  return place.kind === 'talk' ? `@${place.address}` : encodeURIComponent(place.name);
}

export function isSamePlace(a: ChatPlace, b: ChatPlace): boolean {
  return restOf(a) === restOf(b);
}

/** A channel's name from what was typed: small letters, digits and dashes. Undefined when nothing of that is left, or too much. */
export function channelName(text: string): string | undefined {
  const name = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' || name.length > CHANNEL_LENGTH_MAX ? undefined : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}
