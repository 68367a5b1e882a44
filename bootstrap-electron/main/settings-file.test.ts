import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Log } from '../../src/ports/log.ts';
import { defaultSettings } from '../shared/settings.ts';
import { SettingsFile } from './settings-file.ts';

let folder: string;
let lines: string[];
const log: Log = { write: (level, message) => lines.push(`${level} ${message}`) };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peersea-settings-'));
});
beforeEach(() => {
  lines = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('gives defaults at first, then what was written', async () => {
  const file = new SettingsFile(join(folder, 'new', 'node.json'), log);
  expect(await file.read()).toEqual({ settings: defaultSettings, isRunning: false });
  const kept = { settings: { ...defaultSettings, port: 5000 }, isRunning: true };
  await file.write(kept);
  expect(await new SettingsFile(join(folder, 'new', 'node.json'), log).read()).toEqual(kept);
  expect(lines).toEqual([]);
});

it.each(['', 'text', '[]x', '{"settings":{"port":-1}}'])('a file of %j is as none, and logged', async text => {
  const path = join(folder, 'unfit.json');
  writeFileSync(path, text);
  expect(await new SettingsFile(path, log).read()).toEqual({ settings: defaultSettings, isRunning: false });
  expect(lines).toEqual(['warn the settings cannot be read; going on with defaults']);
});

it('a place that cannot be written to is logged', async () => {
  await new SettingsFile(join(folder, 'unfit.json', 'below-a-file.json'), log).write({
    settings: defaultSettings,
    isRunning: false,
  });
  expect(lines).toEqual(['warn the settings cannot be kept']);
});
