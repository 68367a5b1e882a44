/** What the pages of `blocks.spec.ts` can do: a node, and contents made from a seed. */

import { createSea, HashAddress, isSeaError, type Sea } from '../../src/index.ts';

export interface GetReport {
  /** The bytes are those of the seed. */
  readonly equal: boolean;
  readonly totalBytes: number;
  /** Of these, what came from others. */
  readonly fetchedBytes: number;
  readonly ms: number;
}

/** The bytes of a content, others for every seed. */
function bytesOf(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(length / 4);
  let state = seed;
  for (let i = 0; i < words.length; i++) words[i] = state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return new Uint8Array(words.buffer);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const pageApi = {
  sea: undefined as Sea | undefined,
  /** What the running get has fetched so far. */
  fetchedBytes: 0,

  async join(bootstrap: string): Promise<string> {
    this.sea = await createSea();
    await this.sea.goOnline([bootstrap]);
    return this.sea.localId().toString();
  },

  /** Puts a content from a Blob; resolves to its id. */
  put(length: number, seed: number): Promise<string> {
    return this.sea!.blocks.put(new Blob([bytesOf(length, seed)]));
  },

  async get(id: string, from: string[], length: number, seed: number): Promise<GetReport | string> {
    const began = performance.now();
    let totalBytes = 0;
    try {
      const bytes = await this.sea!.blocks.get(id, {
        from: from.map(address => HashAddress.from(address)),
        onProgress: progress => {
          this.fetchedBytes = progress.fetchedBytes;
          totalBytes = progress.totalBytes;
        },
      });
      const ms = performance.now() - began;
      return { equal: equal(bytes, bytesOf(length, seed)), totalBytes, fetchedBytes: this.fetchedBytes, ms };
    } catch (error) {
      return isSeaError(error) ? error.code : String(error);
    }
  },

  /** Offers what is kept here from before. */
  async offer(id: string): Promise<void> {
    await this.sea!.blocks.offer(id);
  },

  acceptUpTo(bytes: number): void {
    this.sea!.blocks.accept({ wants: ({ length }) => length <= bytes });
  },

  async push(to: string, id: string): Promise<number | string> {
    try {
      return await this.sea!.blocks.push(HashAddress.from(to), id);
    } catch (error) {
      return isSeaError(error) ? error.code : String(error);
    }
  },
};

export type BlocksPage = typeof pageApi;

Object.assign(globalThis, { page: pageApi });
