/**
 * A bundle: a task's module beside its manifest, which says what the task may use. The manifest names the module by the
 * id of its list of blocks, and the bundle's id is the content id of the manifest's canonical bytes: one id covers all.
 */

import { ContentId } from '../address/content-id.ts';
import { decodeValue, encodeValue, type Value } from '../base/cbor.ts';
import { SeaError } from '../base/errors.ts';
import { checkGiven } from '../base/given.ts';
import { cut } from '../blocks/tree.ts';
import { Reader } from '../wire/reader.ts';
import { inspectModule } from './inspect-module.ts';
import {
  FEATURE_LENGTH_MAX,
  FEATURES_MAX,
  INPUT_BYTES_DEFAULT,
  INPUT_BYTES_MAX,
  MANIFEST_BYTES_MAX,
  MEMORY_BYTES_DEFAULT,
  MEMORY_BYTES_MAX,
  OUTPUT_BYTES_DEFAULT,
  OUTPUT_BYTES_MAX,
  PAGE_BYTES,
  TASK_NAME_LENGTH_MAX,
} from './limits.ts';

export const MANIFEST_VERSION = 1;

export interface Manifest {
  readonly version: typeof MANIFEST_VERSION;
  /** How the host talks to the module. */
  readonly abi: 'buffer';
  /** For people: whose device runs it reads this. */
  readonly name: string;
  /** Bytes of memory that one instance may have. */
  readonly memoryBytesMax: number;
  readonly inputBytesMax: number;
  readonly outputBytesMax: number;
  /** Most fuel that one run may use; null: unmetered, bounded by time alone. This version meters nothing. */
  readonly fuelMax: number | null;
  /** What a host must know besides; a host that does not know one of them refuses. This version knows none. */
  readonly features: readonly string[];
  readonly module: ContentId;
}

export interface Bundle {
  readonly id: ContentId;
  readonly manifest: Manifest;
  /** Canonical: their content id is `id`. */
  readonly manifestBytes: Uint8Array;
  readonly module: Uint8Array;
}

export interface BundleOptions {
  /** Default 'task'; at most 64 characters. */
  readonly name?: string | undefined;
  /** Memory of one run, 64 KiB to 256 MiB; default 64 MiB. */
  readonly memoryBytesMax?: number | undefined;
  /** Of one input, to 16 MiB; default 4 MiB. */
  readonly inputBytesMax?: number | undefined;
  /** Of one output, likewise. */
  readonly outputBytesMax?: number | undefined;
}

/**
 * Checks a module against the task ABI and joins it with a manifest. Neither copies nor keeps anything but the bytes
 * given. Throws NOT_WASM, NO_ABI, UNSUPPORTED, MEMORY_LIMIT, TOO_LARGE, and BAD_ARGUMENT for an option out of its bounds.
 */
export function makeBundle(module: Uint8Array, options: BundleOptions = {}): Bundle {
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    abi: 'buffer',
    name: checkName(options.name ?? 'task'),
    memoryBytesMax: checkBytes(
      'memoryBytesMax',
      options.memoryBytesMax ?? MEMORY_BYTES_DEFAULT,
      PAGE_BYTES,
      MEMORY_BYTES_MAX,
    ),
    inputBytesMax: checkBytes('inputBytesMax', options.inputBytesMax ?? INPUT_BYTES_DEFAULT, 0, INPUT_BYTES_MAX),
    outputBytesMax: checkBytes('outputBytesMax', options.outputBytesMax ?? OUTPUT_BYTES_DEFAULT, 0, OUTPUT_BYTES_MAX),
    fuelMax: null,
    features: [],
    module: cut(module).id,
  };
  inspectModule(module, manifest.memoryBytesMax);
  const manifestBytes = writeManifest(manifest);
  return { id: ContentId.of(manifestBytes), manifest, manifestBytes, module };
}

/** A bundle as it is, a bare module made into one. Throws BAD_ARGUMENT for anything else, and what makeBundle throws. */
export function bundleOf(task: Uint8Array | Bundle): Bundle {
  if (task instanceof Uint8Array) return makeBundle(task);
  const isBundle = typeof task === 'object' && task?.module instanceof Uint8Array && task.id instanceof ContentId;
  checkGiven(isBundle, 'a task is the bytes of a WebAssembly module (a Uint8Array), or what makeBundle() gives', task);
  return task;
}

/** The canonical bytes of a manifest. */
export function writeManifest(manifest: Manifest): Uint8Array {
  return encodeValue([
    manifest.version,
    manifest.abi,
    manifest.name,
    manifest.memoryBytesMax,
    manifest.inputBytesMax,
    manifest.outputBytesMax,
    manifest.fuelMax,
    manifest.features,
    manifest.module.digest,
  ]);
}

/**
 * Reads a stranger's manifest. Total: throws TOO_LARGE, BAD_MESSAGE (not a canonical manifest), UNSUPPORTED (another
 * version, ABI or feature, or a fuel bound), MEMORY_LIMIT (more memory than this device gives); nothing else.
 */
export function readManifest(bytes: Uint8Array): Manifest {
  if (bytes.length > MANIFEST_BYTES_MAX) throw new SeaError('TOO_LARGE', `a manifest of ${bytes.length} bytes`);
  const reader = new Reader(decodeValue(bytes), 'manifest');
  if (reader.uint('version') !== MANIFEST_VERSION) throw new SeaError('UNSUPPORTED', 'a manifest of another version');
  const abi = reader.text('abi', 32);
  const manifest: Manifest = {
    version: MANIFEST_VERSION,
    abi: 'buffer',
    name: reader.text('name', TASK_NAME_LENGTH_MAX),
    memoryBytesMax: reader.uint('memoryBytesMax'),
    inputBytesMax: reader.uint('inputBytesMax', INPUT_BYTES_MAX),
    outputBytesMax: reader.uint('outputBytesMax', OUTPUT_BYTES_MAX),
    fuelMax: reader.nullable(field => field.uint('fuelMax')),
    features: reader.list('features', FEATURES_MAX, readFeature),
    module: ContentId.fromDigest(reader.bytes('module', 32)),
  };
  reader.end();
  checkSupported(abi, manifest);
  return manifest;
}

function readFeature(item: Value): string {
  if (typeof item !== 'string' || item.length > FEATURE_LENGTH_MAX)
    throw new SeaError('BAD_MESSAGE', 'manifest: a feature is not a short text');
  return item;
}

function checkSupported(abi: string, manifest: Manifest): void {
  if (abi !== manifest.abi) throw new SeaError('UNSUPPORTED', `the ABI ${JSON.stringify(abi)}`);
  if (manifest.fuelMax !== null) throw new SeaError('UNSUPPORTED', 'a bound on fuel: this version does not meter');
  if (manifest.features.length > 0)
    throw new SeaError('UNSUPPORTED', `the feature ${JSON.stringify(manifest.features[0])}`);
  if (manifest.memoryBytesMax > MEMORY_BYTES_MAX) {
    throw new SeaError(
      'MEMORY_LIMIT',
      `the manifest asks for ${manifest.memoryBytesMax} bytes of memory, at most ${MEMORY_BYTES_MAX} are given`,
    );
  }
}

function checkName(name: string): string {
  if (name.length <= TASK_NAME_LENGTH_MAX) return name;
  throw new SeaError('BAD_ARGUMENT', `a task's name has at most ${TASK_NAME_LENGTH_MAX} characters`);
}

function checkBytes(option: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new SeaError('BAD_ARGUMENT', `${option} is a whole number from ${min} to ${max}, not ${value}`);
}
