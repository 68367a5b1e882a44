/** Where this device is paid: the address, and the key behind it as a file to keep elsewhere. */

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { saveFile } from '../save-file.ts';
import type { PayKeyDesk } from '../state/credit-key.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { Dialog } from './wallet-dialog.tsx';

export function PayKeyPanel({ state }: { readonly state: PageState }) {
  const { payKey, credit, wallet } = state;
  const open = useSignal<'save' | 'take' | undefined>(undefined);
  const address = payKey.address.value;
  const { unredeemed } = credit.status.value;
  const isAtRisk = unredeemed > 0n && unredeemed >= wallet.claims.dust.value && !payKey.isSaved;
  const close = (): void => {
    payKey.clear();
    open.value = undefined;
  };
  return (
    <section class="sheet money-class pay-key" aria-labelledby="pay-key-heading">
      <div class="panel-head">
        <h3 id="pay-key-heading">Pay address</h3>
        <p class="panel-aside">{payKey.isSaved ? 'key saved' : 'key in this browser only'}</p>
      </div>
      {address !== undefined && (
        <p class="pay-address">
          <code class="long-number" data-testid="pay-address">
            {address}
          </code>
          <CopyButton text={address} />
        </p>
      )}
      {isAtRisk && (
        <p class="note waiting" role="status">
          <strong>Save the key of what you earned.</strong> If this browser’s data for the site is cleared, what you
          have not claimed is lost with it.
        </p>
      )}
      <p class="fine">Vouchers name this address. Its key was made in this browser when you first came.</p>
      <div class="button-row">
        <button type="button" class={isAtRisk ? 'button primary' : 'button'} onClick={() => (open.value = 'save')}>
          Save the key …
        </button>
        <button type="button" class="button quiet" onClick={() => (open.value = 'take')}>
          Use a saved key …
        </button>
      </div>
      {payKey.complaint.value !== undefined && open.value === undefined && (
        <ComplaintNote complaint={payKey.complaint.value} gentle />
      )}
      {open.value === 'save' && <SaveKey payKey={payKey} onClose={close} />}
      {open.value === 'take' && (
        <TakeKey payKey={payKey} isLosing={unredeemed > 0n && !payKey.isSaved} onClose={close} />
      )}
    </section>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const words = useSignal('Copy');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      words.value = 'Copied';
    } catch {
      words.value = 'Select it and copy'; // the browser did not allow it
    }
  };
  return (
    <button type="button" class="button quiet small" onClick={() => void copy()}>
      <span aria-live="polite">{words.value}</span>
      <span class="visually-hidden"> the pay address</span>
    </button>
  );
}

interface KeyDialogProps {
  readonly payKey: PayKeyDesk;
  readonly onClose: () => void;
}

function SaveKey({ payKey, onClose }: KeyDialogProps) {
  const passphrase = useSignal('');
  const save = async (): Promise<void> => {
    const file = await payKey.save(passphrase.value);
    if (file === undefined) return;
    saveFile(
      new Blob([file], { type: 'application/json' }),
      `peersea-pay-key-${payKey.address.value?.slice(2, 10)}.json`,
    );
    payKey.markSaved();
    onClose();
  };
  return (
    <Dialog title="Save the pay key" onClose={onClose}>
      <p>
        The key leaves as a file that opens with a passphrase. Wallets read it too. Nobody can help you if the
        passphrase is lost.
      </p>
      <KeyForm
        payKey={payKey}
        passphrase={passphrase}
        submit="Save the file"
        onSubmit={() => void save()}
        onClose={onClose}
      />
    </Dialog>
  );
}

function TakeKey({ payKey, isLosing, onClose }: KeyDialogProps & { readonly isLosing: boolean }) {
  const id = useId();
  const passphrase = useSignal('');
  const file = useSignal<File | undefined>(undefined);
  const take = async (): Promise<void> => {
    const text = (await file.value?.text().catch(() => '')) ?? '';
    if (await payKey.take(text, passphrase.value)) onClose();
  };
  return (
    <Dialog title="Use a saved pay key" onClose={onClose}>
      <p>
        From now on this device is paid to the address of that key. Other devices may use the key as well: each is paid
        in full for its own work, holds the vouchers for it, and is where they are claimed.
      </p>
      {isLosing && (
        <p class="note waiting">
          This browser’s present key has earned money and was not saved. Save it or claim first: taking another key in
          its place loses it.
        </p>
      )}
      <div class="field">
        <label class="field-label" for={id}>
          Key file
        </label>
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          onChange={event => (file.value = event.currentTarget.files?.[0])}
        />
      </div>
      <KeyForm
        payKey={payKey}
        passphrase={passphrase}
        submit="Use this key"
        onSubmit={() => void take()}
        onClose={onClose}
      />
    </Dialog>
  );
}

interface KeyFormProps extends KeyDialogProps {
  readonly passphrase: { value: string };
  readonly submit: string;
  readonly onSubmit: () => void;
}

function KeyForm({ payKey, passphrase, submit, onSubmit, onClose }: KeyFormProps) {
  const id = useId();
  const isBusy = payKey.isBusy.value;
  return (
    <form
      class="dialog-form"
      aria-label={submit}
      onSubmit={event => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      <div class="field">
        <label class="field-label" for={id}>
          Passphrase
        </label>
        <input
          id={id}
          type="password"
          autocomplete="off"
          value={passphrase.value}
          onInput={event => (passphrase.value = event.currentTarget.value)}
        />
      </div>
      {payKey.complaint.value !== undefined && <ComplaintNote complaint={payKey.complaint.value} />}
      <div class="dialog-buttons">
        <button type="submit" class="button primary" disabled={isBusy}>
          {isBusy ? 'One moment …' : submit}
        </button>
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
