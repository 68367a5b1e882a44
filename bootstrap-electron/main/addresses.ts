/** Which addresses of this computer are worth giving to others: pure. */

import { isIPv6 } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';
import type { Settings } from '../shared/settings.ts';

/** What os.networkInterfaces() tells. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

export interface Addresses {
  /** What nodes dial, the best first; never empty. */
  readonly wsUrls: readonly string[];
  /** Where browsers find the page, as many. */
  readonly pageUrls: readonly string[];
}

/** Not 'localhost', which some resolve to ::1, where nobody may listen. */
const THIS_COMPUTER = '127.0.0.1';

/** Addresses of a server that runs with `settings` at `port`. A public URL stands first, addresses of one link are left out. */
export function addressesToGive(settings: Settings, port: number, interfaces: Interfaces): Addresses {
  const isTls = settings.certFile !== '';
  const hosts = settings.reach === 'computer' ? [THIS_COMPUTER] : [...outerHosts(interfaces), THIS_COMPUTER];
  const wsUrls = hosts.map(host => `${isTls ? 'wss' : 'ws'}://${host}:${port}/sea`);
  const all = settings.publicUrl === '' ? wsUrls : [settings.publicUrl, ...wsUrls];
  return { wsUrls: all, pageUrls: all.map(pageUrl) };
}

/** The page of a node stands at the root of the server that takes its websockets. */
function pageUrl(wsUrl: string): string {
  const url = new URL(wsUrl);
  return `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}/`;
}

/** IPv4 first: people type them. */
function outerHosts(interfaces: Interfaces): string[] {
  const outer = Object.values(interfaces)
    .flatMap(infos => infos ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe[89ab])/i.test(address));
  const hosts = outer.map(({ address }) => (isIPv6(address) ? `[${address}]` : address));
  return [...hosts.filter(host => !host.startsWith('[')), ...hosts.filter(host => host.startsWith('['))];
}
