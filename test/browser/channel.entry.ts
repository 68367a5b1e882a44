/** What the pages of `channel.spec.ts` can do: a node in a channel, and what it has heard there. */

import { type Argument, type Chan, createSea, isSeaError, type Sea } from '../../src/index.ts';

const pageApi = {
  sea: undefined as Sea | undefined,
  chan: undefined as Chan | undefined,
  /** Messages heard, in order of arrival. */
  heard: [] as Argument[],
  /** Anycast calls answered here. */
  served: 0,

  /** Joins the sea and the channel; this node's address. */
  async enter(bootstrap: string, channelId: string): Promise<string> {
    const sea = await createSea({ bootstraps: [bootstrap], identity: 'passing' });
    this.sea = sea;
    await sea.goOnline();
    const chan = sea.join(channelId);
    this.chan = chan;
    chan.on('talk', value => this.heard.push(value));
    return sea.localId().toString();
  },

  members(): string[] {
    return this.chan!.members().map(address => address.toString());
  },

  async say(first: number, count: number, gapMs: number): Promise<void> {
    for (let i = first; i < first + count; i++) {
      await this.chan!.send('talk', i);
      await new Promise(resolve => setTimeout(resolve, gapMs));
    }
  },

  /** Takes everything heard so far. */
  takeHeard(): Argument[] {
    return this.heard.splice(0);
  },

  serve(workMs: number): void {
    this.chan!.serve('square', async value => {
      await new Promise(resolve => setTimeout(resolve, workMs));
      this.served++;
      return (value as number) ** 2;
    });
  },

  /** Calls answered here since the last time. */
  takeServed(): number {
    const { served } = this;
    this.served = 0;
    return served;
  },

  /** Sends that many calls at once; the results. */
  async squares(count: number): Promise<Argument[]> {
    return Promise.all(Array.from({ length: count }, (_, i) => this.chan!.sendAny('square', i)));
  },

  async trySendAny(scope: string): Promise<string> {
    return this.chan!.sendAny(scope).then(
      () => 'none',
      error => (isSeaError(error) ? error.code : String(error)),
    );
  },
};

export type PageApi = typeof pageApi;
Object.assign(globalThis, { page: pageApi });
