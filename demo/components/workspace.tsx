/** The page after consent: a section in front (jobs, files, chat, wallet); beside it what this device lends, and the sea. */

import type { FunctionComponent } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import type { SectionName } from '../state/section.ts';
import type { Session } from '../state/session.ts';
import { ChatPanel } from './chat-panel.tsx';
import { ComplaintNote } from './complaint-note.tsx';
import { ContributePanel } from './contribute-panel.tsx';
import { FilesPanel } from './files-panel.tsx';
import { JobPanel } from './job-panel.tsx';
import { JoiningNote } from './joining-note.tsx';
import { JOIN_ID } from './masthead.tsx';
import { PeersPanel } from './peers-panel.tsx';
import { SectionNav } from './section-nav.tsx';
import { WalletPanel } from './wallet-panel.tsx';
import { WalletPrompt } from './wallet-prompt.tsx';
import { WithdrawConsent } from './withdraw-consent.tsx';

const panels: Readonly<Record<SectionName, FunctionComponent<{ readonly state: PageState }>>> = {
  jobs: JobPanel,
  files: FilesPanel,
  chat: ChatPanel,
  wallet: WalletPanel,
};

export function Workspace({ state }: { readonly state: PageState }) {
  const { session } = state;
  useStay(state.files.isBusy || state.job.phase.value.state === 'running');
  return (
    <>
      <main class="workspace" id="main" tabIndex={-1}>
        <h1 class="visually-hidden">Peersea</h1>
        <SessionNotes state={state} />
        <SectionNav section={state.section} side={state.side} unread={{ chat: state.chat.unread.value }} />
        <div class="front">
          <Panels state={state} />
        </div>
        <div class="side">
          <ContributePanel state={state} />
          <PeersPanel state={state} />
        </div>
        <WalletPrompt state={state} />
      </main>
      <footer class="foot">
        <p>
          Linked peers see your address and your IP address; who computes a job of yours sees its part. For consoles:{' '}
          <code>peersea.sea</code>.
        </p>
        <p class="foot-actions">
          {session.phase.value.state !== 'offline' && (
            <button type="button" class="button quiet small" onClick={() => void leave(session)}>
              Leave the sea
            </button>
          )}
          <WithdrawConsent state={state} />
        </p>
      </footer>
    </>
  );
}

/** The browser asks before a page is closed that is still sending a file, or whose job is under way: both end with it. */
function useStay(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isBusy]);
}

/** Leaves; whoever used the keyboard goes on where one joins again, for the button is gone. */
async function leave(session: Session): Promise<void> {
  await session.leave();
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) document.getElementById(JOIN_ID)?.focus();
  });
}

/** The section in front; those that were in front before go on behind it, unseen. */
function Panels({ state }: { readonly state: PageState }) {
  const { current, visited } = state.section;
  return [...visited.value].map(name => {
    const Panel = panels[name];
    return (
      <div key={name} hidden={name !== current.value} data-section={name}>
        <Panel state={state} />
      </div>
    );
  });
}

/** What went wrong with joining, and warnings of the sea. */
function SessionNotes({ state }: { readonly state: PageState }) {
  const { session } = state;
  const phase = session.phase.value;
  const warning = session.warning.value;
  return (
    <div class="notes">
      {phase.state === 'joining' && <JoiningNote onCancel={() => void session.leave()} />}
      {phase.state === 'offline' && phase.complaint !== undefined && (
        <ComplaintNote complaint={phase.complaint} action={{ name: 'Try again', run: () => void session.join() }} />
      )}
      {phase.state === 'offline' && phase.why === 'lost' && (
        <p class="note" role="alert">
          The connection to the sea was lost. The page comes back by itself when a way is found, or join again.
        </p>
      )}
      {warning !== undefined && (
        <ComplaintNote complaint={warning} gentle action={{ name: 'Dismiss', run: () => session.dismissWarning() }} />
      )}
    </div>
  );
}
