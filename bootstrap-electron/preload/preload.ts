/**
 * Runs in the window before its page, in a world of its own: hands the page one port to the main process when it asks, and
 * nothing else. Ports cannot pass the context bridge; Electron's documentation has them posted to the window itself.
 */

import { contextBridge, ipcRenderer } from 'electron';
import type { PreloadBridge } from '../renderer/connect.ts';
import { PORT_CHANNEL, PORT_MESSAGE } from '../shared/port-names.ts';

ipcRenderer.on(PORT_CHANNEL, event => {
  window.postMessage(PORT_MESSAGE, '*', event.ports); // to itself: the window shows no other page, see main/window.ts
});

const bridge: PreloadBridge = { connect: () => ipcRenderer.send(PORT_CHANNEL) };
contextBridge.exposeInMainWorld('peerseaShell', bridge);
