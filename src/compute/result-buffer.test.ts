import { describe, expect, it } from 'vitest';
import { ResultBuffer } from './result-buffer.ts';

function take(ordered: boolean, indices: readonly number[]): (number | undefined)[] {
  const buffer = new ResultBuffer(ordered);
  return indices.flatMap(index => {
    buffer.put({ index, output: new Uint8Array(0), providers: [] });
    const taken: (number | undefined)[] = [];
    for (let result = buffer.take(); result !== undefined; result = buffer.take()) taken.push(result.index);
    return taken;
  });
}

describe('ResultBuffer', () => {
  it('holds results back until their turn', () => {
    expect(take(true, [2, 0, 1, 4, 3])).toEqual([0, 1, 2, 3, 4]);
    expect(take(true, [1, 2, 3])).toEqual([]);
  });

  it('gives them as they come when order does not matter', () => {
    expect(take(false, [2, 0, 1])).toEqual([2, 0, 1]);
  });
});
