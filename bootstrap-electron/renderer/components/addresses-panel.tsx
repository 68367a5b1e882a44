/** What to give to others: addresses to copy, and the best one to photograph. */

import { useState } from 'preact/hooks';
import type { Settings } from '../../shared/settings.ts';
import type { RunningStatus } from '../../shared/shell-messages.ts';
import { QrCode } from './qr-code.tsx';

interface AddressesPanelProps {
  readonly status: RunningStatus;
  readonly settings: Settings;
}

export function AddressesPanel({ status, settings }: AddressesPanelProps) {
  const { pageUrls, wsUrls } = status;
  const best = pageUrls[0] ?? wsUrls[0];
  return (
    <section aria-labelledby="addresses-heading">
      <h2 id="addresses-heading">Addresses to give to others</h2>
      {best !== undefined && <QrCode text={best} />}
      {pageUrls.length > 0 && <AddressList title="The page, for browsers" urls={pageUrls} />}
      <AddressList title="The node, for programs and other nodes" urls={wsUrls} />
      <Advice settings={settings} />
    </section>
  );
}

function AddressList({ title, urls }: { readonly title: string; readonly urls: readonly string[] }) {
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {urls.map(url => (
          <li key={url}>
            <code>{url}</code>
            <CopyButton text={url} />
          </li>
        ))}
      </ul>
    </>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [word, setWord] = useState('Copy');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setWord('Copied');
    } catch {
      setWord('Cannot copy'); // the text can still be selected
    }
  };
  return (
    <button type="button" class="small" aria-label={`Copy ${text}`} onClick={() => void copy()}>
      <span aria-live="polite">{word}</span>
    </button>
  );
}

function Advice({ settings }: { readonly settings: Settings }) {
  if (settings.reach === 'computer')
    return <p class="fine">Only programs on this computer can connect. See the settings.</p>;
  if (settings.certFile !== '' || settings.publicUrl.startsWith('wss:')) return null;
  return (
    <p class="fine">
      Browsers on other devices need https: give a certificate and its key in the settings. Other programs can connect
      as it is.
    </p>
  );
}
