/** The head of the page, always in sight: name, state in words, and the button that stops. */

import type { ComponentChildren } from 'preact';
import { formatPlural } from '../format.ts';
import type { PageState } from '../state/page-state.ts';
import type { SessionPhase } from '../state/session.ts';
import { PlayIcon, StopIcon, WaveMark } from './icons.tsx';

/** The button that joins again after leaving. */
export const JOIN_ID = 'join';

export function Masthead({ state }: { readonly state: PageState }) {
  const { session } = state;
  const asking = session.consent.value === undefined;
  return (
    <MastheadFrame>
      {!asking && <StateWords state={state} />}
      {!asking && <ContributeSwitch state={state} />}
    </MastheadFrame>
  );
}

/** The bar with the name; what else is in it stands to the right. */
export function MastheadFrame({ children }: { readonly children?: ComponentChildren }) {
  return (
    <header class="masthead">
      <div class="masthead-inner">
        <p class="wordmark">
          <WaveMark />
          Peersea
        </p>
        {children}
      </div>
    </header>
  );
}

function StateWords({ state }: { readonly state: PageState }) {
  const phase = state.session.phase.value;
  const peers = state.links.links.value.length;
  return (
    <p class={`state-words state-${phase.state}`}>
      <span class="state-lamp" aria-hidden="true" />
      <span role="status" aria-label="State" data-testid="state">
        {wordOf(phase)}
      </span>
      {phase.state === 'online' && <span class="state-peers">{formatPlural(peers, 'peer')}</span>}
    </p>
  );
}

/** The button stays where it is; only what it does changes. */
function ContributeSwitch({ state }: { readonly state: PageState }) {
  const { session } = state;
  if (session.phase.value.state === 'offline') {
    return (
      <button type="button" class="button primary" id={JOIN_ID} onClick={() => void session.join()}>
        Join the sea
      </button>
    );
  }
  const contributing = session.consent.value?.contributing === true;
  return (
    <button
      type="button"
      class={contributing ? 'button stop' : 'button primary'}
      onClick={() => (contributing ? session.stopContributing() : session.startContributing())}
    >
      {contributing ? <StopIcon /> : <PlayIcon />}
      <span>
        {contributing ? 'Stop' : 'Start'}
        <span class="wide-text"> contributing</span>
      </span>
    </button>
  );
}

function wordOf(phase: SessionPhase): string {
  switch (phase.state) {
    case 'asking':
      return 'Waiting for you';
    case 'joining':
      return 'Joining';
    case 'online':
      return 'Online';
    case 'offline':
      return 'Offline';
  }
}
