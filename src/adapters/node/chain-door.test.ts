/** The chain by way of a bootstrap node's server. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { timersClock } from '../../ports/acceptance/timers-clock.ts';
import { silentLog } from '../../ports/log.ts';
import { type BootstrapServer, startBootstrapServer } from './bootstrap-server.ts';
import { CHAIN_ANSWER_BYTES_MAX, CHAIN_QUESTION_BYTES_MAX, CHAIN_QUESTIONS_MAX } from './limits.ts';

let node: Server;
let asked: string[] = [];
let answer: (text: string) => string | undefined = () => '{"result":"0x7a69"}';
let server: BootstrapServer;
let rpc: string;

beforeAll(async () => {
  node = createServer((request, response) => {
    let text = '';
    request.on('data', part => (text += part));
    request.on('end', () => {
      asked.push(text);
      const said = answer(text);
      if (said !== undefined) response.end(said);
    });
  });
  await new Promise<void>(resolve => node.listen(0, '127.0.0.1', resolve));
  const chain = {
    chainId: 31_337,
    purse: `0x${'5e'.repeat(20)}`,
    rpc: `http://127.0.0.1:${(node.address() as AddressInfo).port}`,
    name: 'Test chain',
    currency: { symbol: 'tETH', decimals: 18 },
    delayS: 60,
    development: true,
  };
  const options = { host: '127.0.0.1', port: 0, clock: timersClock(), log: silentLog, status: () => ({}) };
  server = await startBootstrapServer({ ...options, chain, relayChain: true });
  rpc = (await (await fetch(`${server.url}chain.json`)).json()).rpc;
});
afterAll(async () => {
  node.closeAllConnections();
  node.close();
  await server.close();
});

const question = (method: string): string => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] });

function post(body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(rpc, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } });
}

test('pages are told of this server, under the name they reached it by', async () => {
  expect(rpc).toBe(`${server.url}chain/rpc`);
});

test('pages of other origins, which may not ask here, are told of the chain itself', async () => {
  const told = await fetch(`${server.url}chain.json`, { headers: { origin: 'http://localhost:5173' } });
  expect((await told.json()).rpc).toBe(`http://127.0.0.1:${(node.address() as AddressInfo).port}`);
});

test('a question is passed on as it stands, and so is the answer', async () => {
  asked = [];
  const response = await post(question('eth_chainId'));
  expect([response.status, await response.text()]).toEqual([200, '{"result":"0x7a69"}']);
  expect(asked).toEqual([question('eth_chainId')]);
});

test('own pages, programs and extensions may ask; other sites may not', async () => {
  const own = new URL(server.url).origin;
  const status = async (origin: string): Promise<number> => (await post(question('eth_chainId'), { origin })).status;
  expect(await Promise.all([own, 'chrome-extension://abc'].map(status))).toEqual([200, 200]);
  expect(await Promise.all(['https://elsewhere.example', 'null', `${own}0`].map(status))).toEqual([403, 403, 403]);
});

test.each([
  ['what governs the chain', question('anvil_setBalance'), 403],
  ['a batch', `[${question('eth_chainId')}]`, 403],
  ['no JSON', 'eth_chainId', 403],
  ['null', 'null', 403],
  ['too much', question('x'.repeat(CHAIN_QUESTION_BYTES_MAX)), 413],
])('%s is not passed on', async (_, body, status) => {
  asked = [];
  expect((await post(body)).status).toBe(status);
  expect(asked).toEqual([]);
});

test('only questions in JSON, by POST', async () => {
  expect((await post(question('eth_chainId'), { 'Content-Type': 'text/plain' })).status).toBe(415);
  expect((await fetch(rpc)).status).toBe(405);
  expect((await fetch(`${server.url}chain.json`, { method: 'POST' })).status).toBe(405);
});

test('too long an answer is cut off', async () => {
  answer = () => 'x'.repeat(CHAIN_ANSWER_BYTES_MAX + 1);
  expect((await post(question('eth_chainId'))).status).toBe(502);
});

test('more questions at once than it takes wait for nobody', async () => {
  answer = () => undefined;
  asked = [];
  const stop = new AbortController();
  const open = Array.from({ length: CHAIN_QUESTIONS_MAX }, () =>
    fetch(rpc, {
      method: 'POST',
      body: question('eth_chainId'),
      headers: { 'Content-Type': 'application/json' },
      signal: stop.signal,
    }).catch(() => {}),
  );
  await expect.poll(() => asked.length).toBe(CHAIN_QUESTIONS_MAX);
  expect((await post(question('eth_chainId'))).status).toBe(503);
  stop.abort();
  await Promise.all(open);
  answer = () => '{"result":"0x7a69"}';
  await expect.poll(async () => (await post(question('eth_chainId'))).status).toBe(200); // their places are free again
});
