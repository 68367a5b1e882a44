/** What the commands share: the folder of a node, and what is said of it. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { commonUsage, dataFolder, onFolder, tellReturns } from './command.ts';

afterEach(() => vi.unstubAllEnvs());

it('nodes of different kinds have folders of their own', () => {
  vi.stubEnv('PEERSEA_DATA', undefined);
  expect(dataFolder(undefined, 'bootstrap')).toBe(join(homedir(), '.peersea', 'bootstrap'));
  expect(dataFolder(undefined, 'contributor')).toBe(join(homedir(), '.peersea', 'contributor'));
  vi.stubEnv('PEERSEA_DATA', '/data');
  expect(dataFolder(undefined, 'contributor')).toBe(join('/data', 'contributor'));
  expect(dataFolder('/mine', 'contributor')).toBe('/mine');
  expect(dataFolder('none', 'contributor')).toBeUndefined();
  expect(() => dataFolder('', 'contributor')).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }));
});

it('help names the folder where one is used', () => {
  expect(commonUsage('contributor')).toContain('(default ~/.peersea/contributor;');
  expect(commonUsage()).not.toContain('--data');
});

it.each([
  ['/data is in use by another node', '/data is in use by another node: name another folder by --data, or --data none'],
  ['no key: move it', 'no key: move it, or name another folder by --data, or --data none'],
])('a folder that cannot be used is told with what to do: %s', async (detail, words) => {
  const failing = onFolder(() => Promise.reject(new SeaError('NO_STORAGE', detail)));
  await expect(failing).rejects.toMatchObject({ code: 'NO_STORAGE', message: `NO_STORAGE: ${words}` });
});

it('another failure stays as it is, a node is handed on', async () => {
  const error = new SeaError('PORT_IN_USE', 'taken');
  await expect(onFolder(() => Promise.reject(error))).rejects.toBe(error);
  expect(await onFolder(async () => 5)).toBe(5);
});

it('that a node is back is told, not that it has come', () => {
  const listeners = new Map<string, (detail: never) => void>();
  const logged: string[] = [];
  const on = (name: string, listener: (detail: never) => void) => {
    listeners.set(name, listener);
    return () => {};
  };
  tellReturns({ on: on as never }, { write: (_, message) => void logged.push(message) });
  const happens = (name: string): string[] => {
    listeners.get(name)?.(undefined as never);
    return logged.splice(0);
  };
  expect(['online', 'offline', 'online', 'online'].map(happens)).toEqual([[], [], ['in the sea again'], []]);
});
