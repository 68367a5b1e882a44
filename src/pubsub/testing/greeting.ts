/** A greeting whose introduction nobody looks at. */

import type { Greeting } from '../messages.ts';

export const plainGreeting: Greeting = {
  members: [],
  serving: [],
  load: 0,
  publicKey: new Uint8Array(32),
  wallMs: 0,
  joinedMs: 0,
  signature: new Uint8Array(64),
};
