/** What this device keeps for others: the room it lends, how much of it is taken, until when, and how to give it up. */

import { useSignal } from '@preact/signals';
import type { HolderStatus } from '../../src/index.ts';
import { formatBytes, formatDate, formatPlural } from '../format.ts';
import { sizesWithin } from '../state/browser-room.ts';
import type { PageState } from '../state/page-state.ts';
import { Fold } from './fold.tsx';
import { StorageSlider } from './storage-slider.tsx';

export function StorageLent({ state }: { readonly state: PageState }) {
  const { session, room, holding, section } = state;
  const status = holding.status.value;
  const lentBytes = session.consent.value?.storageBytes ?? 0;
  if (!session.isKeeper.value) {
    return <p class="fine storage-lent">Another tab of this browser keeps the pieces of files.</p>;
  }
  return (
    <Fold title="Storage" words={lentWords(status)} inFront={section.current.value === 'files'}>
      <StorageSlider
        bytes={lentBytes}
        sizes={sizesWithin(room.freeBytes.value + status.usedBytes)}
        onChange={bytes => session.setStorage(bytes)}
      />
      <UsedBar status={status} lentBytes={lentBytes} />
      <p class="fine" data-testid="storage-kept">
        {keptWords(status)}
      </p>
      {status.shards > 0 && <Keeping state={state} />}
      {status.shards > 0 && lentBytes === 0 && <GiveUp onGiveUp={() => void session.giveUpShards()} />}
    </Fold>
  );
}

/** For the eye; the words below say the same. */
function UsedBar({ status, lentBytes }: { readonly status: HolderStatus; readonly lentBytes: number }) {
  const whole = Math.max(lentBytes, status.usedBytes, 1);
  return (
    <div class="bar thin" aria-hidden="true">
      <div class="bar-fill" style={{ transform: `scaleX(${status.usedBytes / whole})` }} />
    </div>
  );
}

/** Whether the browser clears it away when the disk runs full; asked only when there is something to keep. */
function Keeping({ state: { room } }: { readonly state: PageState }) {
  switch (room.keeping.value) {
    case 'kept':
      return null;
    case 'declined':
      return <p class="fine">This browser may clear it when the disk runs full.</p>;
    case 'may go':
      return (
        <p class="fine">
          This browser may clear it when the disk runs full.{' '}
          <button type="button" class="button quiet small inline" onClick={() => void room.askToKeep()}>
            Ask it to keep it
          </button>
        </p>
      );
  }
}

/** In two steps: others lose what is given up. */
function GiveUp({ onGiveUp }: { readonly onGiveUp: () => void }) {
  const isSure = useSignal(false);
  if (!isSure.value) {
    return (
      <button type="button" class="button small" onClick={() => (isSure.value = true)}>
        Give up what is kept …
      </button>
    );
  }
  return (
    <div class="two-steps">
      <p class="fine">Their owners lose these pieces of their files.</p>
      <button type="button" class="button stop small" onClick={onGiveUp}>
        Give it up now
      </button>
      <button type="button" class="button quiet small" onClick={() => (isSure.value = false)}>
        Keep it
      </button>
    </div>
  );
}

/** "1 GB lent, 4 pieces kept", "no room lent, nothing kept". */
function lentWords({ quotaBytes, shards }: HolderStatus): string {
  return `${quotaBytes === 0 ? 'no room' : formatBytes(quotaBytes)} lent, ${shards === 0 ? 'nothing' : formatPlural(shards, 'piece')} kept`;
}

function keptWords({ shards, usedBytes, servedBytes, endsAtMs }: HolderStatus): string {
  if (shards === 0) return 'Nothing is kept for others yet.';
  const kept = `${formatPlural(shards, 'sealed piece')} of other people’s files (a list of pieces counts as one), ${formatBytes(usedBytes)}`;
  const until = endsAtMs === undefined ? '' : `, the last until ${formatDate(endsAtMs)}`;
  return `${kept}${until}. ${servedBytes === 0 ? 'None was asked for' : `${formatBytes(servedBytes)} were given out`} in this visit.`;
}
