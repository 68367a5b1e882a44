/** An address that was typed wrong is told in words that help to mend it. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NodeClock } from './node-clock.ts';
import { dialFromNode } from './websocket-dialer.ts';

let server: Server;
let host: string;
beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test.each([
  ['ws', '/', 'not found (404); the path is usually /sea'],
  ['ws', '/other', 'not found (404); the path is usually /sea'],
  ['ws', '/sea', 'Unexpected server response: 404'],
  ['wss', '/sea', 'no TLS is spoken there; without it the address is ws:'],
])('%s://…%s', async (protocol, path, words) => {
  const url = `${protocol}://${host}${path}`;
  const dialling = dialFromNode(url, { clock: new NodeClock() }, new AbortController().signal);
  await expect(dialling).rejects.toMatchObject({ code: 'DIAL_FAILED', message: `DIAL_FAILED: ${url}: ${words}` });
});
