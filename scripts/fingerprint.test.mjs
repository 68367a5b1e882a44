/** A fingerprint changes with names and contents, and with nothing else. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprint, isStamped, stamp } from './fingerprint.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fingerprint-'));
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  writeFileSync(join(folder, 'src/a.ts'), 'one');
  writeFileSync(join(folder, 'src/deep/b.ts'), 'two');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the same files give the same fingerprint, whatever the order they are named in', () => {
  expect(fingerprint(folder, ['src/a.ts', 'src/deep'])).toBe(fingerprint(folder, ['src/deep', 'src/a.ts']));
});

test('a changed byte, a new file and a renamed file each change it', () => {
  const before = fingerprint(folder, ['src']);
  writeFileSync(join(folder, 'src/deep/b.ts'), 'twO');
  const changed = fingerprint(folder, ['src']);
  writeFileSync(join(folder, 'src/c.ts'), '');
  const added = fingerprint(folder, ['src']);
  rmSync(join(folder, 'src/c.ts'));
  writeFileSync(join(folder, 'src/d.ts'), '');
  expect(new Set([before, changed, added, fingerprint(folder, ['src'])]).size).toBe(4);
});

test('what is made does not count, and a missing path counts as empty', () => {
  const before = fingerprint(folder, ['src', 'absent.json']);
  mkdirSync(join(folder, 'src/generated'));
  writeFileSync(join(folder, 'src/generated/worker.ts'), 'made');
  expect(fingerprint(folder, ['src'])).toBe(before);
});

test('a stamp is found only with its own text', () => {
  const file = join(folder, '.cache/setup/library');
  expect(isStamped(file, 'abc')).toBe(false);
  stamp(file, 'abc');
  expect(isStamped(file, 'abc')).toBe(true);
  expect(isStamped(file, 'abd')).toBe(false);
});
