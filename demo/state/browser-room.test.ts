/** Room for shards: what can be chosen, what is proposed, what the browser says. */

import { describe, expect, it } from 'vitest';
import { BrowserRoom, defaultSize, sizesWithin } from './browser-room.ts';

describe('sizes', () => {
  it('stay within half of the room', () => {
    expect(sizesWithin(0)).toEqual([0]);
    expect(sizesWithin(1.9e8)).toEqual([0]);
    expect(sizesWithin(2e8)).toEqual([0, 1e8]);
    expect(sizesWithin(4e9)).toEqual([0, 1e8, 2.5e8, 5e8, 1e9, 2e9]);
    expect(sizesWithin(1e15).at(-1)).toBe(1e11);
  });

  it('begin at 1 GB, or less where that is much', () => {
    expect(defaultSize(1e12)).toBe(1e9);
    expect(defaultSize(4e9)).toBe(1e9);
    expect(defaultSize(3.9e9)).toBe(5e8);
    expect(defaultSize(4e8)).toBe(1e8);
    expect(defaultSize(3e8)).toBe(0);
  });
});

describe('the browser', () => {
  it('tells how much is free, and whether it keeps', async () => {
    const room = new BrowserRoom({
      estimate: async () => ({ quota: 1000, usage: 300 }),
      persisted: async () => true,
    });
    await room.measure();
    expect(room.freeBytes.value).toBe(700);
    expect(room.keeping.value).toBe('kept');
  });

  it('that tells nothing is taken to have little', async () => {
    for (const estate of [{}, { estimate: () => Promise.reject(new Error('refused')) }]) {
      const room = new BrowserRoom(estate);
      await room.measure();
      expect(room.freeBytes.value).toBe(5e8);
      expect(room.keeping.value).toBe('may go');
    }
  });

  it('may agree to keep, or decline', async () => {
    const answers = [true, false];
    const room = new BrowserRoom({ persist: async () => answers.shift()! });
    await room.askToKeep();
    expect(room.keeping.value).toBe('kept');
    await room.askToKeep();
    expect(room.keeping.value).toBe('declined');
  });
});
