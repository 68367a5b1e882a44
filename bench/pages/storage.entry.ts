/**
 * One tab of the storage bench. Alone it stores into its own IndexedDB through the production service, ten holders in one
 * page and nothing between them, against the loop that somebody would write by hand; with others it reads over links.
 */

import { browserShardCoder } from '../../src/adapters/browser/browser-shard-coder.ts';
import { IndexedDbKeyStore } from '../../src/adapters/browser/indexed-db-key-store.ts';
import { IndexedDbShardStore } from '../../src/adapters/browser/indexed-db-shard-store.ts';
import { PeerseaDatabase } from '../../src/adapters/browser/peersea-database.ts';
import { WebCrypto } from '../../src/adapters/browser/web-crypto.ts';
import { WebRandom } from '../../src/adapters/browser/web-random.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { MemorySmallStore } from '../../src/adapters/memory/memory-small-store.ts';
import type { HashAddress } from '../../src/address/hash-address.ts';
import { addressOfKey } from '../../src/address/signed.ts';
import { Scope } from '../../src/base/scope.ts';
import { createSea, type FileLinks, type Sea } from '../../src/index.ts';
import type { SigningKey } from '../../src/ports/crypto.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { Caller, Handler } from '../../src/rpc/exchange.ts';
import { Storage } from '../../src/storage/storage.ts';
import { openRaw, sendAll } from './raw-channel.ts';
import { SerialStore } from './serial-store.ts';
import { SignalBus } from './signal-bus.ts';

const K = 4;
const N = 10;
const QUOTA_BYTES = 4_294_967_296;
const RAW_MESSAGE_BYTES = 65_536;

let sea: Sea;
let owner: Storage;
let serial: SerialStore;
let file: Uint8Array<ArrayBuffer>;
let links: FileLinks | undefined;
let channel: RTCDataChannel;
let round = 0;

const page = {
  /** This page as an owner and ten holders; and the loop by hand. */
  async startAlone(bytes: number): Promise<void> {
    file = bytesOf(bytes);
    const handlers = new Map<string, Handler>();
    const clock = new WorkerClock();
    const random = new WebRandom();
    const crypto = new WebCrypto(new IndexedDbKeyStore(new PeerseaDatabase(clock)), random);
    const keys = await Promise.all(Array.from({ length: N + 1 }, () => crypto.passingKey()));
    const nodes = keys.map(({ publicKey }) => addressOfKey(publicKey));
    const storages = keys.map((key, i) => localStorage({ nodes, handlers, clock, random, crypto }, key, i));
    for (const holder of storages.slice(1)) await holder.lend({ quotaBytes: QUOTA_BYTES });
    owner = storages[0]!;
    serial = await SerialStore.open(K, N);
  },

  /** MB/s of file bytes into holders' stores. Another file each time: nothing is there already. */
  async put(arm: 'ours' | 'serial'): Promise<number> {
    new DataView(file.buffer).setUint32(0, ++round);
    if (arm === 'serial') return rate(() => serial.put(file));
    if (links !== undefined) await owner.delete(links.delete);
    return rate(async () => {
      links = await owner.put(file, { k: K, n: N });
    });
  },

  /** MB/s of file bytes out of them. */
  async get(arm: 'ours' | 'serial'): Promise<number> {
    return rate(async () => {
      if (arm === 'serial') await serial.get();
      else await drain(owner.get(links!.read));
    });
  },

  /** This page as a node of a sea; its address. */
  async join(bootstrap: string, isHolder: boolean): Promise<string> {
    sea = await createSea({ bootstraps: [bootstrap] });
    await sea.goOnline();
    if (isHolder) await sea.storage.lend({ quotaBytes: QUOTA_BYTES });
    return sea.localId().toString();
  },

  isLinkedTo(addresses: string[]): boolean {
    const direct = sea.links().filter(({ transport }) => transport === 'webrtc');
    const linked = new Set(direct.map(({ address }) => address.toString()));
    return addresses.every(address => linked.has(address));
  },

  /** Stores a file at as many holders as there are data shards, for `fetch`. */
  async leave(bytes: number): Promise<void> {
    file = bytesOf(bytes);
    links = await sea.storage.put(file, { k: K, n: K });
  },

  /** Sends so many bytes over a raw channel whenever it is asked. */
  async serveRaw(room: string, bytes: number): Promise<void> {
    const bus = await SignalBus.connect(room);
    bus.onLine = async (line, first) => {
      const opening = openRaw(bus, line, 'answer');
      bus.replay(line, first);
      const opened = await opening;
      const message = bytesOf(RAW_MESSAGE_BYTES);
      opened.channel.onmessage = () => void sendAll(opened.channel, message, bytes / RAW_MESSAGE_BYTES);
    };
  },

  async connectRaw(room: string): Promise<void> {
    const bus = await SignalBus.connect(room);
    channel = (await openRaw(bus, bus.freshLine(), 'offer')).channel;
  },

  /** MB/s of file bytes that arrive: read from holders, verified and opened; or as they are over a raw channel. */
  fetch(arm: 'ours' | 'raw'): Promise<number> {
    return rate(() => (arm === 'ours' ? drain(sea.storage.get(links!.read)) : receive(file.length)));
  },
};

interface LocalSea {
  readonly nodes: readonly HashAddress[];
  readonly handlers: Map<string, Handler>;
  readonly clock: WorkerClock;
  readonly random: WebRandom;
  readonly crypto: WebCrypto;
}

function localStorage({ nodes, handlers, clock, random, crypto }: LocalSea, key: SigningKey, index: number): Storage {
  const self = nodes[index]!;
  return new Storage({
    self,
    key,
    clock,
    random,
    scope: new Scope(clock),
    caller: localCaller(self, handlers),
    crypto,
    coder: browserShardCoder(),
    shards: new IndexedDbShardStore(new PeerseaDatabase(clock, `node ${index}`)),
    smallStore: new MemorySmallStore(),
    records: { announce: () => ({ held: Promise.resolve(), stop() {} }), find: async () => [] },
    online: () => true,
    neighbours: () => nodes,
    log: silentLog,
    onStatus() {},
  });
}

/** Calls between services of one page: the handler itself. */
function localCaller(self: HashAddress, handlers: Map<string, Handler>): Caller {
  const { signal } = new AbortController();
  return {
    async call(target, scope, body) {
      const handler = handlers.get(`${target} ${scope}`)!;
      return handler({ caller: self, direct: true, body, signal, send() {}, onItem() {} });
    },
    open() {
      throw new Error('storage makes plain calls only');
    },
    handle(scope, handler) {
      handlers.set(`${self} ${scope}`, handler);
      return () => handlers.delete(`${self} ${scope}`);
    },
  };
}

async function drain(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  let length = 0;
  for await (const piece of pieces) length += piece.length;
  if (length !== file.length) throw new Error(`${length} bytes came`);
}

function receive(bytes: number): Promise<void> {
  return new Promise(resolve => {
    let length = 0;
    channel.onmessage = ({ data }) => {
      length += (data as ArrayBuffer).byteLength;
      if (length >= bytes) resolve();
    };
    channel.send('go');
  });
}

async function rate(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return file.length / 1_000 / (performance.now() - began);
}

/** Bytes that no two segments have alike. */
function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(length / 4);
  let state = 7;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state ^ (state >>> 13);
  }
  return new Uint8Array(words.buffer);
}

export type StoragePage = typeof page;
Object.assign(globalThis, { tab: page });
