/** What is kept until it has arrived. */

import { expect, it } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { UNACKED_BYTES_MAX } from './limits.ts';
import { decodeSessionFrame } from './messages.ts';
import { Outbox } from './outbox.ts';

const chunk = (length: number) => ({ kind: 'chunk', stream: 1, payload: new Uint8Array(length) }) as const;

const seqs = (outbox: Outbox): number[] =>
  outbox.unacknowledged().map(bytes => {
    const received = decodeSessionFrame(bytes);
    return 'seq' in received ? received.seq : 0;
  });

it('numbers from 1 and keeps in order what has not arrived', () => {
  const outbox = new Outbox();
  for (let i = 0; i < 5; i++) outbox.add(chunk(10));
  expect(seqs(outbox)).toEqual([1, 2, 3, 4, 5]);
  outbox.acknowledged(3);
  outbox.acknowledged(2);
  outbox.acknowledged(0);
  expect(seqs(outbox)).toEqual([4, 5]);
  outbox.add(chunk(1));
  expect(seqs(outbox)).toEqual([4, 5, 6]);
  outbox.acknowledged(6);
  expect([seqs(outbox), outbox.bytes]).toEqual([[], 0]);
});

it('refuses word of what was never sent', () => {
  const outbox = new Outbox();
  outbox.add(chunk(1));
  expect(() => outbox.acknowledged(2)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
  outbox.acknowledged(1);
  expect(() => outbox.acknowledged(2)).toThrow(expect.objectContaining({ code: 'BAD_MESSAGE' }));
});

it('lets in first who came first, as room comes back', async () => {
  const outbox = new Outbox();
  let count = 0;
  for (; outbox.bytes < UNACKED_BYTES_MAX; count++) outbox.add(chunk(61_440));
  const let_in: number[] = [];
  const waits = [1, 2, 3].map(i => outbox.room().then(() => void let_in.push(i)));
  await Promise.resolve();
  expect(let_in).toEqual([]);
  outbox.acknowledged(1);
  await waits[0];
  expect(let_in).toEqual([1]);
  outbox.acknowledged(3);
  await Promise.all(waits);
  expect(let_in).toEqual([1, 2, 3]);
  await outbox.room();
  expect(count).toBe(137);
});

it('tells who waits, and who comes later, why nothing goes any more', async () => {
  const outbox = new Outbox();
  while (outbox.bytes < UNACKED_BYTES_MAX) outbox.add(chunk(61_440));
  const wait = outbox.room();
  outbox.close(new SeaError('PEER_GONE', 'by the test'));
  await expect(wait).rejects.toMatchObject({ code: 'PEER_GONE' });
  await expect(outbox.room()).rejects.toMatchObject({ code: 'PEER_GONE' });
  expect(outbox.bytes).toBe(0);
});
