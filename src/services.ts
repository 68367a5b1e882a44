/**
 * The services over the overlay, made bottom-up in one visible list: none knows another, each is handed what it needs.
 * It decides nothing.
 */

import type { HashAddress } from './address/hash-address.ts';
import type { Events } from './base/events.ts';
import type { Scope } from './base/scope.ts';
import { Blocks } from './blocks/blocks.ts';
import { Compute } from './compute/compute.ts';
import { Cons } from './con/cons.ts';
import { Credit } from './credit/credit.ts';
import type { Links } from './link/links.ts';
import type { Membership } from './membership/membership.ts';
import type { Platform } from './platform.ts';
import type { SigningKey } from './ports/crypto.ts';
import type { Log } from './ports/log.ts';
import { Channels } from './pubsub/channels.ts';
import { Records } from './records/records.ts';
import type { Rpc } from './rpc/rpc.ts';
import type { SeaEvents } from './sea-api.ts';
import { Storage } from './storage/storage.ts';

/** What services stand on. */
export interface Overlay {
  readonly self: HashAddress;
  readonly key: SigningKey;
  /** What is kept on the device is this node's to write. */
  readonly holdsDevice: boolean;
  readonly log: Log;
  readonly scope: Scope;
  readonly events: Events<SeaEvents>;
  readonly rpc: Rpc;
  readonly links: Links;
  readonly membership: Membership;
}

export interface Services {
  readonly records: Records;
  readonly cons: Cons;
  readonly channels: Channels;
  readonly blocks: Blocks;
  readonly credit: Credit;
  readonly compute: Compute;
  readonly storage: Storage;
}

export function makeServices(platform: Platform, overlay: Overlay): Services {
  const { links, membership, events, scope, rpc } = overlay;
  const { clock, random, crypto } = platform;
  const { self, key, log } = overlay;
  const common = { self, key, log, clock, random, crypto, caller: rpc, online: () => membership.online };
  const pin = (peer: HashAddress, reason: string): (() => void) => links.table.pin(peer, reason);
  const connect = async (peer: HashAddress, signal?: AbortSignal) => void (await links.connect(peer, { signal }));
  const neighbours = (): HashAddress[] => [...links.table.links()].map(link => link.address);

  const records = new Records({ ...common, scope: scope.fork(), locate: target => membership.locate(target) });
  const offend = (peer: HashAddress): void => holdAgainst(links, peer);
  const cons = new Cons({
    ...common,
    scope: scope.fork(),
    link: peer => links.table.get(peer),
    direct: connect,
    pin: peer => pin(peer, 'con'),
    offend,
    listening: () => events.heard('connection'),
    onConnection: con => events.emit('connection', con),
  });
  const channels = new Channels({
    ...common,
    scope: scope.fork(),
    announce: (name, value, options) => records.announce(name, value, { ...options, alone: true }),
    find: name => records.find(name),
    linked: peer => links.table.has(peer),
    pin,
    connect,
  });
  const blocks = new Blocks({ ...common, scope: scope.fork(), store: platform.blocks, offend });
  const credit = new Credit({
    ...common,
    scope: scope.fork(),
    payKeys: platform.payKeys,
    receipts: platform.receipts,
    ledger: () => platform.ledger,
    smallStore: platform.smallStore,
    guest: !overlay.holdsDevice,
    onStatus: status => events.emit('credit', status),
  });
  const compute = new Compute({
    ...common,
    scope: scope.fork(),
    runner: platform.runner,
    blocks,
    neighbours,
    pin,
    board: { post: (name, value) => records.announce(name, value).stop, read: name => records.find(name) },
    price: () => credit.price(),
    affords: (price, options) => credit.affords(price, options),
    reach: connect,
    till: credit.till,
    hire: credit.hire,
    onStatus: status => events.emit('contribution', status),
  });
  const storage = new Storage({
    ...common,
    scope: scope.fork(),
    coder: platform.coder,
    shards: platform.shards,
    smallStore: platform.smallStore,
    records,
    neighbours,
    onStatus: status => events.emit('holding', status),
  });
  return { records, cons, channels, blocks, credit, compute, storage };
}

/** A neighbour sent what no honest node sends. */
function holdAgainst(links: Links, peer: HashAddress): void {
  const link = links.table.get(peer);
  if (link !== undefined) links.offend(link, 'badMessage');
}
