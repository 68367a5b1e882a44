/** What the pages of `sea.spec.ts` can do: a node, and the picture job with its reference. */

import { createSea, HashAddress, isSeaError, makeBundle, type Sea } from '../../src/index.ts';
import { picture, pictureParts, pictureTarget, placeTile, planPicture } from '../../wasm-tasks/picture/meta.ts';
import { referencePicture } from '../../wasm-tasks/picture/reference.ts';

const options = { scale: 1, radius: 24, tile: 256 };

export interface LinkReport {
  readonly address: string;
  readonly transport: string;
}

export interface JobReport {
  /** The output equals the reference, byte for byte. */
  readonly equal: boolean;
  /** Parts computed by each provider, by address. */
  readonly parts: Readonly<Record<string, number>>;
  /** From the start of the job to the first part, and when that was (Unix ms). */
  readonly firstMs: number;
  readonly firstAtMs: number;
  readonly totalMs: number;
}

/** A photo-like picture of its own for every seed: soft shapes and noise. */
function photo(width: number, height: number, seed: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  let state = seed;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const at = (y * width + x) * 4;
      rgba[at] = (x * 255) / width;
      rgba[at + 1] = (y * 255) / height;
      rgba[at + 2] = ((x ^ y) & 255) ^ (state >>> 27);
      rgba[at + 3] = 255;
    }
  }
  return rgba;
}

const pageApi = {
  sea: undefined as Sea | undefined,

  /** Joins and offers slots; the milliseconds it took to be online. */
  async join(
    bootstraps: string[],
    slots: number,
    identity: 'kept' | 'passing' = 'kept',
  ): Promise<{ ms: number; address: string }> {
    const sea = await createSea({ bootstraps, identity });
    this.sea = sea;
    const began = performance.now();
    await sea.goOnline();
    sea.contribute({ slots });
    sea.handle('test:echo', value => value);
    return { ms: performance.now() - began, address: sea.localId().toString() };
  },

  links(): LinkReport[] {
    return this.sea!.links().map(link => ({ address: link.address.toString(), transport: link.transport }));
  },

  /** Computes the picture job on the other tabs. `onPart` (a page function of this name, if there is one) hears of each part. */
  async pictureJob(wasm: number[], width: number, height: number): Promise<JobReport> {
    const rgba = photo(width, height, 7);
    const plan = planPicture(width, height, options);
    const target = pictureTarget(plan);
    const bundle = makeBundle(new Uint8Array(wasm), picture);
    const parts: Record<string, number> = {};
    const began = performance.now();
    let firstMs = 0;
    let firstAtMs = 0;
    for await (const { index, output, providers } of this.sea!.map(bundle, pictureParts(rgba, width, height, options), {
      ordered: false,
      local: false,
    })) {
      firstMs ||= performance.now() - began;
      firstAtMs ||= Date.now();
      placeTile(target, index, output);
      for (const provider of providers) parts[provider.toString()] = (parts[provider.toString()] ?? 0) + 1;
      (globalThis as { onPart?: (index: number) => void }).onPart?.(index);
    }
    const totalMs = performance.now() - began;
    const reference = referencePicture(rgba, width, height, options);
    return { equal: same(target.rgba, reference), parts, firstMs, firstAtMs, totalMs };
  },

  /** The result of one map over one input, or the code of its failure. */
  async tryMap(
    wasm: number[],
    inputs: number[][],
    mapOptions: { timeoutMs?: number; redundancy?: number },
  ): Promise<{ outputs: number } | { code: string }> {
    let outputs = 0;
    try {
      for await (const _ of this.sea!.map(
        new Uint8Array(wasm),
        inputs.map(input => new Uint8Array(input)),
        { ...mapOptions, local: false },
      ))
        outputs++;
      return { outputs };
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
  },

  /** One input a byte longer than the bundle takes. */
  async tryLargeInput(wasm: number[]): Promise<{ outputs: number } | { code: string }> {
    const bundle = makeBundle(new Uint8Array(wasm), { inputBytesMax: 1_000 });
    try {
      for await (const _ of this.sea!.map(bundle, [new Uint8Array(1_001)], { local: false }));
      return { outputs: 1 };
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
  },

  async tryCall(address: string, scope: string, ...args: string[]): Promise<{ value: unknown } | { code: string }> {
    try {
      return { value: await this.sea!.call(HashAddress.from(address), scope, ...args) };
    } catch (error) {
      return { code: isSeaError(error) ? error.code : String(error) };
    }
  },
};

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export type PageApi = typeof pageApi;
Object.assign(globalThis, { page: pageApi });
