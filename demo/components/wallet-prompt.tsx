/** What the development wallet asks before it does something: it has no window of its own. */

import type { ChainInfo } from '../../src/ports/chain-info.ts';
import { shortAccount } from '../state/chain-money.ts';
import type { PageState } from '../state/page-state.ts';
import type { Prompt } from '../state/wallet-prompts.ts';
import { Dialog } from './wallet-dialog.tsx';
import { Money } from './wallet-money.tsx';

export function WalletPrompt({ state: { wallet, chain } }: { readonly state: PageState }) {
  const [prompt] = wallet.connection.prompts.waiting.value;
  if (prompt === undefined || chain.info === undefined) return null;
  return <Question key={prompt} prompt={prompt} chain={chain.info} />;
}

function Question({ prompt, chain }: { readonly prompt: Prompt; readonly chain: ChainInfo }) {
  const { request } = prompt;
  const isConnect = request.kind === 'connect';
  return (
    <Dialog title="Development wallet" onClose={() => prompt.answer(false)}>
      <p class="note waiting">
        Test money only: it exists on this machine’s own chain and is worth nothing. A real wallet asks in a window of
        its own.
      </p>
      {isConnect ? (
        <p>
          This page asks to see the account <code title={request.account}>{shortAccount(request.account)}</code>.
        </p>
      ) : (
        <dl class="facts-list">
          <div>
            <dt>This page asks</dt>
            <dd>{request.what}</dd>
          </div>
          <div>
            <dt>Sends along</dt>
            <dd>
              <Money amount={request.value} currency={chain.currency} />
            </dd>
          </div>
          <div>
            <dt>From</dt>
            <dd>
              <code title={request.account}>{shortAccount(request.account)}</code>
            </dd>
          </div>
          <div>
            <dt>To</dt>
            <dd>
              <code title={request.to}>{shortAccount(request.to)}</code>
            </dd>
          </div>
        </dl>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button primary" onClick={() => prompt.answer(true)}>
          {isConnect ? 'Connect' : 'Confirm'}
        </button>
        <button type="button" class="button" onClick={() => prompt.answer(false)}>
          Decline
        </button>
      </div>
    </Dialog>
  );
}
