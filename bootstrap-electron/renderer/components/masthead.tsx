/** The head of the window, always in sight: state in words, and the button that stops. */

import type { Complaint, ServerStatus } from '../../shared/shell-messages.ts';
import { formatPlural, formatSpan, shortAddress } from '../format.ts';
import type { ShellView } from '../shell.ts';
import type { NodePhase } from '../state/desktop-node.ts';
import type { AppProps } from './app-props.ts';

export function Masthead({ shell, node, nowMs, view }: AppProps & { readonly view: ShellView }) {
  const { status } = view;
  const phase = node.phase.value;
  const complaint = complaintOf(status, phase);
  return (
    <header>
      <h1>Peersea node</h1>
      <p class={`state state-${lampOf(status, phase)}`}>
        <span class="lamp" aria-hidden="true" />
        <span role="status" aria-label="State">
          {wordOf(status, phase)}
        </span>
      </p>
      <Facts node={node} nowMs={nowMs} />
      {status.state === 'running' && (
        <button type="button" class="stop" onClick={() => shell.stop()}>
          Stop
        </button>
      )}
      {complaint !== undefined && (
        <div role="alert" class="complaint">
          <p>{complaint.sentence}</p>
          <p>
            <code>{complaint.code}</code>
          </p>
          {phase.state === 'failed' && (
            <button type="button" onClick={() => node.retry()}>
              Try again
            </button>
          )}
        </div>
      )}
    </header>
  );
}

function Facts({ node, nowMs }: Pick<AppProps, 'node' | 'nowMs'>) {
  const address = node.address.value;
  const startedMs = node.startedMs.value;
  if (address === undefined || startedMs === undefined) return null;
  return (
    <p class="facts">
      <span>
        Node{' '}
        <code title={address} data-testid="own-address" data-address={address}>
          {shortAddress(address)}
        </code>
      </span>
      <span>{formatPlural(node.peers.value.length, 'peer')}</span>
      <span>Up {formatSpan(nowMs.value - startedMs)}</span>
    </p>
  );
}

function complaintOf(status: ServerStatus, phase: NodePhase): Complaint | undefined {
  if (status.state === 'stopped' && status.complaint !== null) return status.complaint;
  return phase.state === 'failed' ? phase.complaint : undefined;
}

function lampOf(status: ServerStatus, phase: NodePhase): 'on' | 'off' | 'between' | 'failed' {
  if (status.state === 'stopped') return status.complaint === null ? 'off' : 'failed';
  if (phase.state === 'failed') return 'failed';
  return phase.state === 'online' ? 'on' : 'between';
}

function wordOf(status: ServerStatus, phase: NodePhase): string {
  switch (status.state) {
    case 'stopped':
      return status.complaint === null ? 'Stopped' : 'Could not start';
    case 'starting':
      return 'Starting';
    case 'stopping':
      return 'Stopping';
    case 'running':
      return phaseWords[phase.state];
  }
}

const phaseWords: Readonly<Record<NodePhase['state'], string>> = {
  off: 'Starting',
  joining: 'Joining',
  online: 'Running',
  failed: 'Not in the sea',
};
