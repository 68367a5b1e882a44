import { Interface, Wallet } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../../contracts/build.mjs';
import { domainOf, packVoucher, sign } from '../../../contracts/typed-data.ts';
import { type DevChain, purseArtifact, startDevChain } from '../../../test/support/dev-chain.ts';
import { type TestWallet, type TestWalletOptions, testWallet } from '../../../test/support/test-wallet.ts';
import { fromHex } from '../../base/bytes.ts';
import { SeaError } from '../../base/errors.ts';
import { httpRpc, type RpcRequest } from './json-rpc.ts';
import { keyProvider } from './key-provider.ts';
import { BATCH_VOUCHERS_MAX } from './limits.ts';
import { purseInterface, refusalOf } from './purse-abi.ts';
import type { SignedClaim, SignedVoucher } from './purse-calls.ts';
import { PurseWallet } from './purse-wallet.ts';
import { sweep } from './sweep.ts';
import { connectWallet } from './wallet.ts';
import { WalletSession, type WalletState } from './wallet-session.ts';

const ETHER = 10n ** 18n;
let chain: DevChain;
beforeAll(async () => {
  chain = await startDevChain();
});
afterAll(() => chain?.stop());

interface Connected {
  readonly wallet: PurseWallet;
  readonly owner: TestWallet;
  readonly states: WalletState[];
}

async function connect(options: Partial<TestWalletOptions> = {}): Promise<Connected> {
  const owner = testWallet({ rpc: chain.info.rpc, ...options });
  const states: WalletState[] = [];
  const wallet = await connectWallet(owner, chain.info, state => states.push(state));
  return { wallet, owner, states };
}

/** A voucher of a payer for a payee, by a session key. */
function voucher(payer: string, key: Wallet, payee: string, cumulative: bigint): SignedVoucher & { packed: string } {
  const signed = { payer, payee, lane: 0, cumulative };
  const signature = sign(key, domainOf(chain.info.chainId, chain.info.purse), 'Voucher', signed);
  return { ...signed, signature: signature.compactSerialized, packed: packVoucher(signed, signature) };
}

function claim(payer: string, key: Wallet, payee: Wallet, to: string, maxFee: bigint): SignedClaim {
  const signed = {
    payer,
    key: key.address,
    lane: 0,
    to,
    maxFee,
    onlyWhileUnlocking: false,
    deadline: 4_000_000_000,
  };
  const signature = sign(payee, domainOf(chain.info.chainId, chain.info.purse), 'Claim', signed);
  return { ...signed, signature: signature.compactSerialized };
}

const newKey = (): Wallet => new Wallet(Wallet.createRandom().privateKey);
const coinOf = async (account: string) => BigInt((await chain.rpc('eth_getBalance', [account, 'latest'])) as string);

test('calls, events and errors are those of the contract', () => {
  const contract = new Interface(purseArtifact().abi as string[]);
  const known = new Set(contract.format().map(line => line.replace(/\b(memory|calldata)\b /g, '')));
  for (const fragment of purseInterface.fragments) {
    const line = fragment.format('full').replace(/ returns \(\(/, ' returns ((');
    expect(known, line).toContain(line);
  }
  const mentioned = new Set(purseInterface.fragments.filter(({ type }) => type === 'error').map(f => f.format('full')));
  const atConstruction = /AssetWithoutCode|DelayOutOfBounds|InvalidShortString|StringTooLong|SafeCast/;
  for (const { type, ...fragment } of contract.fragments.map(f => ({ type: f.type, line: f.format('full') })))
    if (type === 'error' && !atConstruction.test(fragment.line)) expect(mentioned).toContain(fragment.line);
});

describe('money', () => {
  test('goes in by one prompt, grows, and comes back after the delay', async () => {
    const { wallet, owner } = await connect();
    const [payer] = chain.accounts;
    const key = newKey().address;
    const hashes: string[] = [];
    const before = await coinOf(payer!);
    const opened = await wallet.openPurse(key, 2n * ETHER, 0, { onSent: hash => hashes.push(hash) });
    expect(owner.asked).toEqual(['eth_requestAccounts', 'eth_sendTransaction']);
    expect(hashes).toEqual([opened.hash]);
    expect([opened.payer.toLowerCase(), opened.from]).toEqual([payer, payer]);
    expect(opened.gasUsed).toBeLessThan(55_000n);
    const toppedUp = await wallet.topUp(key, ETHER);
    expect(await wallet.purse(key)).toMatchObject({ state: 'open', free: 3n * ETHER });
    expect(before - (await coinOf(payer!))).toBe(3n * ETHER + opened.fee + toppedUp.fee);
    await expect(wallet.withdraw(key)).rejects.toMatchObject({
      code: 'CONTRACT_REFUSED',
      message: expect.stringContaining('The purse is locked'),
    });
    await wallet.requestUnlock(key);
    await chain.pass(61);
    expect((await wallet.withdraw(key)).amount).toBe(3n * ETHER);
    expect((await wallet.purse(key)).state).toBe('closed');
  });

  test('is paid to a payee by a batch, and swept from there', async () => {
    const { wallet } = await connect({ first: 1 });
    const { wallet: bringer } = await connect({ first: 2 });
    const payer = chain.accounts[1]!;
    const [key, payee] = [newKey(), newKey()];
    const { packed } = voucher(payer, key, payee.address, ETHER);
    const unfunded = voucher(payer, newKey(), payee.address, ETHER).packed;
    await wallet.openPurse(key.address, 4n * ETHER);
    const redeemed = await bringer.redeemBatch(payee.address, [unfunded, packed, fromHex(packed.slice(2))]);
    expect(redeemed).toMatchObject({ amount: ETHER, skipped: [0, 2], from: chain.accounts[2] });
    expect(await coinOf(payee.address)).toBe(ETHER);
    expect(await bringer.lane(payer, key.address, payee.address)).toMatchObject({ paid: ETHER });
    const to = newKey().address;
    const swept = await sweep(fromHex(payee.privateKey.slice(2)), to, chain.info);
    expect(await coinOf(to)).toBe(swept.amount);
    expect(await coinOf(payee.address)).toBe(ETHER - swept.amount - swept.fee);
    expect(swept.amount).toBeGreaterThan((ETHER * 99n) / 100n);
    await expect(sweep(fromHex(newKey().privateKey.slice(2)), to, chain.info)).rejects.toMatchObject({
      code: 'ACCOUNT_EMPTY',
    });
  });

  test('goes where a claim says, and a fee to whoever brings it', async () => {
    const { wallet } = await connect({ first: 1 });
    const { wallet: bringer } = await connect({ first: 2 });
    const payer = chain.accounts[1]!;
    const [key, payee] = [newKey(), newKey()];
    const to = newKey().address;
    await wallet.openPurse(key.address, ETHER);
    const args = [voucher(payer, key, payee.address, 1_000n), claim(payer, key, payee, to, 10n)] as const;
    await expect(bringer.claimFor(...args, 11n)).rejects.toMatchObject({
      code: 'CONTRACT_REFUSED',
      message: expect.stringContaining('The fee is more than the claim allows'),
    });
    expect(await bringer.claimFor(...args, 10n)).toMatchObject({ amount: 990n, bringerFee: 10n });
    expect(await coinOf(to)).toBe(990n);
    await expect(bringer.claimFor(...args)).rejects.toMatchObject({
      message: expect.stringContaining('Nothing is left to pay'),
    });
  });

  test('in tokens is approved first', { timeout: 60_000 }, async () => {
    const tokenChain = await startDevChain(compile('test/tokens/PlainToken.sol', 'PlainToken'));
    try {
      const { info, asset, accounts } = tokenChain;
      const owner = testWallet({ rpc: info.rpc });
      const wallet = await connectWallet(owner, info);
      const mint = new Interface(['function mint(address, uint256)']).encodeFunctionData('mint', [accounts[0], 1_000n]);
      await tokenChain.rpc('eth_sendTransaction', [{ from: accounts[0], to: asset, data: mint }]);
      const key = newKey().address;
      await wallet.openPurse(key, 600n);
      expect(owner.asked.slice(1)).toEqual(['eth_sendTransaction', 'eth_sendTransaction']);
      expect(await wallet.balances()).toMatchObject({ asset: 400n, owed: 0n });
      expect(await wallet.purse(key)).toMatchObject({ state: 'open', free: 600n });
    } finally {
      tokenChain.stop();
    }
  });

  test('costs what the estimate says', async () => {
    const { wallet } = await connect();
    const key = newKey().address;
    const { gas, fee } = await wallet.estimate({ call: 'open', key, amount: 1n, expiry: 0 });
    expect(gas).toBeGreaterThan(40_000n);
    expect(gas).toBeLessThan(60_000n);
    expect(fee).toBeGreaterThanOrEqual(gas);
    await wallet.openPurse(key, 1n);
    await expect(wallet.estimate({ call: 'open', key, amount: 1n, expiry: 0 })).rejects.toMatchObject({
      code: 'CONTRACT_REFUSED',
      message: expect.stringContaining('take a fresh key'),
    });
  });

  test('that an account does not have is not sent', async () => {
    const key = newKey();
    const wallet = await connectWallet(keyProvider(key.privateKey, chain.info.rpc), chain.info);
    await expect(wallet.openPurse(newKey().address, ETHER)).rejects.toMatchObject({
      code: 'ACCOUNT_EMPTY',
      message: expect.stringContaining(key.address.toLowerCase()),
    });
    expect(await wallet.balances()).toEqual({ coin: 0n, asset: 0n, owed: 0n });
  });

  test('of a key without a wallet is spent all the same', async () => {
    const key = newKey();
    await chain.rpc('anvil_setBalance', [key.address, '0xde0b6b3a7640000']);
    const wallet = await connectWallet(keyProvider(fromHex(key.privateKey.slice(2)), chain.info.rpc), chain.info);
    const { payer } = await wallet.openPurse(newKey().address, 5n);
    expect(payer).toBe(key.address);
  });

  test.each([
    ['no vouchers', []],
    ['too many', Array.from({ length: BATCH_VOUCHERS_MAX + 1 }, () => `0x${'00'.repeat(97)}`)],
    ['no bytes', ['0xzz']],
  ])('a batch of %s is refused before anything is asked', async (_, packed) => {
    const { wallet, owner } = await connect();
    await expect(wallet.redeemBatch(chain.accounts[0]!, packed)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(owner.asked).toEqual(['eth_requestAccounts']);
  });
});

describe('the owner', () => {
  test('declines to connect, then agrees', async () => {
    const owner = testWallet({ rpc: chain.info.rpc });
    owner.answer = 'once';
    await expect(connectWallet(owner, chain.info)).rejects.toMatchObject({ code: 'WALLET_DECLINED' });
    expect((await connectWallet(owner, chain.info)).state).toEqual({ state: 'ready', account: chain.accounts[0] });
  });

  test('declines a transaction: nothing is sent, and the next one goes', async () => {
    const { wallet, owner } = await connect();
    const key = newKey().address;
    owner.answer = 'once';
    await expect(wallet.openPurse(key, 1n)).rejects.toMatchObject({ code: 'WALLET_DECLINED' });
    expect((await wallet.purse(key)).state).toBe('none');
    await wallet.openPurse(key, 1n);
    expect((await wallet.purse(key)).state).toBe('open');
  });

  test('changes the account: the next call is of that one', async () => {
    const { wallet, owner, states } = await connect();
    owner.switchAccount(chain.accounts[3]!);
    owner.switchAccount(chain.accounts[3]!);
    expect(states).toEqual([{ state: 'ready', account: chain.accounts[3] }]);
    const { payer } = await wallet.openPurse(newKey().address, 1n);
    expect(payer.toLowerCase()).toBe(chain.accounts[3]);
  });

  test('changes the chain and is asked back', async () => {
    const { wallet, owner, states } = await connect({ chainId: 31_337 });
    owner.switchChain(1);
    expect(wallet.state).toEqual({ state: 'wrong-chain', account: chain.accounts[0], chainId: 1 });
    await expect(wallet.openPurse(newKey().address, 1n)).rejects.toMatchObject({ code: 'WRONG_CHAIN' });
    owner.answer = 'once';
    await expect(wallet.switchChain()).rejects.toMatchObject({ code: 'WALLET_DECLINED' });
    await wallet.switchChain();
    expect(states.map(({ state }) => state)).toEqual(['wrong-chain', 'ready']);
    await wallet.openPurse(newKey().address, 1n);
  });

  test('is on a chain at first that is not the sea’s, which its wallet does not know', async () => {
    const { wallet, owner } = await connect({ chainId: 5 });
    expect(wallet.state.state).toBe('wrong-chain');
    await wallet.switchChain();
    expect(owner.asked).toEqual(['eth_requestAccounts', 'wallet_addEthereumChain', 'wallet_switchEthereumChain']);
    expect(wallet.state).toEqual({ state: 'ready', account: chain.accounts[0] });
  });

  test.each([
    ['removes the page', (owner: TestWallet) => owner.disconnect()],
    ['loses the wallet', (owner: TestWallet) => owner.lose()],
  ])('%s: nothing is asked any more', async (_, end) => {
    const { wallet, owner, states } = await connect();
    end(owner);
    owner.switchAccount(chain.accounts[1]!);
    expect(states).toEqual([{ state: 'disconnected', reason: expect.any(String) }]);
    await expect(wallet.openPurse(newKey().address, 1n)).rejects.toMatchObject({ code: 'NO_WALLET' });
    await expect(wallet.switchChain()).rejects.toMatchObject({ code: 'NO_WALLET' });
  });

  test('is let go by the page', async () => {
    const { wallet, states } = await connect();
    await wallet.disconnect();
    await wallet.disconnect();
    expect(states.map(({ state }) => state)).toEqual(['disconnected']);
  });

  test('gives up waiting: what was sent is told', async () => {
    const { wallet } = await connect();
    await chain.rpc('evm_setAutomine', [false]);
    try {
      const stop = new AbortController();
      const sent: string[] = [];
      const key = newKey().address;
      const options = {
        signal: stop.signal,
        onSent: (hash: string) => {
          sent.push(hash);
          stop.abort();
        },
      };
      await expect(wallet.openPurse(key, 1n, 0, options)).rejects.toMatchObject({ code: 'ABORTED' });
      await chain.rpc('evm_mine', []);
      expect((await wallet.purse(key)).state).toBe('open');
      expect(sent).toHaveLength(1);
    } finally {
      await chain.rpc('evm_setAutomine', [true]);
    }
  });
});

describe('a chain that does not behave', () => {
  let fails: ((method: string) => unknown) | undefined;
  afterEach(() => {
    fails = undefined;
  });
  const unruly: RpcRequest = async (method, params, signal) =>
    fails?.(method) ?? httpRpc(chain.info.rpc)(method, params, signal);

  async function connectUnruly(): Promise<PurseWallet> {
    return new PurseWallet(await WalletSession.open(testWallet({ rpc: chain.info.rpc }), chain.info, () => {}), unruly);
  }

  test('a transaction that fails when it is mined has moved nothing', async () => {
    const wallet = await connectUnruly();
    fails = method => (method === 'eth_estimateGas' ? '0x7530' : undefined); // 30,000: too little
    await expect(wallet.openPurse(newKey().address, 1n)).rejects.toMatchObject({ code: 'CONTRACT_REFUSED' });
  });

  test('one that is away for a while when the receipt is due', async () => {
    const wallet = await connectUnruly();
    let misses = 2;
    fails = method => {
      if (method !== 'eth_getTransactionReceipt' || misses-- <= 0) return undefined;
      throw new SeaError('CHAIN_FAILED', 'away');
    };
    const key = newKey().address;
    await wallet.openPurse(key, 1n);
    expect(misses).toBe(-1);
    expect((await wallet.purse(key)).state).toBe('open');
  });
});

test('a refusal is a sentence, and nothing else is', () => {
  expect(refusalOf(purseInterface.encodeErrorResult('PurseExists'))).toMatch(/take a fresh key/);
  expect(refusalOf(purseInterface.encodeErrorResult('StaleReserve', [1]))).toBe('The contract refused: StaleReserve.');
  for (const data of [undefined, '0x', '0xdeadbeef', 'text', purseInterface.getError('StillLocked')!.selector])
    expect(refusalOf(data)).toBeUndefined();
});
