/** The one window, shut in: its own page and nothing else, no Node in it, no other window, no permission but a few. */

import { fileURLToPath } from 'node:url';
import { BrowserWindow, type Session, session } from 'electron';
import { APP_URL } from './app-files.ts';

/**
 * What the page may do without being asked: reach nodes of this network and computer (newer Chromium asks before that),
 * and put an address into the clipboard. Everything else is refused.
 */
const granted: ReadonlySet<string> = new Set([
  'local-network',
  'local-network-access',
  'loopback-network',
  'clipboard-sanitized-write',
]);

/** Opens the window. `folder` holds preload.cjs. */
export function openWindow(folder: URL): BrowserWindow {
  refusePermissions(session.defaultSession);
  const window = new BrowserWindow({
    title: 'Peersea node',
    width: 980,
    height: 760,
    minWidth: 360,
    autoHideMenuBar: true,
    webPreferences: {
      preload: fileURLToPath(new URL('preload.cjs', folder)),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      backgroundThrottling: false, // a node works on while its window is minimised
    },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', event => event.preventDefault());
  webContents.on('will-redirect', event => event.preventDefault());
  webContents.on('will-attach-webview', event => event.preventDefault());
  void window.loadURL(APP_URL);
  return window;
}

function refusePermissions(ofWindow: Session): void {
  ofWindow.setPermissionRequestHandler((_contents, permission, answer) => answer(granted.has(permission)));
  ofWindow.setPermissionCheckHandler((_contents, permission) => granted.has(permission));
  ofWindow.setDevicePermissionHandler(() => false);
}
