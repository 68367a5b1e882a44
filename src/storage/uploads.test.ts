import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { PIECE_BYTES_MAX, SPARE_SHARDS_MAX, UPLOAD_BYTES_MAX, UPLOAD_IDLE_MS } from './limits.ts';
import { Uploads } from './uploads.ts';

const [alice, bob, carol] = [1, 2, 3].map(i => HashAddress.hash(Uint8Array.of(i))) as [
  HashAddress,
  HashAddress,
  HashAddress,
];
const key = new Uint8Array(32);
const request = (length: number) => ({
  terms: { shard: key, length, root: key, endsAtMs: 1_000, fetchKey: key, deleteKey: key, verifyKey: null },
  signature: new Uint8Array(64),
});
const from = (owner: HashAddress, by = owner) => ({ owner, by });
const nothing = () => () => {};
const piece = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const failing = (code: string): unknown => expect.objectContaining({ code });

describe('uploads', () => {
  it('become whole from pieces in any order, each taken again if it comes twice', () => {
    const uploads = new Uploads(new ManualClock());
    const length = PIECE_BYTES_MAX + 3;
    const upload = uploads.begin(from(alice), request(length), nothing);
    uploads.add(alice, { upload, offset: PIECE_BYTES_MAX, bytes: piece(3, 2) });
    expect(() => uploads.take(alice, upload)).toThrow(failing('BAD_MESSAGE'));
    for (const value of [9, 1]) uploads.add(alice, { upload, offset: 0, bytes: piece(PIECE_BYTES_MAX, value) });
    const { bytes } = uploads.take(alice, upload);
    expect([bytes.length, bytes[0], bytes[PIECE_BYTES_MAX - 1], bytes[PIECE_BYTES_MAX]]).toEqual([length, 1, 1, 2]);
    expect(() => uploads.take(alice, upload)).toThrow(failing('NOT_FOUND'));
  });

  it('take pieces of their owner that fit, and no others', () => {
    const uploads = new Uploads(new ManualClock());
    const upload = uploads.begin(from(alice), request(10), nothing);
    const good = { upload, offset: 0, bytes: piece(10, 1) };
    expect(() => uploads.add(bob, good)).toThrow(failing('NOT_FOUND'));
    expect(() => uploads.add(alice, { ...good, upload: upload + 1 })).toThrow(failing('NOT_FOUND'));
    for (const bad of [{ offset: 1 }, { offset: PIECE_BYTES_MAX }, { bytes: piece(9, 1) }, { bytes: piece(11, 1) }])
      expect(() => uploads.add(alice, { ...good, ...bad })).toThrow(failing('BAD_MESSAGE'));
    uploads.add(alice, good);
  });

  it('are bounded in bytes: what comes by one neighbour leaves as much for others', () => {
    const uploads = new Uploads(new ManualClock());
    let reserved = 0;
    const fill = (by: HashAddress, length: number): number => {
      for (let count = 0; ; count++) {
        try {
          uploads.begin(from(HashAddress.hash(Uint8Array.of(9, count)), by), request(length), () => {
            reserved++;
            return () => reserved--;
          });
        } catch (error) {
          expect(error).toEqual(failing('OVERLOADED'));
          return count;
        }
      }
    };
    const size = UPLOAD_BYTES_MAX / 16;
    expect([fill(alice, size), fill(bob, size), fill(carol, size)]).toEqual([8, 4, 2]);
    expect(reserved).toBe(14); // what is refused keeps no room
    expect(fill(HashAddress.hash(key), 1)).toBe(UPLOAD_BYTES_MAX / 8 / PIECE_BYTES_MAX / 2); // each counts as a piece
  });

  it('are given up when nothing new comes: what came before does not keep them', () => {
    const clock = new ManualClock();
    const uploads = new Uploads(clock);
    let released = 0;
    const begin = (): number =>
      uploads.begin(from(alice), request(2 * PIECE_BYTES_MAX), () => () => {
        released++;
      });
    const [one, two, three] = [begin(), begin(), begin()];
    const add = (upload: number, offset: number): void =>
      uploads.add(alice, { upload, offset, bytes: piece(PIECE_BYTES_MAX, 1) });
    add(one, 0);
    add(two, 0);
    clock.pass(UPLOAD_IDLE_MS - 1);
    add(one, 0);
    add(two, PIECE_BYTES_MAX);
    clock.pass(1);
    begin();
    expect(released).toBe(2);
    for (const gone of [one, three]) expect(() => uploads.take(alice, gone)).toThrow(failing('NOT_FOUND'));
    uploads.take(alice, two);
  });

  it('are put together in memory that was used before, and read whole all the same', () => {
    const uploads = new Uploads(new ManualClock());
    const store = (length: number, value: number): Uint8Array => {
      const upload = uploads.begin(from(alice), request(length), nothing);
      uploads.add(alice, { upload, offset: 0, bytes: piece(length, value) });
      return uploads.take(alice, upload).bytes;
    };
    const first = store(10, 1);
    uploads.recycle(first);
    const other = store(11, 2);
    expect([other.length, other.buffer === first.buffer]).toEqual([11, false]);
    const upload = uploads.begin(from(bob), request(10), nothing);
    expect(() => uploads.take(bob, upload)).toThrow(failing('BAD_MESSAGE')); // alice's bytes are in it, and none come out
    const second = store(10, 3);
    expect([second.buffer === first.buffer, [...second]]).toEqual([false, Array(10).fill(3)]);
    uploads.add(bob, { upload, offset: 0, bytes: piece(10, 4) });
    const { bytes } = uploads.take(bob, upload);
    expect([bytes.buffer === first.buffer, [...bytes]]).toEqual([true, Array(10).fill(4)]);
  });

  it('keep the memory of a few only, and give it up when told', () => {
    const uploads = new Uploads(new ManualClock());
    const used = Array.from({ length: SPARE_SHARDS_MAX + 1 }, (): Uint8Array => new Uint8Array(10));
    const taken = (): Uint8Array => {
      const upload = uploads.begin(from(alice), request(10), nothing);
      uploads.add(alice, { upload, offset: 0, bytes: piece(10, 1) });
      return uploads.take(alice, upload).bytes;
    };
    for (const bytes of used) uploads.recycle(bytes);
    const again = used.map(taken).filter(bytes => used.includes(bytes));
    expect(new Set(again).size).toBe(SPARE_SHARDS_MAX);
    for (const bytes of used) uploads.recycle(bytes);
    uploads.forgetSpare();
    expect(used.includes(taken())).toBe(false);
  });
});
