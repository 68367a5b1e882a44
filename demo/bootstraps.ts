/** Where the page enters the sea: `?bootstrap=wss://…` (may be repeated), else the host that served the page. */

import { PageError } from './errors.ts';

/** The websocket addresses to try. Throws PageError BAD_BOOTSTRAP for a parameter that is not one. */
export function bootstrapsOf(page: URL): string[] {
  const named = page.searchParams.getAll('bootstrap').filter(text => text !== '');
  return named.length > 0 ? named.map(websocketAddress) : [ownHost(page)];
}

function ownHost(page: URL): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}/sea`;
}

function websocketAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:')) {
    throw new PageError('BAD_BOOTSTRAP', `“${text}” is not a websocket address.`);
  }
  return url.href;
}
