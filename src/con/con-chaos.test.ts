/** Cons whose ways break, fall silent, are damaged and come back at random, from seeds: everything arrives once, in order. */

import { describe, expect, it } from 'vitest';
import { concat } from '../base/bytes.ts';
import { below } from '../base/random.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import type { Con } from './con.ts';
import type { ConStream } from './streams.ts';
import { ConPair, type Tap } from './testing/con-pair.ts';

const ROUNDS = 40;
const STREAM_BYTES = 1_500_000;

const pass: Tap = body => body;
const swallow: Tap = (body, way) => (way === 'request' ? body : undefined);

/** One kind of trouble, and its end some time later. */
async function trouble(pair: ConPair, random: SeededRandom): Promise<void> {
  const dice = below(random, 6);
  if (dice === 0) pair.breakAll();
  else if (dice === 1) pair.cut = true;
  else if (dice === 2) pair.tap = swallow;
  else if (dice === 3) pair.tap = damaging(random);
  else pair.linked = !pair.linked;
  await pair.run(below(random, 9_000));
  pair.cut = false;
  pair.tap = pass;
  await pair.run(below(random, 2_000));
}

function damaging(random: SeededRandom): Tap {
  return (body, way) => {
    // Over a link of their own nothing is damaged: that is the link's business.
    if (way === 'request' || body.payload === undefined || below(random, 8) > 0) return body;
    return undefined;
  };
}

function numbers(con: Con): unknown[] {
  const values: unknown[] = [];
  con.on('n', value => void values.push(value));
  return values;
}

async function readAll({ readable }: ConStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const reader = readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...chunks);
    chunks.push(value!);
  }
}

async function writeAll({ writable }: ConStream, bytes: Uint8Array): Promise<void> {
  const writer = writable.getWriter();
  for (let at = 0; at < bytes.length; at += 50_000) await writer.write(bytes.subarray(at, at + 50_000));
  await writer.close();
}

describe('a con through chaos', () => {
  it.each(['one', 'two', 'three', 'four', 'five', 'six'])('seed %s', async seed => {
    const random = new SeededRandom(seed);
    const pair = await ConPair.make();
    const con = pair.a.cons.connect(pair.b.address);
    await pair.run(500);
    const other = pair.b.answered[0]!;
    const [there, back] = [numbers(other), numbers(con)];
    const bytes = random.bytes(STREAM_BYTES);
    let streamed: Uint8Array | undefined;
    other.on('stream', stream => void readAll(stream).then(all => (streamed = all)));
    void writeAll(con.stream(), bytes);
    let count = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = below(random, 30); i >= 0; i--) {
        void con.send('n', count);
        void other.send('n', count++);
      }
      await trouble(pair, random);
    }
    await pair.run(20_000);
    const expected = Array.from({ length: count }, (_, i) => i);
    expect(there).toEqual(expected);
    expect(back).toEqual(expected);
    expect(streamed?.length).toBe(STREAM_BYTES);
    expect(Buffer.compare(streamed!, bytes)).toBe(0);
    expect([con.connected(), other.connected(), pair.b.answered.length]).toEqual([true, true, 1]);
    expect([pair.a.offences, pair.b.offences]).toEqual([0, 0]);
  });
});
