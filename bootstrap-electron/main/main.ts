/**
 * The desktop node's main process: owns the server, opens the window in which the peer lives, and connects the two.
 * Everything that is not Electron's is in server-host.ts and app-files.ts.
 */

import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, type BrowserWindow, ipcMain, type MessagePortMain, protocol } from 'electron';
import { LineLog } from '../../src/adapters/node/line-log.ts';
import { NodeClock } from '../../src/adapters/node/node-clock.ts';
import { PORT_CHANNEL } from '../shared/port-names.ts';
import { APP_SCHEME, appFile } from './app-files.ts';
import { electronPortPair } from './electron-port.ts';
import { ServerHost } from './server-host.ts';
import { SettingsFile } from './settings-file.ts';
import { openWindow } from './window.ts';

/** The folder of the built app: this file, preload.cjs, renderer/; the page that the server serves lies beside it. */
const here = new URL('./', import.meta.url);
const rendererFolder = fileURLToPath(new URL('renderer', here));
const pageFolder = fileURLToPath(new URL('../page', here));

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
]);

if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  const clock = new NodeClock();
  const log = new LineLog(clock);
  let window: BrowserWindow | undefined;
  let isClosed = false;
  const host = new ServerHost({
    clock,
    log,
    settingsFile: new SettingsFile(join(app.getPath('userData'), 'node.json'), log),
    pageFolder: existsSync(join(pageFolder, 'index.html')) ? pageFolder : undefined,
    makePorts: electronPortPair,
    interfaces: networkInterfaces,
  });

  ipcMain.on(PORT_CHANNEL, ({ senderFrame }) => {
    if (window === undefined || senderFrame === null || senderFrame !== window.webContents.mainFrame) return;
    const { near, far } = electronPortPair();
    host.attach(near);
    senderFrame.postMessage(PORT_CHANNEL, null, [far as MessagePortMain]);
  });

  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', event => {
    if (isClosed) return;
    event.preventDefault();
    void host.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });

  void app.whenReady().then(async () => {
    protocol.handle(APP_SCHEME, request => appFile(rendererFolder, request));
    await host.resume();
    window = openWindow(here);
  });
}
