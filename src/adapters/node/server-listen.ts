/** Binding a server to a port, with failures as sentences, and the address people can open. */

import type { Server } from 'node:http';
import { type AddressInfo, isIPv6 } from 'node:net';
import { SeaError } from '../../base/errors.ts';

/** Listens; resolves to the port taken (port 0: any free one). Throws PORT_IN_USE, NO_PERMISSION, BAD_ARGUMENT. */
export async function listenOn(server: Server, host: string, port: number): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SeaError('BAD_ARGUMENT', `a port is a whole number from 0 to 65535, not ${port}`);
  }
  await new Promise<void>((resolve, reject) => {
    const onError = (cause: NodeJS.ErrnoException): void => reject(explain(cause, host, port));
    server.once('error', onError);
    server.listen({ host, port }, () => {
      server.off('error', onError);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

/** `host:port` as URLs write it; for "all addresses" the name by which this machine reaches itself. */
export function displayHost(host: string, port: number): string {
  if (host === '' || host === '0.0.0.0' || host === '::') return `localhost:${port}`;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

function explain(cause: NodeJS.ErrnoException, host: string, port: number): SeaError {
  const where = displayHost(host, port);
  switch (cause.code) {
    case 'EADDRINUSE':
      return new SeaError('PORT_IN_USE', `${where} is taken by another program: end that one or choose another port`, {
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new SeaError('NO_PERMISSION', `this user may not listen on ${where}: choose a port from 1024 up`, {
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new SeaError('BAD_ARGUMENT', `this machine has no address ${host} to listen on`, { cause });
    default:
      return new SeaError('NO_PERMISSION', `cannot listen on ${where}: ${cause.message}`, { cause });
  }
}
