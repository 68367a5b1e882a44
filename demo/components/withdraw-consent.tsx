/** Withdraws the consent, after a question: what is kept for others goes with it. */

import { useSignal } from '@preact/signals';
import { formatPlural } from '../format.ts';
import type { PageState } from '../state/page-state.ts';
import { Dialog } from './wallet-dialog.tsx';

export function WithdrawConsent({ state }: { readonly state: PageState }) {
  const isAsking = useSignal(false);
  return (
    <>
      <button type="button" class="button quiet small" onClick={() => (isAsking.value = true)}>
        Withdraw consent …
      </button>
      {isAsking.value && (
        <Dialog title="Withdraw your consent?" onClose={() => (isAsking.value = false)}>
          <p>
            This page leaves the sea and asks again before it joins. {clearedWords(state)} Your name and channels in the
            chat are forgotten.
          </p>
          <p>The list of your files, your address, your keys, vouchers and receipts stay in this browser.</p>
          <div class="dialog-buttons">
            <button type="button" class="button" onClick={() => (isAsking.value = false)}>
              Stay
            </button>
            <button type="button" class="button stop" onClick={() => void state.session.withdraw()}>
              Withdraw it now
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Only the tab that keeps the pieces of a browser clears them. */
function clearedWords({ session, holding }: PageState): string {
  const { shards } = holding.status.value;
  const isClearing = session.isKeeper.value && (session.consent.value?.storageBytes ?? 0) > 0;
  if (!isClearing) return 'What it keeps for others stays as it is.';
  if (shards === 0) return 'Pieces of other people’s files that are kept here are cleared.';
  const are = shards === 1 ? 'is' : 'are';
  return `${formatPlural(shards, 'kept piece')} of other people’s files ${are} cleared: their owners lose ${shards === 1 ? 'it' : 'them'}.`;
}
