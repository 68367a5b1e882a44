/**
 * Stands in for Electron in a plain Node process: enough of it for main.js to come up, and a script that does to it what
 * Electron and a window would. It prints what it saw as one line of JSON and quits the app.
 */

import { EventEmitter, once } from 'node:events';

const window = { options: undefined, url: undefined, openHandler: undefined };
const permissions = {};
const schemes = [];
const handlers = new Map();

/** Node's port with the manners of Electron's: an EventEmitter whose messages carry `data` and `ports`. */
class FakePortMain extends EventEmitter {
  constructor(port) {
    super();
    this.port = port;
    port.onmessage = ({ data, ports }) =>
      this.emit('message', { data, ports: ports.map(other => new FakePortMain(other)) });
    port.addEventListener('close', () => this.emit('close'));
  }
  postMessage(message, transfer = []) {
    if (transfer.some(item => !(item instanceof FakePortMain))) throw new TypeError('only ports can be transferred');
    const own = transfer.map(({ port }) => port);
    this.port.postMessage(message, own);
  }
  start() {}
  close() {
    this.port.close();
  }
}

export class MessageChannelMain {
  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new FakePortMain(port1);
    this.port2 = new FakePortMain(port2);
  }
}

class FakeApp extends EventEmitter {
  requestSingleInstanceLock() {
    return true;
  }
  getPath(name) {
    if (name !== 'userData') throw new Error(`asked for ${name}`);
    return process.env.FAKE_USER_DATA;
  }
  async whenReady() {
    if (schemes.length === 0) throw new Error('schemes are registered before the app is ready');
  }
  /** As Electron: what prevents it must call it again. */
  quit() {
    if (this.emitPreventable('will-quit')) return;
    process.exit(0);
  }
  emitPreventable(name) {
    return emitPreventable(this, name);
  }
}
export const app = new FakeApp();

export const ipcMain = new EventEmitter();

export const protocol = {
  registerSchemesAsPrivileged: custom => schemes.push(...custom),
  handle: (scheme, handler) => handlers.set(scheme, handler),
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler: handler => (permissions.request = handler),
    setPermissionCheckHandler: handler => (permissions.check = handler),
    setDevicePermissionHandler: handler => (permissions.device = handler),
  },
};

class FakeContents extends EventEmitter {
  mainFrame = { postMessage: (channel, message, ports) => this.emit('told', { channel, message, ports }) };
  setWindowOpenHandler(handler) {
    window.openHandler = handler;
  }
}

export class BrowserWindow {
  webContents = new FakeContents();
  constructor(options) {
    window.options = options;
  }
  async loadURL(url) {
    window.url = url;
    setImmediate(() => drive(this.webContents).catch(fail));
  }
}

async function drive(contents) {
  const seen = { url: window.url, preferences: window.options.webPreferences, schemes };
  seen.opened = window.openHandler({ url: 'https://example.org' });
  seen.prevented = ['will-navigate', 'will-redirect', 'will-attach-webview'].filter(name =>
    emitPreventable(contents, name),
  );
  seen.permissions = {};
  for (const name of ['media', 'notifications', 'openExternal', 'local-network-access']) {
    const answers = [permissions.check(contents, name, 'peersea://node', {})];
    permissions.request(contents, name, answer => answers.push(answer), {});
    seen.permissions[name] = answers;
  }
  seen.device = permissions.device({});
  const [scheme] = schemes;
  const page = await handlers.get(scheme.scheme)(new Request(window.url));
  seen.page = { status: page.status, policy: page.headers.get('content-security-policy'), text: await page.text() };
  seen.node = await useNode(contents);
  process.stdout.write(`${JSON.stringify(seen)}\n`);
  app.emit('window-all-closed');
}

/** Asks for the port, first from a frame that must not have it, then starts the node over it. */
async function useNode(contents) {
  let strangers = 0;
  ipcMain.emit('peersea:port', { senderFrame: { postMessage: () => (strangers += 1) } });
  ipcMain.emit('peersea:port', { senderFrame: null });
  const told = once(contents, 'told');
  ipcMain.emit('peersea:port', { senderFrame: contents.mainFrame });
  const [{ channel, ports }] = await told;
  const news = [];
  const port = ports[0];
  const running = new Promise((resolve, reject) => {
    port.on('message', ({ data }) => {
      news.push(data.status?.state);
      if (data.status?.state === 'running') resolve(data.status);
      if (data.status?.complaint) reject(new Error(data.status.complaint.sentence));
    });
  });
  port.postMessage({ kind: 'start', settings: { port: 0 } });
  const { wsUrls } = await running;
  const health = await (await fetch(`http://${new URL(wsUrls[0]).host}/health`)).json();
  return { strangers, channel, news, health };
}

function emitPreventable(emitter, name) {
  const event = {
    isPrevented: false,
    preventDefault() {
      this.isPrevented = true;
    },
  };
  emitter.emit(name, event);
  return event.isPrevented;
}

function fail(error) {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
}
