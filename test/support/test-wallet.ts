/**
 * A wallet for tests that does what a test says instead of asking anybody. `testWallet` is a function that needs nothing
 * around it, so that it can also be given to a page as it stands: `page.addInitScript(testWallet, options)`; there it
 * announces itself by EIP-6963 and is steered by `window.testWallet`.
 */

export interface TestWalletOptions {
  readonly rpc: string;
  readonly name?: string;
  /** Accounts that the chain sends for. Default: the chain's own, from `first`. */
  readonly accounts?: readonly string[];
  /** Position in the chain's accounts of the one to begin with. Default 0. */
  readonly first?: number;
  /** The chain it shows at first. Default: the one at `rpc`. */
  readonly chainId?: number;
  /** Chains it can change to; another is unknown until it is added. Default: the one it shows. */
  readonly knows?: readonly number[];
}

export interface TestWallet {
  readonly request: (request: {
    readonly method: string;
    readonly params?: readonly unknown[] | object;
  }) => Promise<unknown>;
  readonly on: (event: string, listener: (news: unknown) => void) => void;
  readonly removeListener: (event: string, listener: (news: unknown) => void) => void;
  /** What it does with what it should ask about; 'once' declines the next thing only. Default 'accept'. */
  answer: 'accept' | 'decline' | 'once';
  /** Methods it was asked about, in order. */
  readonly asked: string[];
  readonly switchAccount: (account: string) => void;
  readonly switchChain: (chainId: number) => void;
  /** As when its owner removes the site. */
  readonly disconnect: () => void;
  /** As when it loses its own connection. */
  readonly lose: () => void;
}

/** Makes one, and in a page announces it. */
export function testWallet(options: TestWalletOptions): TestWallet {
  const listeners = new Map<string, Set<(news: unknown) => void>>();
  const known = new Set(options.knows ?? (options.chainId === undefined ? [] : [options.chainId]));
  let chainId = options.chainId;
  let account: string | undefined;
  let connected = false;

  const refusal = (code: number, message: string) => Object.assign(new Error(message), { code });
  const tell = (event: string, news: unknown) => {
    for (const listener of [...(listeners.get(event) ?? [])]) listener(news);
  };
  const rpc = async (method: string, params: unknown) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const response = await fetch(options.rpc, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
    });
    const { result, error } = await response.json();
    if (error !== undefined) throw Object.assign(new Error(error.message), error);
    return result;
  };
  const consent = (method: string) => {
    wallet.asked.push(method);
    const declines = wallet.answer !== 'accept';
    if (wallet.answer === 'once') wallet.answer = 'accept';
    if (declines) throw refusal(4001, 'User rejected the request.');
  };
  const current = async () => {
    chainId ??= Number(await rpc('eth_chainId', []));
    account ??= (options.accounts ?? (await rpc('eth_accounts', [])).slice(options.first ?? 0))[0];
    return account;
  };
  const hexChain = () => `0x${chainId?.toString(16)}`;
  const changeChain = (to: number) => {
    chainId = to;
    tell('chainChanged', hexChain());
    return null;
  };

  const answers: Record<string, (params: never) => unknown> = {
    eth_requestAccounts: async () => {
      if (!connected) consent('eth_requestAccounts');
      await current();
      connected = true;
      return [account];
    },
    eth_accounts: () => (connected ? [account] : []),
    eth_chainId: async () => {
      await current();
      return hexChain();
    },
    eth_sendTransaction: ([{ chainId: wanted, ...transaction }]: [Record<string, string>]) => {
      if (!connected || transaction.from?.toLowerCase() !== account?.toLowerCase())
        throw refusal(4100, 'The requested account has not been authorized.');
      if (wanted !== undefined && Number(wanted) !== chainId) throw refusal(-32602, 'Invalid chain.');
      consent('eth_sendTransaction');
      return rpc('eth_sendTransaction', [transaction]);
    },
    wallet_switchEthereumChain: ([{ chainId: wanted }]: [{ chainId: string }]) => {
      if (Number(wanted) === chainId) return null;
      if (!known.has(Number(wanted))) throw refusal(4902, 'Unrecognized chain ID.');
      consent('wallet_switchEthereumChain');
      return changeChain(Number(wanted));
    },
    wallet_addEthereumChain: ([{ chainId: added }]: [{ chainId: string }]) => {
      consent('wallet_addEthereumChain');
      known.add(Number(added));
      return null;
    },
    wallet_revokePermissions: () => {
      connected = false;
      return null;
    },
  };

  const wallet: TestWallet = {
    request: async ({ method, params }) => {
      const answer = answers[method];
      return answer === undefined ? rpc(method, params ?? []) : answer((params ?? []) as never);
    },
    on: (event, listener) => void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event, listener) => void listeners.get(event)?.delete(listener),
    answer: 'accept',
    asked: [],
    switchAccount: to => {
      account = to;
      if (connected) tell('accountsChanged', [to]);
    },
    switchChain: changeChain,
    disconnect: () => {
      connected = false;
      tell('accountsChanged', []);
    },
    lose: () => tell('disconnect', refusal(4900, 'The provider is disconnected.')),
  };

  if (typeof window !== 'undefined') {
    Object.assign(window, { testWallet: wallet });
    const info = {
      uuid: `test-${options.name ?? 'wallet'}`,
      name: options.name ?? 'Test wallet',
      icon: '',
      rdns: 'test',
    };
    const announce = () => {
      const detail = Object.freeze({ info, provider: wallet });
      window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
    };
    window.addEventListener('eip6963:requestProvider', announce);
    announce();
  }
  return wallet;
}
