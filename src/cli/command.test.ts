/** What the commands share: the folder of a node, and what is said of it. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { SeaError } from '../base/errors.ts';
import { commonUsage, dataFolder, onFolder, parse, tellReturns } from './command.ts';

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

it('a number below zero is the value of its option, which says itself what it takes', () => {
  const options = { price: { type: 'string' }, json: { type: 'boolean' } } as const;
  expect(parse({ args: ['--price', '-1', '--json'], options }).values).toEqual({ price: '-1', json: true });
  expect(parse({ args: ['--price', '-.5'], options }).values).toEqual({ price: '-.5' });
});

it.each([
  [['--price', '--json'], '--price takes a value, and none was given'],
  [['--price'], '--price takes a value, and none was given'],
  [['--pric', '1'], "Unknown option '--pric'"],
  [['--json', '-1'], "Unknown option '-1'"],
])('what was typed wrong is said without advice on parsing: %j', (args, words) => {
  const options = { price: { type: 'string' }, json: { type: 'boolean' } } as const;
  const message = `BAD_ARGUMENT: ${words}`;
  expect(() => parse({ args, options })).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT', message }));
});
