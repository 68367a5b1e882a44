/** Gets the port to the main process by way of the preload script, which may hand over nothing else. */

import { deferred } from '../../src/base/deferred.ts';
import { domPort, type Port } from '../shared/port.ts';
import { PORT_MESSAGE } from '../shared/port-names.ts';

/** What preload/preload.ts puts into the window. */
export interface PreloadBridge {
  /** Asks for a port; it comes as a message of this window to itself. */
  connect(): void;
}

declare global {
  var peerseaShell: PreloadBridge | undefined;
}

/** The port. Never settles where nobody answers; undefined outside the app, where there is no preload script. */
export async function connectToShell(): Promise<Port | undefined> {
  const bridge = globalThis.peerseaShell;
  if (bridge === undefined) return undefined;
  const found = deferred<Port>();
  const onMessage = ({ source, data, ports }: MessageEvent<unknown>): void => {
    if (source !== window || data !== PORT_MESSAGE || ports[0] === undefined) return;
    window.removeEventListener('message', onMessage);
    found.resolve(domPort(ports[0]));
  };
  window.addEventListener('message', onMessage);
  bridge.connect();
  return found.promise;
}
