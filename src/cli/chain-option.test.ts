import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interface } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevChain, purseArtifact, startDevChain } from '../../test/support/dev-chain.ts';
import { needChain, readChain, UNLOCK_DELAY_CALL } from './chain-option.ts';

let chain: DevChain;
let folder: string;
let file: string;
let server: Server;
let url: string;

beforeAll(async () => {
  chain = await startDevChain();
  folder = mkdtempSync(join(tmpdir(), 'peersea-chain-option-'));
  file = join(folder, 'chain.json');
  writeFileSync(file, JSON.stringify(chain.info));
  server = createServer((request, response) => {
    if (request.url === '/chain.json') response.end(JSON.stringify(chain.info));
    else if (request.url === '/null') response.end('null');
    else response.writeHead(request.url === '/page' ? 200 : 404).end('<!doctype html>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  chain?.stop();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the call is that of the contract', () => {
  const contract = new Interface(purseArtifact().abi as string[]);
  expect(contract.getFunction('unlockDelay')?.selector).toBe(UNLOCK_DELAY_CALL);
});

test('from JSON, a file, a bootstrap node; or asked of the chain', async () => {
  for (const where of [JSON.stringify(chain.info), file, `${url}/chain.json`])
    expect(await readChain({ chain: where })).toEqual(chain.info);
  expect(await readChain({ chain: chain.info.rpc, purse: chain.info.purse })).toEqual({
    ...chain.info,
    name: 'Chain 31337',
    currency: { symbol: 'ETH', decimals: 18 },
    development: false,
  });
  expect(await readChain({})).toBeUndefined();
});

test('what is amiss is said', async () => {
  const nobody = `0x${'5e'.repeat(20)}`;
  const cases: [Parameters<typeof readChain>[0], string, RegExp][] = [
    [{ purse: nobody }, 'BAD_ARGUMENT', /--purse needs --chain/],
    [{ chain: '{' }, 'BAD_ARGUMENT', /no JSON/],
    [{ chain: '{}' }, 'BAD_ARGUMENT', /currency/],
    [{ chain: join(folder, 'none.json') }, 'BAD_ARGUMENT', /cannot read/],
    [{ chain: `${url}/none.json` }, 'NO_CHAIN', /has no chain/],
    [{ chain: `${url}/null` }, 'NO_CHAIN', /has no chain/],
    [{ chain: `${url}/page` }, 'BAD_ARGUMENT', /needs --purse/],
    [
      { chain: 'http://127.0.0.1:4/chain.json' },
      'CHAIN_FAILED',
      /http:\/\/127\.0\.0\.1:4\/chain\.json: .*ECONNREFUSED/,
    ],
    [{ chain: chain.info.rpc, purse: nobody }, 'BAD_ARGUMENT', /no SeaPurse at/],
    [{ chain: 'http://127.0.0.1:4/key', purse: nobody }, 'CHAIN_FAILED', /http:\/\/127\.0\.0\.1:4: .*ECONNREFUSED/],
  ];
  for (const [values, code, message] of cases)
    await expect(readChain(values)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  await expect(needChain({})).rejects.toMatchObject({ code: 'NO_CHAIN' });
});
