/** The link that reads a file: to copy, or as a QR code for a device at hand. */

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import { shareAddress } from '../share-address.ts';
import { LoopbackNote } from './loopback-note.tsx';
import { QrCode } from './qr-code.tsx';

/** How long "Copied" stands on the button, ms. */
const COPIED_MS = 2_500;

export function FileShare({ read, name }: { readonly read: string; readonly name: string }) {
  const id = useId();
  const isCodeShown = useSignal(false);
  const address = shareAddress(location.href, read);
  return (
    <div class="share">
      <label class="field-label" for={id}>
        Link that reads it
      </label>
      <div class="share-line">
        <input
          id={id}
          type="text"
          readOnly
          value={address}
          onFocus={event => event.currentTarget.select()}
          aria-describedby={`${id}-about`}
        />
        <CopyButton text={address} fieldId={id} />
        <button
          type="button"
          class="button"
          aria-expanded={isCodeShown.value}
          onClick={() => (isCodeShown.value = !isCodeShown.value)}
        >
          QR code
        </button>
      </div>
      <p class="fine" id={`${id}-about`}>
        Whoever has this link can read the file: nothing else is asked. Only you have the link that deletes it.
      </p>
      <LoopbackNote />
      {isCodeShown.value && <QrCode text={address} label={`QR code of the link to ${name}`} />}
    </div>
  );
}

function CopyButton({ text, fieldId }: { readonly text: string; readonly fieldId: string }) {
  const said = useSignal('');
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = 'Copied';
    } catch {
      document.getElementById(fieldId)?.focus(); // which selects it
      said.value = 'Selected: copy it';
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(() => (said.value = ''), COPIED_MS);
  };
  return (
    <button type="button" class="button" onClick={() => void copy()}>
      <span aria-live="polite">{said.value === '' ? 'Copy link' : said.value}</span>
    </button>
  );
}
