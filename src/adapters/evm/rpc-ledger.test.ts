import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Interface } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DevChain, purseArtifact, startDevChain } from '../../../test/support/dev-chain.ts';
import { testWallet } from '../../../test/support/test-wallet.ts';
import { fromHex } from '../../base/bytes.ts';
import { httpRpc, RpcError } from './json-rpc.ts';
import { RPC_ANSWER_BYTES_MAX } from './limits.ts';
import { LANE_SELECTOR, PURSE_SELECTOR, RpcLedger } from './rpc-ledger.ts';
import { connectWallet } from './wallet.ts';

const bytes = (text: string): Uint8Array => fromHex(text.slice(2));
const key = `0x${'5e'.repeat(20)}`;
const payee = `0x${'ee'.repeat(20)}`;

test('the selectors are those of the contract', () => {
  const contract = new Interface(purseArtifact().abi as string[]);
  expect(contract.getFunction('purse')?.selector).toBe(`0x${PURSE_SELECTOR}`);
  expect(contract.getFunction('lane')?.selector).toBe(`0x${LANE_SELECTOR}`);
});

describe('on a chain', () => {
  let chain: DevChain;
  beforeAll(async () => {
    chain = await startDevChain();
  });
  afterAll(() => chain?.stop());

  test('a purse from none to unlocking', async () => {
    const ledger = new RpcLedger(chain.info);
    const wallet = await connectWallet(testWallet({ rpc: chain.info.rpc }), chain.info);
    const payer = bytes(chain.accounts[0]!);
    const read = () => ledger.purse(payer, bytes(key));
    expect(await read()).toEqual({ state: 'none', free: 0n, unlockAt: 0, expiry: 0 });
    await wallet.openPurse(key, 2n ** 70n + 1n);
    expect(await read()).toEqual({ state: 'open', free: 2n ** 70n + 1n, unlockAt: 0, expiry: 0 });
    const { block } = await wallet.requestUnlock(key);
    const { timestamp } = (await chain.rpc('eth_getBlockByNumber', [`0x${block.toString(16)}`, false])) as {
      timestamp: string;
    };
    expect((await read()).unlockAt).toBe(Number(timestamp) + 60);
    await chain.pass(61);
    await wallet.withdraw(key);
    expect(await read()).toMatchObject({ state: 'closed', free: 0n });
  });

  test('an expiry is told as it was given', async () => {
    const wallet = await connectWallet(testWallet({ rpc: chain.info.rpc, first: 1 }), chain.info);
    await wallet.openPurse(key, 1n, 4_000_000_000);
    const view = await new RpcLedger(chain.info).purse(bytes(chain.accounts[1]!), bytes(key));
    expect(view).toEqual({ state: 'open', free: 1n, unlockAt: 0, expiry: 4_000_000_000 });
  });

  test('a lane that nothing was paid in', async () => {
    const lane = await new RpcLedger(chain.info).lane(bytes(chain.accounts[0]!), bytes(key), bytes(payee), 255);
    expect(lane).toEqual({ paid: 0n, reserved: 0n, until: 0 });
  });

  test('another chain, and a contract that is not there', async () => {
    const read = (info: typeof chain.info) => new RpcLedger(info).purse(bytes(payee), bytes(key));
    await expect(read({ ...chain.info, chainId: 1 })).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
    await expect(read({ ...chain.info, purse: payee })).rejects.toMatchObject({ code: 'CHAIN_FAILED' });
  });

  test('what a contract refuses comes with its data', async () => {
    const call = httpRpc(chain.info.rpc)('eth_call', [{ to: chain.info.purse, data: '0x159090bd' }, 'latest']); // take()
    const error = await call.catch((thrown: unknown) => thrown as RpcError);
    expect(error).toBeInstanceOf(RpcError);
    expect((error as RpcError).data).toBe(
      new Interface(purseArtifact().abi as string[]).getError('NothingOwed')?.selector,
    );
  });
});

describe('a node that does not behave', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  /** The URL of a node that answers with this text; with undefined, never. */
  async function node(answer: string | undefined): Promise<string> {
    const server = createServer((_, response) => answer !== undefined && response.end(answer));
    servers.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const info = (rpc: string) => ({ chainId: 31_337, purse: payee, rpc });

  test.each([
    ['text', 'no JSON'],
    ['nothing', ''],
    ['null', 'null'],
    ['an answer without a result', '{"jsonrpc":"2.0","id":1}'],
    ['its own error', '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"busy"}}'],
    ['too short a word', '{"result":"0x7a69"}'],
    ['a number', '{"result":31337}'],
    ['too much', `{"result":"0x${'0'.repeat(RPC_ANSWER_BYTES_MAX)}"}`],
  ])('%s is CHAIN_FAILED', async (_, answer) => {
    const ledger = new RpcLedger(info(await node(answer)));
    await expect(ledger.purse(bytes(payee), bytes(key))).rejects.toMatchObject({ code: 'CHAIN_FAILED' });
  });

  test('nobody there', async () => {
    const url = await node('');
    servers.splice(0)[0]!.close();
    const call = new RpcLedger(info(url)).purse(bytes(payee), bytes(key));
    await expect(call).rejects.toMatchObject({ code: 'CHAIN_FAILED' });
  });

  test('silence ends with the deadline, or when the caller gives up', async () => {
    const url = await node(undefined);
    await expect(httpRpc(url, 50)('eth_chainId', [])).rejects.toMatchObject({ code: 'CHAIN_FAILED' });
    const stop = new AbortController();
    const call = new RpcLedger(info(url)).purse(bytes(payee), bytes(key), stop.signal);
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
  });

  test('one failure is not remembered', async () => {
    const answers = ['busy', '{"result":"0x7a69"}', `{"result":"0x${'0'.repeat(192)}${'1'.padStart(64, '0')}"}`];
    const ledger = new RpcLedger(info('http://unused.invalid'), async () => {
      const answer = answers.shift()!;
      if (answer === 'busy') throw new RpcError(-32000, 'busy', undefined);
      return JSON.parse(answer).result;
    });
    await expect(ledger.purse(bytes(payee), bytes(key))).rejects.toMatchObject({ code: 'CHAIN_FAILED' });
    expect(await ledger.purse(bytes(payee), bytes(key))).toMatchObject({ state: 'open' });
  });
});
