/** What the library would refuse, the commands refuse before they make a node. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeBundle } from '../compute/bundle.ts';
import { REDUNDANCY_MAX, RUN_TIMEOUT_MS_MAX, SLOTS_MAX } from '../compute/limits.ts';
import { readMapOptions } from '../compute/map-options.ts';
import { bootstrap } from './bootstrap.ts';
import { contribute } from './contribute.ts';
import { map } from './map.ts';
import { claim } from './redeem.ts';

const made = vi.hoisted(() => ({ nodes: 0 }));

vi.mock('../node.ts', () => {
  const make = (): never => {
    made.nodes++;
    throw new Error('a node was made');
  };
  return { createSea: make, startBootstrap: make, makeBundle };
});

const { signal } = new AbortController();
const refused = expect.objectContaining({ code: 'BAD_ARGUMENT' });
const noTask = ['no-such-task.wasm'];

beforeEach(() => {
  made.nodes = 0;
  vi.stubGlobal('fetch', () => {
    throw new Error('the network was asked');
  });
});

afterEach(() => vi.unstubAllGlobals());

describe('a number out of bounds', () => {
  it.each([
    [contribute, ['--slots', `${SLOTS_MAX + 1}`]],
    [contribute, ['--slots', '0']],
    [contribute, ['--join-timeout', '0', '--chain', 'http://127.0.0.1:9/chain.json']],
    [bootstrap, ['--slots', `${SLOTS_MAX + 1}`, '--chain', 'http://127.0.0.1:9/chain.json']],
    [bootstrap, ['--port', '65536', '--chain', 'http://127.0.0.1:9/chain.json']],
    [map, [...noTask, '--slots', `${SLOTS_MAX + 1}`]],
    [map, [...noTask, '--redundancy', `${REDUNDANCY_MAX + 1}`]],
    [map, [...noTask, '--redundancy', '0']],
    [map, [...noTask, '--timeout', `${RUN_TIMEOUT_MS_MAX + 1}`]],
    [map, [...noTask, '--join-timeout', 'soon']],
    [claim, ['--chain', 'http://127.0.0.1:9/chain.json', '--key-file', '-']],
  ] as const)('is BAD_ARGUMENT, and neither a node nor the network is touched', async (command, args) => {
    const error = await command.run(args, signal).catch((reason: unknown) => reason);
    expect(error).toEqual(refused);
    const [option] = args.filter(arg => arg.startsWith('--')); // the one that is wrong stands first
    expect(String(error)).toContain(command === claim ? '--to' : option);
    expect(made.nodes).toBe(0);
  });

  it('is one that the library does not take either; the bound itself it takes', () => {
    expect(() => readMapOptions({ redundancy: REDUNDANCY_MAX + 1 })).toThrow(refused);
    expect(() => readMapOptions({ timeoutMs: RUN_TIMEOUT_MS_MAX + 1 })).toThrow(refused);
    const bounds = { redundancy: REDUNDANCY_MAX, timeoutMs: RUN_TIMEOUT_MS_MAX };
    expect(readMapOptions(bounds)).toEqual(bounds);
  });

  it('is not the bound itself', async () => {
    await expect(contribute.run(['--slots', `${SLOTS_MAX}`, '--data', 'none'], signal)).rejects.toThrow(
      'a node was made',
    );
    await expect(bootstrap.run(['--slots', `${SLOTS_MAX}`, '--data', 'none'], signal)).rejects.toThrow(
      'a node was made',
    );
    expect(made.nodes).toBe(2);
  });
});
