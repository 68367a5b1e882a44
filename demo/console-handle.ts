/** `window.peersea = { sea }`: the page's sea, for people who like consoles. There once the visitor has agreed. */

import type { Sea } from '../src/index.ts';

declare global {
  var peersea: { readonly sea: Sea } | undefined;
}

export function consoleHandle(sea: Sea): void {
  globalThis.peersea = { sea };
}
