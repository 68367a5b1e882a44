/**
 * The middle of a node, made of the production classes as `sea.ts` joins them: links, routing, calls. What is left out is
 * membership, so that a bench decides who links to whom; signals go over the bench's bus.
 */

import { IndexedDbKeyStore } from '../../src/adapters/browser/indexed-db-key-store.ts';
import { PeerseaDatabase } from '../../src/adapters/browser/peersea-database.ts';
import { WebCrypto } from '../../src/adapters/browser/web-crypto.ts';
import { WebRandom } from '../../src/adapters/browser/web-random.ts';
import { WorkerClock } from '../../src/adapters/browser/worker-clock.ts';
import { webRtcNegotiator } from '../../src/adapters/webrtc/negotiation.ts';
import { HashAddress } from '../../src/address/hash-address.ts';
import { addressOfKey } from '../../src/address/signed.ts';
import { decodeValue, encodeValue } from '../../src/base/cbor.ts';
import { SeaError } from '../../src/base/errors.ts';
import { Scope } from '../../src/base/scope.ts';
import type { Link } from '../../src/link/link.ts';
import { Links } from '../../src/link/links.ts';
import type { SignalLine, SignalListener, Signaller } from '../../src/link/signaller.ts';
import { decodeLinkItem, encodeLinkItem } from '../../src/membership/messages.ts';
import { silentLog } from '../../src/ports/log.ts';
import type { Path, PathHandler } from '../../src/routing/path.ts';
import { Router } from '../../src/routing/router.ts';
import { Rpc } from '../../src/rpc/rpc.ts';
import type { SignalBus } from './signal-bus.ts';

export interface BenchNode {
  readonly address: HashAddress;
  readonly links: Links;
  readonly router: Router;
  readonly rpc: Rpc;
  /** Takes paths from elsewhere; calls do, unless a bench wants them itself. */
  onPath: (path: Path) => PathHandler;
}

export async function makeNode(bus: SignalBus): Promise<BenchNode> {
  const clock = new WorkerClock();
  const random = new WebRandom();
  const crypto = new WebCrypto(new IndexedDbKeyStore(new PeerseaDatabase(clock)), random);
  const scope = new Scope(clock);
  const key = await crypto.passingKey();
  const address = addressOfKey(key.publicKey);
  const rpc: Rpc = new Rpc({ clock, random, scope: scope.fork(), log: silentLog, router: () => router });
  const links = new Links({
    clock,
    random,
    crypto,
    scope: scope.fork(),
    local: { key, address, networkId: 'bench', leaf: false, url: null },
    factory: {
      ...webRtcNegotiator({ iceServers: [] }),
      dial: async () => {
        throw new SeaError('DIAL_FAILED', 'this node only negotiates');
      },
    },
    signaller: new BusSignaller(bus, address),
    policy: { wants: () => true, victim: () => undefined },
    linksMax: 48,
    handler: {
      onNeighbour: () => {},
      onNeighbourGone: () => {},
      onLinkClosed: link => router.linkClosed(link),
      onRouting: (link, message, payload) => router.receive(link, message, payload),
    },
  });
  const node: BenchNode = { address, links, rpc, onPath: path => rpc.accept(path), router: undefined as never };
  const router: Router = new Router({
    self: address,
    leaf: false,
    clock,
    scope: scope.fork(),
    table: links.table,
    offend: (link, offence) => links.offend(link, offence),
    onPath: path => node.onPath(path),
  });
  return Object.assign(node, { router });
}

/** Agrees to the link that the first message of a line asks for. Resolves once it stands. */
export async function answerDial(node: BenchNode, bus: SignalBus, line: number, ask: Uint8Array): Promise<Link> {
  const peer = HashAddress.from(ask);
  const send = (item: Parameters<typeof encodeLinkItem>[0]): void => bus.send(line, encodeValue(encodeLinkItem(item)));
  const answer = node.links.answer(peer, send, new AbortController().signal);
  const forget = bus.listen(line, body => {
    const item = decodeLinkItem(decodeValue(body));
    if (item !== 'agreed') answer.accept(item);
  });
  send('agreed');
  await answer.done;
  forget();
  return node.links.table.get(peer)!;
}

/** What `membership/` does over calls, over a line of the bus: asks, hears 'agreed', then signals. */
class BusSignaller implements Signaller {
  readonly #bus: SignalBus;
  readonly #self: HashAddress;

  constructor(bus: SignalBus, self: HashAddress) {
    this.#bus = bus;
    this.#self = self;
  }

  open(_peer: HashAddress, _via: HashAddress | undefined, listener: SignalListener): SignalLine {
    const line = this.#bus.freshLine();
    const close = this.#bus.listen(line, body => {
      const item = decodeLinkItem(decodeValue(body));
      if (item === 'agreed') listener.onAgreed();
      else listener.onSignal(item);
    });
    this.#bus.send(line, this.#self.bytes);
    return { send: signal => this.#bus.send(line, encodeValue(encodeLinkItem(signal))), close };
  }
}
