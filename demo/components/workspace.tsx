/** The page after consent: run a job, lend cores, see who is linked. */

import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { ContributePanel } from './contribute-panel.tsx';
import { JobPanel } from './job-panel.tsx';
import { JoiningNote } from './joining-note.tsx';
import { PeersPanel } from './peers-panel.tsx';

export function Workspace({ state }: { readonly state: PageState }) {
  const { session } = state;
  return (
    <>
      <main class="workspace" id="main" tabIndex={-1}>
        <h1 class="visually-hidden">Peersea</h1>
        <SessionNotes state={state} />
        <JobPanel state={state} />
        <div class="side">
          <ContributePanel state={state} />
          <PeersPanel state={state} />
        </div>
      </main>
      <footer class="foot">
        <p>
          Linked peers see your address and your IP address; who computes a job of yours sees its part. For consoles:{' '}
          <code>peersea.sea</code>.
        </p>
        <p class="foot-actions">
          {session.phase.value.state !== 'offline' && (
            <button type="button" class="button quiet small" onClick={() => void session.leave()}>
              Leave the sea
            </button>
          )}
          <button type="button" class="button quiet small" onClick={() => void session.withdraw()}>
            Withdraw consent
          </button>
        </p>
      </footer>
    </>
  );
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
