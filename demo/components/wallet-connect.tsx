/** Wallets found in this browser, and the one that is connected. */

import type { FoundWallet } from '../../src/adapters/evm/eip1193.ts';
import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { shortAccount } from '../state/chain-money.ts';
import type { PageState } from '../state/page-state.ts';
import type { Connected, WalletConnection } from '../state/wallet-connection.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { Money } from './wallet-money.tsx';

interface ConnectProps {
  readonly connection: WalletConnection;
  readonly chain: ChainInfo;
}

export function WalletConnect({ state, chain }: { readonly state: PageState; readonly chain: ChainInfo }) {
  const { connection } = state.wallet;
  const phase = connection.phase.value;
  const complaint = phase.state === 'connecting' ? undefined : phase.complaint;
  return (
    <section class="sheet wallet-connect" aria-labelledby="wallet-connect-heading">
      <h3 id="wallet-connect-heading">Your wallet</h3>
      {phase.state === 'none' && <Choice connection={connection} chain={chain} />}
      {phase.state === 'connecting' && (
        <div class="wallet-row" role="status">
          <p>Waiting for {phase.wallet.name} …</p>
          <button type="button" class="button quiet small" onClick={() => connection.stopConnecting()}>
            Stop waiting
          </button>
        </div>
      )}
      {phase.state === 'connected' && <Account connection={connection} chain={chain} phase={phase} />}
      {phase.state !== 'connecting' && phase.note !== '' && (
        <p class="fine" role="status" data-testid="wallet-note">
          {phase.note}
        </p>
      )}
      {complaint !== undefined && complaint.code !== state.wallet.complaint?.code && (
        <ComplaintNote complaint={complaint} gentle />
      )}
    </section>
  );
}

function Choice({ connection, chain }: ConnectProps) {
  const found = connection.found.value;
  if (found.length === 0) {
    return (
      <p class="fine">
        No wallet was found in this browser. You need none to earn: what you earn waits in vouchers below. To take it
        out, or to pay others, install a wallet for {chain.name}, such as a browser extension, and it appears here.
      </p>
    );
  }
  return (
    <>
      <p class="fine">
        To earn you need none. Connect one to take out what you earned, or to pay others. The page then sees the
        account’s address and asks the wallet about each transaction.
      </p>
      <ul class="plain-list wallet-list">
        {found.map(wallet => (
          <li key={wallet.id}>
            <button type="button" class="button" onClick={() => void connection.connect(wallet)}>
              <WalletIcon wallet={wallet} />
              <span>Connect {wallet.name}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Account({ connection, chain, phase }: ConnectProps & { readonly phase: Connected }) {
  const { wallet, shown } = phase;
  const balances = connection.balances.value;
  return (
    <>
      <div class="wallet-row">
        <p class="wallet-account" data-testid="wallet-account" data-account={shown.account} data-state={shown.state}>
          <WalletIcon wallet={wallet} />
          <span>
            <strong>{wallet.name}</strong>{' '}
            <code class="address" title={shown.account}>
              {shortAccount(shown.account)}
            </code>
            {shown.state === 'ready' && balances !== undefined && (
              <span class="soft">
                {' '}
                <Money amount={balances.asset} currency={chain.currency} />
              </span>
            )}
          </span>
        </p>
        <button type="button" class="button quiet small" onClick={() => void connection.disconnect()}>
          Disconnect
        </button>
      </div>
      <Accounts connection={connection} shown={shown.account} />
      {shown.state === 'wrong-chain' && (
        <div class="note waiting deed">
          <p>
            <strong>The wallet is on another chain</strong> (number {shown.chainId}). This sea pays on {chain.name}{' '}
            (number {chain.chainId}).
          </p>
          <button type="button" class="button" onClick={() => void connection.switchChain()}>
            Switch chain
          </button>
        </div>
      )}
    </>
  );
}

/** The development wallet has no window of its own to choose an account in. */
function Accounts({ connection, shown }: { readonly connection: WalletConnection; readonly shown: string }) {
  const accounts = connection.accounts.value;
  if (accounts.length < 2) return null;
  return (
    <div class="field">
      <label class="field-label" for="wallet-accounts">
        Account of the development wallet
      </label>
      <select
        id="wallet-accounts"
        value={shown}
        onChange={event => void connection.switchAccount(event.currentTarget.value)}
      >
        {accounts.map(account => (
          <option key={account} value={account}>
            {shortAccount(account)}
          </option>
        ))}
      </select>
    </div>
  );
}

function WalletIcon({ wallet }: { readonly wallet: FoundWallet }) {
  if (wallet.icon === '') return <span class="wallet-icon" aria-hidden="true" />;
  return <img class="wallet-icon" src={wallet.icon} alt="" width="24" height="24" />;
}
