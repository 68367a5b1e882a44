import { describe, expect, it } from 'vitest';
import { HashAddress } from '../address/hash-address.ts';
import { ManualClock } from '../ports/acceptance/manual-clock.ts';
import { PIECE_BYTES_MAX, SPARE_SHARDS_MAX, UPLOAD_BYTES_MAX, UPLOAD_IDLE_MS } from './limits.ts';
import { Uploads } from './uploads.ts';

const [alice, bob] = [1, 2].map(i => HashAddress.hash(Uint8Array.of(i))) as [HashAddress, HashAddress];
const key = new Uint8Array(32);
const request = (length: number) => ({
  shard: key,
  length,
  leaseMs: 1_000,
  fetchKey: key,
  deleteKey: key,
  verifyKey: null,
});
const piece = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);
const failing = (code: string): unknown => expect.objectContaining({ code });

describe('uploads', () => {
  it('become whole from pieces in any order, each taken again if it comes twice', () => {
    const uploads = new Uploads(new ManualClock());
    const length = PIECE_BYTES_MAX + 3;
    const upload = uploads.begin(alice, request(length), () => {});
    uploads.add(alice, { upload, offset: PIECE_BYTES_MAX, bytes: piece(3, 2) });
    expect(() => uploads.take(alice, upload)).toThrow(failing('BAD_MESSAGE'));
    for (const value of [9, 1]) uploads.add(alice, { upload, offset: 0, bytes: piece(PIECE_BYTES_MAX, value) });
    const { bytes } = uploads.take(alice, upload);
    expect([bytes.length, bytes[0], bytes[PIECE_BYTES_MAX - 1], bytes[PIECE_BYTES_MAX]]).toEqual([length, 1, 1, 2]);
    expect(() => uploads.take(alice, upload)).toThrow(failing('NOT_FOUND'));
  });

  it('take pieces of their owner that fit, and no others', () => {
    const uploads = new Uploads(new ManualClock());
    const upload = uploads.begin(alice, request(10), () => {});
    const good = { upload, offset: 0, bytes: piece(10, 1) };
    expect(() => uploads.add(bob, good)).toThrow(failing('NOT_FOUND'));
    expect(() => uploads.add(alice, { ...good, upload: upload + 1 })).toThrow(failing('NOT_FOUND'));
    for (const bad of [{ offset: 1 }, { offset: PIECE_BYTES_MAX }, { bytes: piece(9, 1) }, { bytes: piece(11, 1) }])
      expect(() => uploads.add(alice, { ...good, ...bad })).toThrow(failing('BAD_MESSAGE'));
    uploads.add(alice, good);
  });

  it('are bounded in bytes, and given up when nothing comes', () => {
    const clock = new ManualClock();
    const uploads = new Uploads(clock);
    const size = UPLOAD_BYTES_MAX / 16;
    let released = 0;
    const begin = (): number => uploads.begin(alice, request(size), () => released++);
    const all = Array.from({ length: 16 }, begin);
    expect(begin).toThrow(failing('OVERLOADED'));
    clock.pass(UPLOAD_IDLE_MS - 1);
    uploads.add(alice, { upload: all[0]!, offset: 0, bytes: piece(PIECE_BYTES_MAX, 1) });
    clock.pass(1);
    begin();
    expect(released).toBe(15);
    expect(() => uploads.take(alice, all[1]!)).toThrow(failing('NOT_FOUND'));
    expect(() => uploads.take(alice, all[0]!)).toThrow(failing('BAD_MESSAGE'));
  });

  it('are put together in memory that was used before, and read whole all the same', () => {
    const uploads = new Uploads(new ManualClock());
    const store = (length: number, value: number): Uint8Array => {
      const upload = uploads.begin(alice, request(length), () => {});
      uploads.add(alice, { upload, offset: 0, bytes: piece(length, value) });
      return uploads.take(alice, upload).bytes;
    };
    const first = store(10, 1);
    uploads.recycle(first);
    const other = store(11, 2);
    expect([other.length, other.buffer === first.buffer]).toEqual([11, false]);
    const upload = uploads.begin(bob, request(10), () => {});
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
      const upload = uploads.begin(alice, request(10), () => {});
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
