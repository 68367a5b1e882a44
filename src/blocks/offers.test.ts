/** Who is served, and when, while many ask at once. */

import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import type { HashAddress } from '../address/hash-address.ts';
import { type Deferred, deferred } from '../base/deferred.ts';
import { settle, testAddress } from '../compute/testing/test-network.ts';
import type { Body } from '../rpc/exchange.ts';
import { READS_AT_ONCE } from './limits.ts';
import { writeGet } from './messages.ts';
import { Offers } from './offers.ts';

const bytes = Uint8Array.of(1, 2, 3);
const id = ContentId.of(bytes);

/** Offers of one block whose reading waits until it is let go. */
function scene() {
  const offers = new Offers();
  const reads: Deferred<Uint8Array>[] = [];
  offers.add([
    {
      id,
      read: () => {
        const read = deferred<Uint8Array>();
        reads.push(read);
        return read.promise;
      },
    },
  ]);
  const ask = (caller: HashAddress, by: HashAddress, signal = new AbortController().signal): Promise<Body> =>
    offers.answer({ caller, by, direct: caller.equals(by), body: writeGet(id), signal, send() {}, onItem() {} });
  return { reads, ask };
}

describe('Offers', () => {
  it('read a few blocks at once, and serve another neighbour in between however many one asks for', async () => {
    const { reads, ask } = scene();
    const [stranger, honest] = [testAddress(1), testAddress(2)];
    for (let name = 0; name < 512; name++) void ask(testAddress(name), stranger);
    const served = ask(honest, honest);
    await settle();
    expect(reads).toHaveLength(READS_AT_ONCE);
    for (let at = 0; at < 2; at++) {
      reads[at]!.resolve(bytes);
      await settle();
    }
    reads[READS_AT_ONCE + 1]!.resolve(bytes);
    expect(await served).toEqual({ value: [], payload: bytes });
  });

  it('read nothing for one that has given up', async () => {
    const { reads, ask } = scene();
    const controller = new AbortController();
    for (let i = 0; i < READS_AT_ONCE; i++) void ask(testAddress(1), testAddress(1));
    const given = ask(testAddress(1), testAddress(1), controller.signal);
    controller.abort();
    reads[0]!.resolve(bytes);
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    expect(reads).toHaveLength(READS_AT_ONCE);
  });
});
