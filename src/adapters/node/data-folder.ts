/**
 * What the stores, keys and locks of a node have in common: names that are safe as file names on every system, writes
 * that are whole or not there, and refusals of the file system as NO_STORAGE.
 */

import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toHex, utf8Encode } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';

/** Ends the name of a file that is still being written. */
export const UNFINISHED_SUFFIX = '.part';

/**
 * A file name for a key of at most 64 bytes: lower-case letters, digits and `-` stay, every other byte becomes `_` and two
 * hex digits. Different keys give different names, also where the file system ignores case.
 */
export function fileNameOf(prefix: string, key: string): string {
  let name = '';
  for (const byte of utf8Encode(key)) {
    const character = String.fromCharCode(byte);
    name += /[a-z0-9-]/.test(character) ? character : `_${toHex(Uint8Array.of(byte))}`;
  }
  return `${prefix}-${name}`;
}

/**
 * Makes a folder, and those above it, for the user alone. Not by Node's own `recursive`: where the file system says that a
 * folder is not there and takes none either (`/proc`), that tries for ever, on a thread that no signal ends.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (systemCode(error) !== 'ENOENT' || above === path) throw error;
    await makeFolder(above);
    await mkdir(path, { mode: 0o700 }).catch(async (again: unknown) => {
      if (!(await isFolder(path))) throw again; // else another was faster
    });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    file => file.isDirectory(),
    () => false, // why not, the caller's own error says
  );
}

/** Writes a file at `path`, or leaves what was there. With `keep` it is on the disk before anybody can see it. */
export async function writeWhole(
  path: string,
  bytes: Uint8Array,
  options: { mode?: number; keep?: boolean } = {},
): Promise<void> {
  await writeBeside(path, bytes, options, unfinished => rename(unfinished, path));
}

/** Writes a new file next to `path` and hands it to `place`, which moves or links it; it does not outlive the call. */
export async function writeBeside(
  path: string,
  bytes: Uint8Array,
  { mode = 0o600, keep = false }: { mode?: number; keep?: boolean },
  place: (unfinished: string) => Promise<void>,
): Promise<void> {
  await makeFolder(dirname(path));
  const unfinished = `${path}.${randomUUID()}${UNFINISHED_SUFFIX}`;
  try {
    const file = await open(unfinished, 'wx', mode);
    try {
      await file.writeFile(bytes);
      if (keep) await file.sync();
    } finally {
      await file.close();
    }
    await place(unfinished);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** What `work` gives; undefined when the file is not there. Throws NO_STORAGE for any other refusal, SeaErrors as they are. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw asNoStorage(error);
  });
}

/** What `work` gives. Throws NO_STORAGE, SeaErrors as they are. */
export async function stored<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw asNoStorage(error);
  });
}

/** The error code of a failed system call, such as ENOENT; undefined for other errors. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function asNoStorage(error: unknown): SeaError {
  if (error instanceof SeaError) return error;
  return new SeaError('NO_STORAGE', sentence(error), { cause: error });
}

function sentence(error: unknown): string {
  const path =
    error instanceof Error ? ((error as NodeJS.ErrnoException).path ?? 'the data folder') : 'the data folder';
  switch (systemCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk that holds ${path} is full`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not use ${path}`;
    case 'EROFS':
      return `${path} is on a disk that takes no writes`;
    case 'ENOENT':
      return `${path} is not there and cannot be made`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is a file where a folder is needed`;
    default:
      return `the file system refused (${String(error)})`;
  }
}
