/** The chain that the host of the page tells of. */

import { describe, expect, it } from 'vitest';
import { testChain } from '../testing/fake-wallet.ts';
import { type Ask, Chain, chainAddress } from './chain.ts';

const page = new URL('https://sea.example/page/?x=1#wallet');
const ways = ['wss://sea.example/sea'];

/** Answers with a status and a value. */
function answering(ok: boolean, value: unknown, asked: string[] = []): Ask {
  return async address => {
    asked.push(address.href);
    return { ok, json: async () => value };
  };
}

describe('asking for the chain', () => {
  it('asks beside the page, where the way into the sea is the page’s own host', () => {
    expect(chainAddress(ways, page)?.href).toBe('https://sea.example/chain.json');
    expect(chainAddress(['wss://other.example/sea', ...ways], page)?.href).toBe('https://sea.example/chain.json');
    expect(chainAddress(['wss://sea.example:444/sea'], page)).toBeUndefined();
    expect(chainAddress(['no address'], page)).toBeUndefined();
  });

  it('knows the chain it is told', async () => {
    const asked: string[] = [];
    const chain = new Chain(answering(true, { ...testChain, more: 1 }, asked));
    expect(chain.phase.value).toEqual({ state: 'asking' });
    expect(await chain.load(ways, page)).toEqual(testChain);
    expect(chain.phase.value).toEqual({ state: 'known', info: testChain });
    expect(asked).toEqual(['https://sea.example/chain.json']);
  });

  it('takes null, a 404 and another host’s sea for none', async () => {
    for (const ask of [answering(true, null), answering(false, 'not found')]) {
      const chain = new Chain(ask);
      expect(await chain.load(ways, page)).toBeUndefined();
      expect(chain.phase.value).toEqual({ state: 'none' });
    }
    const asked: string[] = [];
    const elsewhere = new Chain(answering(true, testChain, asked));
    expect(await elsewhere.load(['wss://other.example/sea'], page)).toBeUndefined();
    expect(elsewhere.phase.value).toEqual({ state: 'none' });
    expect(asked).toEqual([]);
  });

  it('goes on without one that is malformed, or that does not come in time', async () => {
    const malformed = new Chain(answering(true, { ...testChain, purse: '0x12' }));
    expect(await malformed.load(ways, page)).toBeUndefined();
    expect(malformed.phase.value).toMatchObject({ state: 'failed', complaint: { code: 'BAD_ARGUMENT' } });

    const late = new Chain(
      (_, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    expect(await late.load(ways, page, 5)).toBeUndefined();
    expect(late.phase.value).toMatchObject({ state: 'failed' });
  });
});
