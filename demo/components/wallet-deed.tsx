/** How far the thing is that the wallet was asked for. Declining is an answer, so nothing about it is red. */

import { useEffect, useRef } from 'preact/hooks';
import type { WalletDesk } from '../state/wallet.ts';
import type { Deed, DeedPlace, Deeds } from '../state/wallet-deeds.ts';
import { ComplaintNote } from './complaint-note.tsx';

interface DeedNoteProps {
  readonly wallet: WalletDesk;
  readonly at: DeedPlace;
}

/** On the sheet where it was begun; elsewhere nothing. */
export function DeedNote({ wallet: { deed, deeds }, at }: DeedNoteProps) {
  const current = deed.value;
  if (current.state === 'none' || current.at !== at) return null;
  if (current.state !== 'failed') return <Progress deed={current} deeds={deeds} />;
  return <ComplaintNote complaint={current.complaint} action={{ name: 'Dismiss', run: () => deeds.dismiss() }} />;
}

type Told = Exclude<Deed, { state: 'none' | 'failed' }>;

function Progress({ deed, deeds }: { readonly deed: Told; readonly deeds: Deeds }) {
  const note = useRef<HTMLDivElement>(null);
  const isBusy = deed.state === 'asking' || deed.state === 'sent';
  useEffect(() => {
    note.current?.scrollIntoView({ block: 'nearest' });
    // what was pressed may be gone by now: the keyboard goes on here
    if (document.activeElement === document.body) note.current?.focus({ preventScroll: true });
  }, [deed.state]);
  return (
    <div
      ref={note}
      tabIndex={-1}
      class={isBusy ? 'note waiting deed' : 'note deed'}
      role="status"
      data-testid="deed"
      data-state={deed.state}
    >
      <p>
        <DeedWords deed={deed} />
      </p>
      <button type="button" class="button quiet small" onClick={() => (isBusy ? deeds.leave() : deeds.dismiss())}>
        {isBusy ? 'Stop waiting' : 'Dismiss'}
      </button>
    </div>
  );
}

function DeedWords({ deed }: { readonly deed: Told }) {
  switch (deed.state) {
    case 'asking':
      return (
        <>
          <strong>Your wallet asks you now</strong> about {deed.what}.
        </>
      );
    case 'sent':
      return (
        <>
          <strong>Sent.</strong> Waiting for a block to take it up: {deed.what}, <Hash hash={deed.hash} />.
        </>
      );
    case 'done':
      return (
        <>
          <strong>Done.</strong> {deed.words} {deed.hash !== undefined && <Hash hash={deed.hash} />}
        </>
      );
    case 'declined':
      return <>You declined in the wallet: {deed.what} did not happen, and nothing was sent.</>;
    case 'left':
      return deed.hash === undefined ? (
        <>This page no longer waits for the wallet. If you agree there after all, it still counts.</>
      ) : (
        <>
          This page no longer waits. What was sent, <Hash hash={deed.hash} />, stays sent.
        </>
      );
  }
}

function Hash({ hash }: { readonly hash: string }) {
  return (
    <code title={hash}>
      {hash.slice(0, 10)}…{hash.slice(-6)}
    </code>
  );
}
