import { afterEach, expect, it, vi } from 'vitest';
import { HashAddress } from '../../../src/address/hash-address.ts';
import { SeaError } from '../../../src/base/errors.ts';
import { Events } from '../../../src/base/events.ts';
import type { LinkInfo, Sea, SeaEvents, SeaOptions } from '../../../src/index.ts';
import { domPort, type Port } from '../../shared/port.ts';
import { defaultSettings } from '../../shared/settings.ts';
import type { News, ServerStatus } from '../../shared/shell-messages.ts';
import { Shell } from '../shell.ts';
import { DesktopNode } from './desktop-node.ts';

/** A sea that does as the test says. */
class FakeSea {
  readonly events = new Events<SeaEvents>(error => {
    throw error;
  });
  readonly options: SeaOptions;
  readonly dialled: (readonly string[])[] = [];
  /** Called by goOnline. */
  join: () => Promise<void> = async () => {};
  shown: LinkInfo[] = [];
  isClosed = false;

  constructor(options: SeaOptions) {
    this.options = options;
  }

  localId(): HashAddress {
    return HashAddress.from('ab'.repeat(32));
  }
  links(): LinkInfo[] {
    return this.shown;
  }
  online(): boolean {
    return true;
  }
  on<Name extends keyof SeaEvents>(name: Name, listener: (detail: SeaEvents[Name]) => void): () => void {
    return this.events.on(name, listener);
  }
  async goOnline(bootstraps: readonly string[]): Promise<void> {
    this.dialled.push(bootstraps);
    await this.join();
  }
  async close(): Promise<void> {
    this.isClosed = true;
  }
}

const ports: Port[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

interface Scene {
  readonly node: DesktopNode;
  readonly seas: FakeSea[];
  readonly orders: unknown[];
  /** Speaks as the main process. */
  tell(status: ServerStatus, bootstraps?: readonly string[]): void;
}

function scene(prepare: (sea: FakeSea) => void | Promise<void> = () => {}): Scene {
  const { port1, port2 } = new MessageChannel();
  const [main, near] = [domPort(port1), domPort(port2)];
  ports.push(main, near);
  const orders: unknown[] = [];
  main.listen({ onMessage: data => orders.push(data), onClose: () => {} });
  const seas: FakeSea[] = [];
  const makeSea = async (options: SeaOptions): Promise<Sea> => {
    const sea = new FakeSea(options);
    seas.push(sea);
    await prepare(sea);
    return sea as unknown as Sea;
  };
  const node = new DesktopNode({ shell: new Shell(near), makeSea, now: () => 10_000 });
  node.follow();
  return {
    node,
    seas,
    orders,
    tell(status, bootstraps = []) {
      main.post({ kind: 'status', status, settings: { ...defaultSettings, bootstraps } } satisfies News);
    },
  };
}

const running: ServerStatus = { state: 'running', wsUrls: ['ws://a/sea', 'ws://b/sea'], pageUrls: [], uptimeMs: 4_000 };
const stopped: ServerStatus = { state: 'stopped', complaint: null };

function untilPhase(node: DesktopNode, state: string): Promise<void> {
  return vi.waitFor(() => expect(node.phase.value.state).toBe(state));
}

function link(hexDigit: string, part: Partial<LinkInfo> = {}): LinkInfo {
  const address = HashAddress.from(hexDigit.repeat(64));
  return { address, transport: 'webrtc', rttMs: 3, bytesIn: 0, bytesOut: 0, sinceMs: 9_000, pins: [], ...part };
}

it('comes with the server, told to others by its best address, and goes with it', async () => {
  const { node, seas, tell } = scene();
  expect(node.phase.value.state).toBe('off');
  tell(running, ['ws://entry/sea']);
  await untilPhase(node, 'online');
  expect(seas[0]!.options).toMatchObject({ url: 'ws://a/sea', linksMax: 128, leaf: false });
  expect(seas[0]!.options.listeners).toHaveLength(1);
  expect(seas[0]!.dialled).toEqual([['ws://entry/sea']]);
  expect([node.address.value, node.startedMs.value]).toEqual(['ab'.repeat(32), 6_000]);
  tell(stopped);
  await untilPhase(node, 'off');
  await vi.waitFor(() => expect(seas[0]!.isClosed).toBe(true));
  expect([node.address.value, node.startedMs.value, node.peers.value]).toEqual([undefined, undefined, []]);
});

it('shows its links in order of address and reports them', async () => {
  const { node, seas, orders, tell } = scene();
  tell(running);
  await untilPhase(node, 'online');
  seas[0]!.shown = [link('c', { transport: 'websocket', rttMs: undefined }), link('1')];
  seas[0]!.events.emit('links', undefined);
  expect(node.peers.value).toEqual([
    { address: '1'.repeat(64), transport: 'webrtc', rttMs: 3, linkedMs: 1_000 },
    { address: 'c'.repeat(64), transport: 'websocket', rttMs: undefined, linkedMs: 1_000 },
  ]);
  await vi.waitFor(() =>
    expect(orders.at(-1)).toEqual({
      kind: 'report',
      report: { address: 'ab'.repeat(32), links: 2, online: true },
    }),
  );
});

it('follows the sea when that loses its way and finds it', async () => {
  const { node, seas, tell } = scene();
  tell(running);
  await untilPhase(node, 'online');
  seas[0]!.events.emit('offline', undefined);
  expect(node.phase.value.state).toBe('joining');
  seas[0]!.events.emit('online', undefined);
  expect(node.phase.value.state).toBe('online');
});

it('says why it cannot join, and joins when told to try again', async () => {
  const { node, seas, tell } = scene(sea => {
    sea.join = () => Promise.reject(new SeaError('NO_BOOTSTRAP', 'nobody answered'));
  });
  tell(running, ['ws://entry/sea']);
  await untilPhase(node, 'failed');
  expect(node.phase.value).toEqual({
    state: 'failed',
    complaint: { code: 'NO_BOOTSTRAP', sentence: 'nobody answered' },
  });
  seas[0]!.join = async () => {};
  node.retry();
  await untilPhase(node, 'online');
  expect(seas[0]!.dialled).toEqual([['ws://entry/sea'], ['ws://entry/sea']]);
});

it('says why it cannot be made, and is made when told to try again', async () => {
  let isBroken = true;
  const { node, seas, tell } = scene(() => {
    if (isBroken) throw new Error('no WebRTC');
  });
  tell(running);
  await untilPhase(node, 'failed');
  expect(node.phase.value).toMatchObject({ complaint: { code: 'HOST_FAILURE', sentence: 'no WebRTC' } });
  isBroken = false;
  node.retry();
  await untilPhase(node, 'online');
  expect(seas).toHaveLength(2);
});

it('a server that stops while the node is made leaves none behind', async () => {
  let finish!: () => void;
  const made = new Promise<void>(resolve => {
    finish = resolve;
  });
  const { node, seas, tell } = scene(() => made);
  tell(running);
  await vi.waitFor(() => expect(seas).toHaveLength(1));
  tell(stopped);
  await untilPhase(node, 'off');
  finish();
  await vi.waitFor(() => expect(seas[0]!.isClosed).toBe(true));
  expect([node.phase.value.state, node.address.value]).toEqual(['off', undefined]);
});

it('closes the old node before it makes the next, and hears no more of the old', async () => {
  const { node, seas, tell } = scene(() => {
    if (seas.length === 2) expect(seas[0]!.isClosed).toBe(true);
  });
  tell(running);
  await untilPhase(node, 'online');
  tell({ state: 'stopping' });
  tell({ ...running, wsUrls: ['ws://c/sea'] });
  await vi.waitFor(() => expect(seas).toHaveLength(2));
  await untilPhase(node, 'online');
  expect(seas[1]!.options.url).toBe('ws://c/sea');
  seas[0]!.events.emit('offline', undefined);
  expect(node.phase.value.state).toBe('online');
});
