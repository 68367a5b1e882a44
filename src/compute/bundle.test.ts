import { describe, expect, it } from 'vitest';
import { ContentId } from '../address/content-id.ts';
import { encodeValue, type Value } from '../base/cbor.ts';
import { isSeaError } from '../base/errors.ts';
import { below } from '../base/random.ts';
import { cut } from '../blocks/tree.ts';
import { SeededRandom } from '../sim/seeded-random.ts';
import { makeBundle, readManifest, writeManifest } from './bundle.ts';
import { INPUT_BYTES_MAX, MANIFEST_BYTES_MAX, MEMORY_BYTES_MAX, PAGE_BYTES } from './limits.ts';
import { echoTask, leb } from './testing/wasm-parts.ts';

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'fine';
  } catch (error) {
    if (isSeaError(error)) return error.code;
    throw error;
  }
}

describe('makeBundle', () => {
  it('names the module in the manifest and itself by the manifest', () => {
    const module = echoTask();
    const bundle = makeBundle(module, {
      name: 'echo',
      memoryBytesMax: PAGE_BYTES,
      inputBytesMax: 10,
      outputBytesMax: 20,
    });
    expect(bundle.module).toBe(module);
    expect(bundle.manifest.module.equals(cut(module).id)).toBe(true);
    expect(bundle.id.equals(ContentId.of(bundle.manifestBytes))).toBe(true);
    expect(readManifest(bundle.manifestBytes)).toEqual(bundle.manifest);
    expect(bundle.manifest).toMatchObject({
      version: 1,
      abi: 'buffer',
      name: 'echo',
      memoryBytesMax: 65_536,
      inputBytesMax: 10,
      outputBytesMax: 20,
    });
  });

  it('has one id for the same module and options, others for others', () => {
    const id = makeBundle(echoTask()).id.toString();
    expect(makeBundle(echoTask()).id.toString()).toBe(id);
    expect(makeBundle(echoTask(), { name: 'other' }).id.toString()).not.toBe(id);
    expect(makeBundle(echoTask([1, 0, 2])).id.toString()).not.toBe(id);
  });

  it('refuses what is no task, with the code of its fault', () => {
    expect(codeOf(() => makeBundle(Uint8Array.of(1, 2, 3)))).toBe('NOT_WASM');
    expect(codeOf(() => makeBundle(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))).toBe('NO_ABI');
    expect(codeOf(() => makeBundle(echoTask([1, 0, ...leb(65_536)])))).toBe('MEMORY_LIMIT');
    expect(codeOf(() => makeBundle(echoTask([1, 0, 2]), { memoryBytesMax: PAGE_BYTES }))).toBe('MEMORY_LIMIT');
  });

  it.each([
    { memoryBytesMax: PAGE_BYTES - 1 },
    { memoryBytesMax: MEMORY_BYTES_MAX + 1 },
    { memoryBytesMax: Number.NaN },
    { inputBytesMax: -1 },
    { inputBytesMax: INPUT_BYTES_MAX + 1 },
    { outputBytesMax: 0.5 },
    { name: 'x'.repeat(65) },
  ])('refuses the option %o: BAD_ARGUMENT', options => {
    expect(codeOf(() => makeBundle(echoTask(), options))).toBe('BAD_ARGUMENT');
  });
});

describe('readManifest', () => {
  const digest = ContentId.of(echoTask()).digest;
  const fields: readonly Value[] = [1, 'buffer', 'echo', 65_536, 10, 20, null, [], digest];
  const withField = (at: number, value: Value): Uint8Array => encodeValue(fields.with(at, value));

  it('reads what writeManifest wrote, byte for byte', () => {
    expect(writeManifest(readManifest(encodeValue(fields)))).toEqual(encodeValue(fields));
  });

  it.each([
    ['another version', withField(0, 2), 'UNSUPPORTED'],
    ['another ABI', withField(1, 'wasi'), 'UNSUPPORTED'],
    ['a bound on fuel', withField(6, 1_000), 'UNSUPPORTED'],
    ['a feature', withField(7, ['threads']), 'UNSUPPORTED'],
    ['more memory than a device gives', withField(3, MEMORY_BYTES_MAX + 1), 'MEMORY_LIMIT'],
    ['a long name', withField(2, 'x'.repeat(65)), 'BAD_MESSAGE'],
    ['a name that is no text', withField(2, 7), 'BAD_MESSAGE'],
    ['a negative size', withField(4, -1), 'BAD_MESSAGE'],
    ['too large an input', withField(4, INPUT_BYTES_MAX + 1), 'BAD_MESSAGE'],
    ['features that are no list', withField(7, 'threads'), 'BAD_MESSAGE'],
    ['a feature that is no text', withField(7, [1]), 'BAD_MESSAGE'],
    ['a short digest', withField(8, digest.slice(1)), 'BAD_MESSAGE'],
    ['a field too few', encodeValue(fields.slice(0, 8)), 'BAD_MESSAGE'],
    ['a field too many', encodeValue([...fields, null]), 'BAD_MESSAGE'],
    ['a map', encodeValue({ version: 1 }), 'BAD_MESSAGE'],
    ['bytes that are no CBOR', Uint8Array.of(0xff), 'BAD_MESSAGE'],
    ['no bytes', new Uint8Array(0), 'BAD_MESSAGE'],
    ['more bytes than a manifest has', new Uint8Array(MANIFEST_BYTES_MAX + 1), 'TOO_LARGE'],
  ])('%s: %s', (_what, bytes, code) => {
    expect(codeOf(() => readManifest(bytes))).toBe(code);
  });

  it('is total: whatever the bytes, a manifest or a code', () => {
    const random = new SeededRandom('manifests');
    const good = encodeValue(fields);
    for (let round = 0; round < 5_000; round++) {
      const bytes = good.slice();
      bytes[below(random, bytes.length)] = below(random, 256);
      expect(['fine', 'BAD_MESSAGE', 'UNSUPPORTED', 'MEMORY_LIMIT']).toContain(codeOf(() => readManifest(bytes)));
    }
  });
});
