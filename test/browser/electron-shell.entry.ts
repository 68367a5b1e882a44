/**
 * Stands in for the preload script: the page asks for its port as in the app, and gets one whose other end is in the test's
 * process, at the far side of a websocket. `electronShellUrl` names that.
 */

import type { PreloadBridge } from '../../bootstrap-electron/renderer/connect.ts';
import { PORT_MESSAGE } from '../../bootstrap-electron/shared/port-names.ts';
import { PortBridge } from '../support/port-bridge.ts';

declare const electronShellUrl: string;

const bridge: PreloadBridge = {
  connect() {
    const socket = new WebSocket(electronShellUrl);
    socket.binaryType = 'arraybuffer';
    const { port1, port2 } = new MessageChannel();
    const ports = new PortBridge('page', bytes => socket.send(bytes as Uint8Array<ArrayBuffer>));
    socket.onmessage = ({ data }) => ports.receive(new Uint8Array(data as ArrayBuffer));
    socket.onclose = () => ports.close();
    socket.onopen = () => {
      ports.add(port1);
      window.postMessage(PORT_MESSAGE, '*', [port2]);
    };
  },
};
globalThis.peerseaShell = bridge;
