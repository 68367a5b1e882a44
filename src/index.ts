/**
 * The browser entry: `createSea()` makes a node of this page. The default export is a sea made on first use, for pages
 * that want the API of the first Sea design: `sea.goOnline([…])`.
 */

import { browserLinks } from './adapters/browser/browser-link-factory.ts';
import { browserShardCoder } from './adapters/browser/browser-shard-coder.ts';
import { browserTaskRunner } from './adapters/browser/browser-task-runner.ts';
import { ConsoleLog } from './adapters/browser/console-log.ts';
import { IndexedDbBlockStore } from './adapters/browser/indexed-db-block-store.ts';
import { IndexedDbKeyStore } from './adapters/browser/indexed-db-key-store.ts';
import { IndexedDbShardStore } from './adapters/browser/indexed-db-shard-store.ts';
import { IndexedDbSmallStore } from './adapters/browser/indexed-db-small-store.ts';
import { PeerseaDatabase } from './adapters/browser/peersea-database.ts';
import { WebCrypto } from './adapters/browser/web-crypto.ts';
import { WebLocks } from './adapters/browser/web-locks.ts';
import { WebRandom } from './adapters/browser/web-random.ts';
import { WorkerClock } from './adapters/browser/worker-clock.ts';
import type { IceServer, IceTransportPolicy } from './adapters/webrtc/negotiation.ts';
import { HashAddress } from './address/hash-address.ts';
import type { Listener } from './ports/link-factory.ts';
import { Sea } from './sea.ts';
import type { SeaOptions as CoreOptions } from './sea-api.ts';

export { TASK_FRAME_SCRIPT_HASH } from './adapters/browser/browser-task-runner.ts';
export type { IceServer, IceTransportPolicy } from './adapters/webrtc/negotiation.ts';
export { ContentId } from './address/content-id.ts';
export { HashAddress } from './address/hash-address.ts';
export { type ErrorCode, isSeaError, SeaError } from './base/errors.ts';
export { type Bundle, makeBundle } from './compute/bundle.ts';
export type { MapOptions, MapProgress } from './compute/map-options.ts';
export type { ContributionStatus, RunningPart } from './compute/provider.ts';
export type { MapResult } from './compute/result-buffer.ts';
export type { Con } from './con/con.ts';
export type { Route } from './con/route.ts';
export type { ConStream } from './con/streams.ts';
export type { Channel, ChannelHandler, Listener, Transport } from './ports/link-factory.ts';
export type { Log, LogLevel } from './ports/log.ts';
export type { ServeHandler } from './pubsub/anycast.ts';
export type { Chan, MemberListener, MessageListener, Validator } from './pubsub/chan.ts';
export type { Argument } from './rpc/arguments.ts';
export type { Sea } from './sea.ts';
export type { AppHandler, CallWithOptions, JoinOptions, LinkInfo, SeaEvents } from './sea-api.ts';
export type {
  Deletion,
  FileLinks,
  FileSource,
  GetOptions,
  GetProgress,
  HolderStatus,
  PutOptions,
  PutProgress,
  Storage,
  StoredFile,
} from './storage/storage.ts';

export interface SeaOptions extends CoreOptions {
  /** For peers behind NATs. Default: none, which serves one network and public addresses. */
  readonly iceServers?: readonly IceServer[] | undefined;
  /** 'relay': direct links by way of a TURN server only, so that peers do not learn this device's addresses. Default 'all'. */
  readonly iceTransportPolicy?: IceTransportPolicy | undefined;
  /** Where newcomers may knock besides the other tabs of this origin: a desktop shell's websocket server (with `url`). */
  readonly listeners?: readonly Listener[] | undefined;
}

const PHONE_LINKS_MAX = 8;

HashAddress.drawFrom(new WebRandom());

/** A node of this page, offline until `goOnline`. UNSUPPORTED where the browser lacks WebRTC, WebAssembly or secure crypto. */
export async function createSea(options: SeaOptions = {}): Promise<Sea> {
  const clock = new WorkerClock();
  const random = new WebRandom();
  const database = new PeerseaDatabase(clock);
  const { factory, tabListener } = browserLinks({
    clock,
    random,
    iceServers: options.iceServers ?? [],
    iceTransportPolicy: options.iceTransportPolicy,
    tabName: options.networkId ?? 'peersea',
  });
  const phone = isPhone();
  return Sea.create(
    {
      clock,
      random,
      crypto: new WebCrypto(new IndexedDbKeyStore(database), random),
      factory,
      listeners: [...(tabListener === undefined ? [] : [tabListener]), ...(options.listeners ?? [])],
      smallStore: new IndexedDbSmallStore(database),
      blocks: new IndexedDbBlockStore(database, clock),
      shards: new IndexedDbShardStore(database),
      coder: browserShardCoder(),
      lock: new WebLocks(clock),
      runner: browserTaskRunner(clock),
      standingEntries: tabListener === undefined ? [] : ['tab:'],
      close() {
        database.close();
        clock.close();
      },
    },
    { log: new ConsoleLog('warn'), leaf: phone, ...(phone ? { linksMax: PHONE_LINKS_MAX } : {}), ...options },
  );
}

function isPhone(): boolean {
  const { userAgentData } = navigator as Navigator & { userAgentData?: { mobile: boolean } };
  return userAgentData?.mobile ?? /Android.*Mobile|iPhone/.test(navigator.userAgent);
}
