/** A short text that changes when any of a set of files does: how setup knows what is stale. */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** Folders that hold what is made, not what it is made from. */
const MADE = new Set(['node_modules', 'dist', 'generated', '.cache', '.git']);

/** SHA-256 (hex) over the names and contents of files, and of every file below folders, under `root`. Missing ones count as empty. */
export function fingerprint(root, paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(path => filesUnder(join(root, path))).sort()) {
    const name = file.slice(root.length).split(sep).join('/');
    const bytes = readFileSync(file);
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter(name => !MADE.has(name))
    .flatMap(name => filesUnder(join(path, name)));
}

/** True when `stampFile` holds `text`. */
export function isStamped(stampFile, text) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === text;
}

/** Writes the stamp, making its folder. */
export function stamp(stampFile, text) {
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, text);
}
