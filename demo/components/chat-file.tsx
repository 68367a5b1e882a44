/** A file in a private talk: offered, answered, on its way, there; or what became of it instead. */

import type { Complaint } from '../errors.ts';
import { formatBytes } from '../format.ts';
import type { Transfer, TransferPhase } from '../state/chat-transfer.ts';
import { FileIcon } from './icons.tsx';

export function ChatFile({ transfer }: { readonly transfer: Transfer }) {
  const phase = transfer.phase.value;
  const { name, bytes, isOwn } = transfer;
  return (
    <div class="chat-file" data-file={name} data-state={phase.state}>
      <p class="chat-file-name">
        <FileIcon />
        <span>
          <bdi>{name}</bdi> <span class="soft">{formatBytes(bytes)}</span>
        </span>
      </p>
      {phase.state === 'moving' && <FileBar transfer={transfer} />}
      <p class="fine" role="status" aria-label={`File ${name}`}>
        {wordsOf(phase, isOwn)}
      </p>
      <div class="chat-file-buttons">
        {phase.state === 'offered' && !isOwn && (
          <>
            <button type="button" class="button primary small" onClick={() => transfer.answer(true)}>
              Accept
              <FileWords name={name} />
            </button>
            <button type="button" class="button small" onClick={() => transfer.answer(false)}>
              Decline
              <FileWords name={name} />
            </button>
          </>
        )}
        {(phase.state === 'moving' || (phase.state === 'offered' && isOwn)) && (
          <button type="button" class="button quiet small" onClick={() => transfer.cancel()}>
            Cancel
            <FileWords name={name} />
          </button>
        )}
      </div>
    </div>
  );
}

function FileWords({ name }: { readonly name: string }) {
  return <span class="visually-hidden"> {name}</span>;
}

/** A chart's scale bar that fills. */
function FileBar({ transfer }: { readonly transfer: Transfer }) {
  const moved = transfer.moved.value;
  const share = transfer.bytes === 0 ? 1 : moved / transfer.bytes;
  return (
    <div class="chat-file-bar">
      <div
        class="bar"
        role="progressbar"
        aria-label={transfer.name}
        aria-valuenow={Math.round(100 * share)}
        aria-valuetext={`${formatBytes(moved)} of ${formatBytes(transfer.bytes)}`}
      >
        <div class="bar-fill" style={{ transform: `scaleX(${share})` }} />
      </div>
      <span class="fine number">{formatBytes(moved)}</span>
    </div>
  );
}

function failureWords({ code, what, todo }: Complaint): string {
  return code === 'PEER_GONE' || code === 'CLOSED' ? 'The talk ended before it was through.' : `${what} ${todo}`;
}

function wordsOf(phase: TransferPhase, isOwn: boolean): string {
  switch (phase.state) {
    case 'offered':
      return isOwn ? 'Offered: waiting for an answer.' : 'Offered to you. Nothing of it has come yet.';
    case 'moving':
      return isOwn ? 'Sending.' : 'Receiving.';
    case 'done':
      return isOwn ? 'Arrived.' : 'Received, and given to your downloads.';
    case 'declined':
      return isOwn ? 'Declined.' : 'You declined.';
    case 'cancelled':
      return phase.byThem ? 'The other side has cancelled.' : 'Cancelled.';
    case 'failed':
      return failureWords(phase.complaint);
  }
}
