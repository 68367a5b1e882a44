/** A sea for tests of the page's state: it does what the test says, and remembers what was asked of it. */

import { HashAddress } from '../../src/address/hash-address.ts';
import type { ContributionStatus, LinkInfo, MapOptions, MapResult, Sea, SeaEvents } from '../../src/index.ts';
import { FakeCredit } from './fake-credit.ts';
import { FakeStorage } from './fake-storage.ts';

/** An address of one repeated byte. */
export function addressOf(byte: number): HashAddress {
  return HashAddress.from(new Uint8Array(32).fill(byte));
}

export const idle: ContributionStatus = { slots: 0, running: [], completed: 0, failed: 0, computeMs: 0 };

type Handlers = { [Name in keyof SeaEvents]: ((detail: SeaEvents[Name]) => void)[] };

export class FakeSea {
  readonly asked: string[] = [];
  readonly storage: FakeStorage = new FakeStorage();
  readonly credit: FakeCredit = new FakeCredit();
  readonly #handlers: Handlers = {
    online: [],
    offline: [],
    links: [],
    connection: [],
    contribution: [],
    holding: [],
    warning: [],
    route: [],
    credit: [],
  };
  status: ContributionStatus = idle;
  linkList: LinkInfo[] = [];
  /** What goOnline does. */
  joining: (signal: AbortSignal | undefined) => Promise<void> = async () => {};
  /** What map yields. */
  mapping: (inputs: Iterable<Uint8Array>, options: MapOptions) => AsyncIterable<MapResult> = nothing;

  /** As the page sees it. */
  asSea(): Sea {
    return this as unknown as Sea;
  }

  localId(): HashAddress {
    return addressOf(1);
  }

  links(): LinkInfo[] {
    return this.linkList;
  }

  contribution(): ContributionStatus {
    return this.status;
  }

  contribute({ slots }: { readonly slots: number }): void {
    this.asked.push(`contribute ${slots}`);
    this.status = { ...this.status, slots };
    this.emit('contribution', this.status);
  }

  async goOnline(bootstraps: readonly string[], { signal }: { readonly signal?: AbortSignal } = {}): Promise<void> {
    this.asked.push(`goOnline ${bootstraps.join(' ')}`);
    await this.joining(signal);
  }

  async goOffline(): Promise<void> {
    this.asked.push('goOffline');
  }

  async close(): Promise<void> {
    this.asked.push('close');
  }

  map(_task: unknown, inputs: Iterable<Uint8Array>, options: MapOptions): AsyncIterable<MapResult> {
    return this.mapping(inputs, options);
  }

  on<Name extends keyof SeaEvents>(name: Name, handler: (detail: SeaEvents[Name]) => void): () => void {
    this.#handlers[name].push(handler);
    return () => {};
  }

  emit<Name extends keyof SeaEvents>(name: Name, detail: SeaEvents[Name]): void {
    for (const handler of this.#handlers[name]) handler(detail);
  }
}

async function* nothing(): AsyncIterable<MapResult> {}
