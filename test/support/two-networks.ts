/**
 * Two hosts on one network that can be switched off: network namespaces joined by a bridge in a third one (Linux, root).
 * A browser or a node runs inside by way of a wrapper program.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Place = 'a' | 'b' | 'hub';

export interface TwoNetworks {
  /** Where the hub is reached from both. */
  readonly hubAddress: string;
  /** Path of a program that runs `program` with its arguments at that place. */
  wrapper(place: Place, program: string): string;
  /** Lets nothing through between host a and everybody else, without a word to either, or everything again. */
  switchOff(): void;
  switchOn(): void;
  /** Lets nothing through between a and b, without a word to either, or everything again; both reach the hub. */
  part(): void;
  rejoin(): void;
  remove(): void;
}

const NETWORK = '10.98.0';
const addresses: Readonly<Record<Place, string>> = { a: `${NETWORK}.1`, b: `${NETWORK}.2`, hub: `${NETWORK}.254` };
const hosts = ['a', 'b'] as const;

/** Why there can be none here; undefined where there can. */
export function whyNoNetworks(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  const name = `peersea-try-${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two');
    return undefined;
  } catch (error) {
    return `no network namespaces here: ${String(error)}`;
  } finally {
    tryIp('netns', 'del', name);
  }
}

/** Throws what `ip` says. */
export function twoNetworks(): TwoNetworks {
  const folder = mkdtempSync(join(tmpdir(), 'peersea-net-'));
  const nameOf = (place: Place): string => `peersea-${place}-${process.pid}`;
  const hub = nameOf('hub');
  for (const place of ['hub', ...hosts] as const) {
    ip('netns', 'add', nameOf(place));
    ip('-n', nameOf(place), 'link', 'set', 'lo', 'up');
  }
  ip('-n', hub, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', hub, 'addr', 'add', `${addresses.hub}/24`, 'dev', 'br0');
  ip('-n', hub, 'link', 'set', 'br0', 'up');
  for (const host of hosts) plugIn(nameOf(host), host, hub);
  ip('-n', hub, 'route', 'add', 'default', 'via', addresses.a);
  const setPort = (host: string, ...what: string[]): void =>
    ip('netns', 'exec', hub, 'bridge', 'link', 'set', 'dev', `port-${host}`, ...what);
  const isolate = (isolated: 'on' | 'off'): void => {
    for (const host of hosts) setPort(host, 'isolated', isolated);
  };
  return {
    hubAddress: addresses.hub,
    wrapper(place, program) {
      const path = join(folder, `${place}-${program.replaceAll('/', '-')}`);
      writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${nameOf(place)} ${program} "$@"\n`);
      chmodSync(path, 0o755);
      return path;
    },
    switchOff: () => setPort('a', 'state', '0'), // disabled
    switchOn: () => setPort('a', 'state', '3'), // forwarding
    part: () => isolate('on'),
    rejoin: () => isolate('off'),
    remove() {
      for (const place of ['hub', ...hosts] as const) tryIp('netns', 'del', nameOf(place));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Plugs a host into the hub's bridge. WebRTC gathers candidates only where there is a default route. */
function plugIn(namespace: string, host: 'a' | 'b', hub: string): void {
  const port = `port-${host}`;
  ip('-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('-n', hub, 'link', 'set', port, 'master', 'br0');
  ip('-n', hub, 'link', 'set', port, 'up');
  ip('-n', namespace, 'addr', 'add', `${addresses[host]}/24`, 'dev', 'eth0');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'route', 'add', 'default', 'via', addresses.hub);
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function tryIp(...args: string[]): void {
  try {
    ip(...args);
  } catch {
    // it was never made
  }
}
