/** Several nodes with links over a network inside this process. Signals go straight from one to the other. */

import { MemoryNetwork } from '../../adapters/memory/memory-link-factory.ts';
import type { HashAddress } from '../../address/hash-address.ts';
import { asSeaError, SeaError } from '../../base/errors.ts';
import { Scope } from '../../base/scope.ts';
import { ManualClock } from '../../ports/acceptance/manual-clock.ts';
import type { Crypto } from '../../ports/crypto.ts';
import type { Channel, LinkFactory, Signal } from '../../ports/link-factory.ts';
import type { RoutingMessage } from '../../wire/messages.ts';
import type { LocalNode } from '../handshake.ts';
import type { Link } from '../link.ts';
import { type Answer, Links, type LinksOptions } from '../links.ts';
import type { SignalLine, SignalListener, Signaller } from '../signaller.ts';
import { disguised, testNode } from './nodes.ts';

export interface SeaNode {
  readonly name: string;
  readonly address: HashAddress;
  readonly links: Links;
  readonly scope: Scope;
  /** What the table told, as words. */
  readonly events: string[];
  readonly routed: RoutingMessage[];
  /** What the layers above decide; a test may change its mind. */
  wants: boolean;
  victim: Link | undefined;
}

export interface SeaNodeOptions {
  readonly linksMax?: number;
  readonly local?: Partial<LocalNode>;
  readonly factory?: LinkFactory;
  readonly signaller?: Signaller;
  readonly crypto?: Crypto;
}

export class TestSea {
  readonly clock = new ManualClock();
  readonly network = new MemoryNetwork();
  readonly #nodes = new Map<string, SeaNode>();
  /** Dials that were asked for by way of signals. */
  dialsAsked = 0;

  node(name: string, { linksMax = 8, local, factory, signaller, crypto }: SeaNodeOptions = {}): SeaNode {
    const made = testNode(name, this.clock, local);
    const scope = new Scope(this.clock);
    const events: string[] = [];
    const routed: RoutingMessage[] = [];
    const nameOf = (address: HashAddress): string => this.#nodes.get(address.toString())?.name ?? 'somebody';
    const policy: LinksOptions['policy'] = {
      wants: () => node.wants,
      victim: () => (node.victim?.open ? node.victim : undefined),
    };
    const links = new Links({
      ...made.tools,
      crypto: crypto ?? made.tools.crypto,
      scope,
      local: made.local,
      factory: factory ?? this.network.factory(),
      signaller: signaller ?? this.#signaller(made.local.address),
      policy,
      linksMax,
      handler: {
        onNeighbour: link => events.push(`neighbour ${nameOf(link.address)}`),
        onNeighbourGone: (address, reason) => events.push(`gone ${nameOf(address)} ${reason.code}`),
        onLinkClosed: (link, reason) => events.push(`closed ${nameOf(link.address)} ${reason.code}`),
        onRouting: (_, message) => routed.push(message),
      },
    });
    const { address } = made.local;
    const node: SeaNode = { name, address, links, scope, events, routed, wants: true, victim: undefined };
    this.#nodes.set(address.toString(), node);
    return node;
  }

  /** Makes the node reachable under this URL, over what is called a websocket; returns the function that stops. */
  listen(node: SeaNode, url: string): Promise<() => void> {
    return this.network.listener(url).listen(channel => node.links.accept(asWebsocket(channel)));
  }

  /** The other ends of whatever is dialled at this URL, unanswered. */
  async strangers(url: string): Promise<Channel[]> {
    const channels: Channel[] = [];
    await this.network.listener(url).listen(channel => channels.push(channel));
    return channels;
  }

  #signaller(self: HashAddress): Signaller {
    return { open: (peer, _via, listener) => this.#open(self, peer, listener) };
  }

  #open(self: HashAddress, peer: HashAddress, listener: SignalListener): SignalLine {
    this.dialsAsked++;
    const controller = new AbortController();
    let over = false;
    let answer: Answer | undefined;
    const tell = (say: () => void): void => void Promise.resolve().then(() => over || say());
    const ask = (): void => {
      const asked = this.#nodes.get(peer.toString());
      if (asked === undefined) return listener.onEnd(new SeaError('NO_ROUTE', 'nobody is there'));
      const send = (signal: Signal): void => tell(() => listener.onSignal(signal));
      try {
        answer = asked.links.answer(self, send, controller.signal);
      } catch (error) {
        return listener.onEnd(asSeaError(error));
      }
      tell(() => listener.onAgreed());
      answer.done.then(
        () => tell(() => listener.onEnd(undefined)),
        error => tell(() => listener.onEnd(asSeaError(error))),
      );
    };
    tell(ask);
    return {
      send: signal => tell(() => answer?.accept(signal)),
      close: () => {
        over = true;
        controller.abort();
      },
    };
  }
}

/** The same channel under the name of a websocket: such links are not direct. */
export function asWebsocket(channel: Channel): Channel {
  return disguised(channel, { transport: 'websocket' });
}

/** A factory whose dials are websockets by name. */
export function websocketDials(factory: LinkFactory): LinkFactory {
  return { ...factory, dial: async (url, signal) => asWebsocket(await factory.dial(url, signal)) };
}
