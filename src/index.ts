/**
 * The browser entry: `createSea()` makes a node of this page. The default export is a sea made at its first
 * `goOnline`, as the first Sea design has it.
 */

import { browserLinks } from './adapters/browser/browser-link-factory.ts';
import { browserShardCoder } from './adapters/browser/browser-shard-coder.ts';
import { browserTaskRunner } from './adapters/browser/browser-task-runner.ts';
import { ConsoleLog } from './adapters/browser/console-log.ts';
import { IndexedDbBlockStore } from './adapters/browser/indexed-db-block-store.ts';
import { IndexedDbKeyStore } from './adapters/browser/indexed-db-key-store.ts';
import { IndexedDbReceiptStore } from './adapters/browser/indexed-db-receipt-store.ts';
import { IndexedDbShardStore } from './adapters/browser/indexed-db-shard-store.ts';
import { IndexedDbSmallStore } from './adapters/browser/indexed-db-small-store.ts';
import { PeerseaDatabase } from './adapters/browser/peersea-database.ts';
import { WebCrypto } from './adapters/browser/web-crypto.ts';
import { WebLocks } from './adapters/browser/web-locks.ts';
import { WebRandom } from './adapters/browser/web-random.ts';
import { WorkerClock } from './adapters/browser/worker-clock.ts';
import { latePayKeys } from './adapters/evm/late-pay-keys.ts';
import { RpcLedger } from './adapters/evm/rpc-ledger.ts';
import type { IceServer, IceTransportPolicy } from './adapters/webrtc/negotiation.ts';
import { HashAddress } from './address/hash-address.ts';
import { defaultSea } from './default-sea.ts';
import { fetchLaterParts, LATER_PARTS_MS } from './later-parts.ts';
import type { ChainInfo } from './ports/chain-info.ts';
import type { Listener } from './ports/link-factory.ts';
import { Sea } from './sea.ts';
import type { SeaOptions as CoreOptions } from './sea-api.ts';

export { TASK_FRAME_SCRIPT_HASH } from './adapters/browser/browser-task-runner.ts';
export type { Eip1193Provider, FoundWallet } from './adapters/evm/eip1193.ts';
export type { Account, CompactSignature, PurseCall, SignedVoucher } from './adapters/evm/purse-calls.ts';
export type { Balances, Claimed, Opened, PaidOut, PurseWallet, Redeemed } from './adapters/evm/purse-wallet.ts';
export type { EventLog, Mined, TransactionOptions } from './adapters/evm/transaction.ts';
export type { WalletState } from './adapters/evm/wallet-session.ts';
export { type Wallets, wallets } from './adapters/evm/wallets.ts';
export type { IceServer, IceTransportPolicy } from './adapters/webrtc/negotiation.ts';
export * from './exports.ts';
export type { LaneView, PurseView } from './ports/ledger.ts';
export type { Channel, ChannelHandler, Listener } from './ports/link-factory.ts';

export interface SeaOptions extends CoreOptions {
  /** The chain to earn and pay on; without one all work is given. */
  readonly chain?: ChainInfo | undefined;
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
  const smallStore = new IndexedDbSmallStore(database);
  const phone = isPhone();
  const sea = await Sea.create(
    {
      clock,
      random,
      crypto: new WebCrypto(new IndexedDbKeyStore(database), random),
      factory,
      listeners: [...(tabListener === undefined ? [] : [tabListener]), ...(options.listeners ?? [])],
      smallStore,
      isStoreOwn: false,
      blocks: new IndexedDbBlockStore(database, clock),
      shards: new IndexedDbShardStore(database),
      coder: browserShardCoder(),
      payKeys: latePayKeys(async () => {
        const { NoblePayKeys } = await import('./adapters/evm/noble-pay-keys.ts');
        return new NoblePayKeys(smallStore, random);
      }),
      receipts: new IndexedDbReceiptStore(database),
      ledger: options.chain === undefined ? undefined : new RpcLedger(options.chain),
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
  clock.after(LATER_PARTS_MS, () => void fetchLaterParts(sea));
  return sea;
}

/** This page's sea, for apps that want one and no ceremony: made at its first `goOnline([…])`. */
const sea: Sea = /* @__PURE__ */ defaultSea(createSea);
export default sea;

function isPhone(): boolean {
  const { userAgentData } = navigator as Navigator & { userAgentData?: { mobile: boolean } };
  return userAgentData?.mobile ?? /Android.*Mobile|iPhone/.test(navigator.userAgent);
}
