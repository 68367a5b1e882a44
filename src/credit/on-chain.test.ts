/** What the library signs, honoured by SeaPurse on a real chain (anvil). */

import { Contract, JsonRpcProvider, type Signer } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DevChain, purseArtifact, startDevChain } from '../../test/support/dev-chain.ts';
import { RpcLedger } from '../adapters/evm/rpc-ledger.ts';
import { toHex } from '../base/bytes.ts';
import type { HeldVoucher } from './credit.ts';
import { noSignal, TestPart, TestSea } from './testing/test-sea.ts';

let chain: DevChain;
let provider: JsonRpcProvider;
let payer: Signer;
beforeAll(async () => {
  chain = await startDevChain();
  provider = new JsonRpcProvider(chain.info.rpc, undefined, { cacheTimeout: -1, pollingInterval: 10 });
  payer = await provider.getSigner(1);
}, 60_000);
afterAll(() => {
  provider?.destroy();
  chain?.stop();
});

const GWEI = 1_000_000_000n;

const words = (signature: Uint8Array): { r: string; vs: string } => ({
  r: `0x${toHex(signature.subarray(0, 32))}`,
  vs: `0x${toHex(signature.subarray(32))}`,
});

const asVoucher = ({ payer: of, payee, lane, cumulative }: HeldVoucher): object => ({
  payer: of,
  payee,
  lane,
  cumulative,
});

it('a newcomer earns without a wallet, its vouchers are redeemed in a batch, and its claim is brought by another', async () => {
  const sea = new TestSea();
  const worker = await sea.node(sea.device(1));
  const requester = await sea.node(sea.device(2));
  const ledger = new RpcLedger(chain.info);
  for (const node of [worker, requester]) node.ledger = ledger;
  await worker.credit.ask({ part: GWEI });

  const key = await requester.credit.newSessionKey();
  const contract = new Contract(chain.info.purse, purseArtifact().abi as string[], payer);
  await (await contract.getFunction('open')(key, 0, 100n * GWEI, { value: 100n * GWEI })).wait();
  await requester.credit.usePurse({ payer: await payer.getAddress(), key, priceMax: GWEI });

  const earn = async (parts: number): Promise<HeldVoucher> => {
    const purser = sea.hire(requester);
    await purser.agree(worker.address, noSignal);
    for (let i = 0; i < parts; i++) new TestPart(sea, purser, requester, worker).accept();
    await purser.close();
    return (await worker.credit.vouchers())[0]!;
  };

  const first = await earn(3);
  expect(first.cumulative).toBe(3n * GWEI);
  const submitter = await provider.getSigner(2);
  const submitted = contract.connect(submitter) as Contract;
  await (await submitted.getFunction('redeemBatch')(first.payee, first.packed)).wait();
  expect(await provider.getBalance(first.payee)).toBe(3n * GWEI);
  expect(await worker.credit.redeemed(first)).toBe(3n * GWEI);
  expect(worker.credit.status()).toMatchObject({ earned: 3n * GWEI, unredeemed: 0n });

  const second = await earn(2);
  const to = `0x${'70'.repeat(20)}`;
  const deadline = Math.floor(Date.now() / 1000) + 3_600;
  const claim = await worker.credit.signClaim({ voucher: second, to, maxFee: GWEI / 10n, deadline });
  const { signature, ...terms } = claim;
  const fee = GWEI / 20n;
  const claimed = [asVoucher(second), words(second.signature), terms, words(signature), fee];
  await (await submitted.getFunction('claimFor')(...claimed)).wait();
  expect(await provider.getBalance(to)).toBe(2n * GWEI - fee);
  expect(await worker.credit.redeemed(second)).toBe(5n * GWEI);

  await (await contract.getFunction('requestUnlock')(key)).wait();
  await sea.pass(11_000);
  await expect(requester.credit.quote(worker.address)).rejects.toMatchObject({ code: 'PURSE_EMPTY' });
}, 60_000);
