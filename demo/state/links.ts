/** Who this page is linked with, as a snapshot a few times a second. */

import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { LinkInfo, Sea } from '../../src/index.ts';

/** A linked peer as the panel shows it. */
export interface PeerLink {
  readonly address: string;
  readonly transport: LinkInfo['transport'];
  readonly rttMs: number | undefined;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export class Links {
  readonly #links: Signal<readonly PeerLink[]> = signal<readonly PeerLink[]>([]);
  #sea: Sea | undefined;

  get links(): ReadonlySignal<readonly PeerLink[]> {
    return this.#links;
  }

  follow(sea: Sea): void {
    this.#sea = sea;
    sea.on('links', () => this.refresh());
    this.refresh();
  }

  /** Reads the links anew, in order of address. */
  refresh(): void {
    const links = this.#sea?.links() ?? [];
    this.#links.value = links.map(peerLink).sort((a, b) => (a.address < b.address ? -1 : 1));
  }
}

function peerLink({ address, transport, rttMs, bytesIn, bytesOut }: LinkInfo): PeerLink {
  return { address: address.toString(), transport, rttMs, bytesIn, bytesOut };
}
