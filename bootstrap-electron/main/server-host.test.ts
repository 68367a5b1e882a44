import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialFromNode } from '../../src/adapters/node/websocket-dialer.ts';
import { linkFactoryAcceptance } from '../../src/ports/acceptance/link-factory.ts';
import { codes, pattern, record } from '../../src/ports/acceptance/recorder.ts';
import { timersClock } from '../../src/ports/acceptance/timers-clock.ts';
import { type Channel, FRAME_BYTES_MAX, type LinkFactory } from '../../src/ports/link-factory.ts';
import { silentLog } from '../../src/ports/log.ts';
import { Shell } from '../renderer/shell.ts';
import { domPort, domPortPair, type Port } from '../shared/port.ts';
import { defaultSettings, type Settings } from '../shared/settings.ts';
import type { RunningStatus, ServerStatus } from '../shared/shell-messages.ts';
import { ServerHost } from './server-host.ts';
import { SettingsFile } from './settings-file.ts';

const clock = timersClock();
const never = new AbortController().signal;
const local: Settings = { ...defaultSettings, port: 0 };
const factory: LinkFactory = {
  negotiates: false,
  dial: (url, signal) => dialFromNode(url, { clock }, signal),
  negotiate: () => {
    throw new Error('not offered');
  },
};

const hasOpenssl: boolean = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

let folder: string;
let host: ServerHost;
const ports: Port[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-host-'));
  host = makeHost();
});

afterEach(async () => {
  await host.close();
  for (const port of ports.splice(0)) port.close();
  rmSync(folder, { recursive: true, force: true });
});

function makeHost(pageFolder?: string): ServerHost {
  return new ServerHost({
    clock,
    log: silentLog,
    settingsFile: new SettingsFile(join(folder, 'node.json'), silentLog),
    pageFolder,
    makePorts: domPortPair,
    interfaces: () => ({}),
  });
}

/** A window's half, as the preload script would connect it. */
function attach(to: ServerHost = host): Shell {
  const { port1, port2 } = new MessageChannel();
  const near = domPort(port2);
  ports.push(near);
  to.attach(domPort(port1));
  return new Shell(near);
}

async function untilState<State extends ServerStatus['state']>(shell: Shell, state: State): Promise<ServerStatus> {
  await vi.waitFor(() => expect(shell.view.value?.status.state).toBe(state), { timeout: 10_000, interval: 2 });
  return shell.view.value!.status;
}

async function started(shell: Shell, settings: Settings = local): Promise<RunningStatus> {
  shell.start(settings);
  return (await untilState(shell, 'running')) as RunningStatus;
}

async function health(wsUrl: string): Promise<Record<string, unknown>> {
  const { host: at } = new URL(wsUrl);
  return (await (await fetch(`http://${at}/health`)).json()) as Record<string, unknown>;
}

linkFactoryAcceptance('a websocket handed to the window', ['dial'], async () => {
  const shell = attach();
  const { wsUrls } = await started(shell);
  return {
    factory,
    other: factory,
    listening: { url: wsUrls[0]!, deadUrl: 'ws://127.0.0.1:1/sea', listener: shell.listener },
  };
});

describe('ServerHost', () => {
  it('passes the binding along, the host that was dialled', async () => {
    const shell = attach();
    const { wsUrls } = await started(shell);
    const accepted: Channel[] = [];
    await shell.listener.listen(channel => accepted.push(channel));
    const near = await factory.dial(wsUrls[0]!, never);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    expect(new TextDecoder().decode(accepted[0]!.binding)).toBe(new URL(wsUrls[0]!).host);
    expect(accepted[0]!.transport).toBe('websocket');
    near.close();
  });

  it('starts, reports its health, stops, and starts again', async () => {
    const shell = attach();
    await untilState(shell, 'stopped');
    const { wsUrls, pageUrls, uptimeMs } = await started(shell);
    expect([wsUrls.length, pageUrls]).toEqual([1, []]);
    expect(uptimeMs).toBeGreaterThanOrEqual(0);
    expect(await health(wsUrls[0]!)).toMatchObject({ ok: false, links: 0, online: false });
    const report = { address: 'ab'.repeat(32), links: 3, online: true };
    shell.report(report);
    await vi.waitFor(async () => expect(await health(wsUrls[0]!)).toMatchObject(report));
    shell.stop();
    await untilState(shell, 'stopped');
    await expect(health(wsUrls[0]!)).rejects.toThrow();
    const again = await started(shell);
    expect(await health(again.wsUrls[0]!)).toMatchObject({ ok: false, links: 0, online: false });
  });

  it('starts anew with other settings while it runs', async () => {
    const shell = attach();
    const first = await started(shell);
    shell.start({ ...local, publicUrl: 'wss://sea.example.org/sea' });
    await vi.waitFor(() => {
      const status = shell.view.value?.status;
      expect(status?.state === 'running' && status.wsUrls[0]).toBe('wss://sea.example.org/sea');
    });
    await expect(health(first.wsUrls[0]!)).rejects.toThrow();
  });

  it('says in a sentence why it cannot start', async () => {
    const shell = attach();
    const { wsUrls } = await started(shell);
    const port = Number(new URL(wsUrls[0]!).port);
    const other = makeHost();
    const otherShell = attach(other);
    await untilState(otherShell, 'stopped');
    otherShell.start({ ...local, port });
    await vi.waitFor(() =>
      expect(otherShell.view.value?.status).toEqual({
        state: 'stopped',
        complaint: {
          code: 'PORT_IN_USE',
          sentence: `127.0.0.1:${port} is taken by another program: end that one or choose another port`,
        },
      }),
    );
    otherShell.start({ ...local, port: 70_000 });
    await vi.waitFor(() =>
      expect(otherShell.view.value?.status).toMatchObject({ complaint: { code: 'BAD_ARGUMENT' } }),
    );
    otherShell.start({ ...local, certFile: '/no/a.pem', keyFile: '/no/b.pem' });
    await vi.waitFor(() =>
      expect(otherShell.view.value?.status).toMatchObject({
        complaint: { sentence: expect.stringContaining('/no/a.pem') },
      }),
    );
    await other.close();
  });

  it('serves the page where there is one, at an address to give', async () => {
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Peersea</title>');
    const other = makeHost(folder);
    const { pageUrls, wsUrls } = await started(attach(other));
    expect(pageUrls).toEqual([`http://${new URL(wsUrls[0]!).host}/`]);
    expect(await (await fetch(pageUrls[0]!)).text()).toBe('<!doctype html><title>Peersea</title>');
    await other.close();
  });

  it.skipIf(!hasOpenssl)('speaks wss with a certificate (skipped where openssl is missing)', async () => {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', [...made, '-keyout', keyFile, '-out', certFile, ...subject], { stdio: 'ignore' });
    const shell = attach();
    const { wsUrls } = await started(shell, { ...local, certFile, keyFile });
    expect(wsUrls[0]).toMatch(/^wss:/);
    const accepted: Channel[] = [];
    await shell.listener.listen(channel => accepted.push(channel));
    const near = await dialFromNode(wsUrls[0]!, { clock, ca: readFileSync(certFile) }, never);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    near.close();
  });

  it('refuses newcomers while no window listens', async () => {
    const shell = attach();
    const { wsUrls } = await started(shell);
    await expect(factory.dial(wsUrls[0]!, never)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
  });

  it('has nothing to listen with while it is stopped', async () => {
    await expect(attach().listener.listen(() => {})).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('takes an answer for the order it was given to, when one listener follows another', async () => {
    const shell = attach();
    const { wsUrls } = await started(shell);
    const accepted: Channel[] = [];
    const stop = await shell.listener.listen(() => {});
    stop();
    await shell.listener.listen(channel => accepted.push(channel));
    const near = await factory.dial(wsUrls[0]!, never);
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    near.close();
  });

  it('lets the channels of a window go with it, and serves the next window', async () => {
    const first = attach();
    const { wsUrls } = await started(first);
    const accepted: Channel[] = [];
    await first.listener.listen(channel => accepted.push(channel));
    const near = record(await factory.dial(wsUrls[0]!, never));
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    accepted[0]!.open({ onFrame: () => {}, onWritable: () => {}, onClose: () => {} });
    const second = attach(); // a reload: the old page's ports go with it
    accepted[0]!.close();
    await near.until(r => r.closes.length === 1);
    expect((await untilState(second, 'running')).state).toBe('running');
    await expect(factory.dial(wsUrls[0]!, never)).rejects.toMatchObject({ code: 'DIAL_FAILED' });
    await second.listener.listen(channel => accepted.push(channel));
    await factory.dial(wsUrls[0]!, never);
    await vi.waitFor(() => expect(accepted).toHaveLength(2));
  });

  it('starts by itself when it was running as the app was left, and not after a stop', async () => {
    const shell = attach();
    await started(shell, { ...local, publicUrl: 'ws://sea.example.org/sea' });
    await vi.waitFor(() =>
      expect(JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'))).toMatchObject({ isRunning: true }),
    );
    await host.close();
    host = makeHost();
    const next = attach();
    await host.resume();
    expect(await untilState(next, 'running')).toMatchObject({
      wsUrls: ['ws://sea.example.org/sea', expect.anything()],
    });
    next.stop();
    await vi.waitFor(() =>
      expect(JSON.parse(readFileSync(join(folder, 'node.json'), 'utf8'))).toMatchObject({ isRunning: false }),
    );
    await host.close();
    host = makeHost();
    await host.resume();
    const last = attach();
    expect(await untilState(last, 'stopped')).toEqual({ state: 'stopped', complaint: null });
    expect(last.view.value?.settings.publicUrl).toBe('ws://sea.example.org/sea');
  });

  it('a newcomer that does not read slows the window down, whose frames then wait for it', async () => {
    const shell = attach();
    const { wsUrls } = await started(shell);
    const accepted: Channel[] = [];
    await shell.listener.listen(channel => accepted.push(channel));
    const { port, hostname } = new URL(wsUrls[0]!);
    const { Socket } = await import('node:net');
    const socket = new Socket();
    socket.on('error', () => {});
    socket.connect(Number(port), hostname);
    socket.write(
      `GET /sea HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await new Promise(resolve => socket.once('data', resolve));
    socket.pause();
    await vi.waitFor(() => expect(accepted).toHaveLength(1));
    const atWindow = record(accepted[0]!);
    const frame = pattern(FRAME_BYTES_MAX, 1);
    // What sockets of one machine hold for themselves comes to several MiB; beyond it the window's count must stand.
    for (let i = 0; i < 400 && accepted[0]!.bufferedBytes < 1_048_576; i++) {
      accepted[0]!.send(frame);
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    expect(accepted[0]!.bufferedBytes).toBeGreaterThanOrEqual(1_048_576);
    expect(codes(atWindow)).toEqual([]);
    socket.resume();
    await atWindow.until(r => r.writables > 0);
    await vi.waitFor(() => expect(accepted[0]!.bufferedBytes).toBe(0), { timeout: 10_000 });
    socket.destroy();
    await atWindow.until(r => r.closes.length === 1);
  });
});
