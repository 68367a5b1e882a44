/**
 * The Node entry: the same sea without a page. `createSea()` makes a headless node; `startBootstrap()` makes one that
 * also listens, serves the page and reports its health.
 */

import { join } from 'node:path';
import { NoblePayKeys } from './adapters/evm/noble-pay-keys.ts';
import { RpcLedger } from './adapters/evm/rpc-ledger.ts';
import { MemoryBlockStore } from './adapters/memory/memory-block-store.ts';
import { MemoryDeviceLock } from './adapters/memory/memory-device-lock.ts';
import { MemoryReceiptStore } from './adapters/memory/memory-receipt-store.ts';
import { MemoryShardStore } from './adapters/memory/memory-shard-store.ts';
import { MemorySmallStore } from './adapters/memory/memory-small-store.ts';
import {
  type BootstrapServer,
  type BootstrapServerOptions,
  startBootstrapServer,
} from './adapters/node/bootstrap-server.ts';
import { FileBlockStore } from './adapters/node/file-block-store.ts';
import { FileLock } from './adapters/node/file-lock.ts';
import { FileReceiptStore } from './adapters/node/file-receipt-store.ts';
import { FileShardStore } from './adapters/node/file-shard-store.ts';
import { FileSmallStore } from './adapters/node/file-small-store.ts';
import { NodeClock } from './adapters/node/node-clock.ts';
import { NodeCrypto } from './adapters/node/node-crypto.ts';
import { nodeLinkFactory } from './adapters/node/node-link-factory.ts';
import { NodeRandom } from './adapters/node/node-random.ts';
import { nodeShardCoder } from './adapters/node/node-shard-coder.ts';
import { nodeTaskRunner } from './adapters/node/node-task-runner.ts';
import { packageVersion } from './adapters/node/package-version.ts';
import { usualLog } from './adapters/node/usual-log.ts';
import type { IceServer } from './adapters/webrtc/negotiation.ts';
import { HashAddress } from './address/hash-address.ts';
import { SeaError } from './base/errors.ts';
import { defaultSea } from './default-sea.ts';
import type { ChainInfo } from './ports/chain-info.ts';
import type { Listener } from './ports/link-factory.ts';
import { Sea } from './sea.ts';
import type { SeaOptions as CoreOptions } from './sea-api.ts';

export type { BootstrapServer, BootstrapServerOptions } from './adapters/node/bootstrap-server.ts';
export type { ListenerLimits } from './adapters/node/limits.ts';
export type { IceServer } from './adapters/webrtc/negotiation.ts';
export * from './exports.ts';
export type { Channel, ChannelHandler, Listener } from './ports/link-factory.ts';

export interface SeaOptions extends CoreOptions {
  /** Keeps the identity, bundles, known peers and vouchers here, for one node at a time; without it nothing outlives the process. */
  readonly dataFolder?: string | undefined;
  /** The chain to earn and pay on; without one all work is given. */
  readonly chain?: ChainInfo | undefined;
  readonly iceServers?: readonly IceServer[] | undefined;
  /** PEM text of a certificate authority to trust besides the usual ones, for `wss:` nodes of one's own. */
  readonly ca?: string | undefined;
}

/** A desktop node is the backbone of its sea. */
const DESKTOP_LINKS_MAX = 128;

HashAddress.drawFrom(new NodeRandom());

/** A headless node, offline until `goOnline`. Throws NO_STORAGE where another node uses its data folder, or that is no folder or damaged. */
export async function createSea(options: SeaOptions = {}): Promise<Sea> {
  return makeSea(options, []);
}

/** This process's sea, for apps that want one and no ceremony: made at its first `goOnline([…])`. */
const sea: Sea = /* @__PURE__ */ defaultSea(createSea);
export default sea;

export interface BootstrapOptions extends SeaOptions, Omit<BootstrapServerOptions, 'clock' | 'log' | 'status'> {
  /** The URL others are told to dial; default: where the server listens. */
  readonly publicUrl?: string | undefined;
  /** False: it listens, and `goOnline` is left to the caller. Default true. */
  readonly online?: boolean | undefined;
}

export interface Bootstrap {
  readonly sea: Sea;
  readonly server: BootstrapServer;
  close(): Promise<void>;
}

/**
 * A listening node, online. Given bootstraps it joins their sea, else it is the first of its own. Throws PORT_IN_USE,
 * NO_PERMISSION, BAD_ARGUMENT, NO_STORAGE, NO_BOOTSTRAP.
 */
export async function startBootstrap(options: BootstrapOptions): Promise<Bootstrap> {
  const clock = new NodeClock();
  let sea: Sea | undefined;
  const version = packageVersion();
  const status = (): Record<string, unknown> => ({
    version,
    address: sea?.localId().toString(),
    links: sea?.links().length ?? 0,
    online: sea?.online() ?? false,
  });
  if (options.publicUrl !== undefined) checkPublicUrl(options.publicUrl);
  const server = await startBootstrapServer({ ...options, clock, log: options.log ?? usualLog, status });
  try {
    sea = await makeSea({ linksMax: DESKTOP_LINKS_MAX, ...options, url: options.publicUrl ?? server.wsUrl }, [
      server.listener,
    ]);
    if (options.online !== false) await sea.goOnline();
  } catch (error) {
    await sea?.close();
    await server.close();
    throw error;
  }
  const running = sea;
  return {
    sea: running,
    server,
    async close() {
      await running.close();
      await server.close();
    },
  };
}

function checkPublicUrl(url: string): void {
  if (/^wss?:\/\/[^\s/?#]/i.test(url) && URL.canParse(url)) return;
  throw new SeaError(
    'BAD_ARGUMENT',
    `the public URL is what others dial, as wss://sea.example.org/sea, not ${JSON.stringify(url)}`,
  );
}

async function makeSea(options: SeaOptions, listeners: readonly Listener[]): Promise<Sea> {
  const clock = new NodeClock();
  const random = new NodeRandom();
  const log = options.log ?? usualLog;
  const { dataFolder: folder } = options;
  const smallStore = folder === undefined ? new MemorySmallStore() : new FileSmallStore(folder);
  return Sea.create(
    {
      clock,
      random,
      crypto: new NodeCrypto(folder),
      factory: await nodeLinkFactory({ clock, iceServers: options.iceServers ?? [], ca: options.ca, log }),
      listeners,
      smallStore,
      isStoreOwn: folder === undefined,
      blocks: folder === undefined ? new MemoryBlockStore() : new FileBlockStore(join(folder, 'blocks'), clock),
      shards: folder === undefined ? new MemoryShardStore() : new FileShardStore(join(folder, 'shards')),
      coder: nodeShardCoder(),
      payKeys: new NoblePayKeys(smallStore, random),
      receipts: folder === undefined ? new MemoryReceiptStore() : new FileReceiptStore(join(folder, 'receipts')),
      ledger: options.chain === undefined ? undefined : new RpcLedger(options.chain),
      namedDevice: folder,
      lock: folder === undefined ? new MemoryDeviceLock() : new FileLock(folder, clock),
      runner: nodeTaskRunner(clock),
      standingEntries: [],
      close() {},
    },
    { identity: folder === undefined ? 'passing' : 'kept', ...options, log },
  );
}
