/**
 * The shards of a file as a picture: a row for each shard number, in the colours of the devices that hold them, a step for
 * each segment. Beside each row stands in words what the colours cannot say.
 */

import { formatCount, formatPlural } from '../format.ts';
import type { Row, ShardPicture, ShardState } from '../state/files-picture.ts';
import type { Code } from '../state/files-safety.ts';
import { peerColour } from '../state/peer-palette.ts';
import { PeerMark } from './peer-mark.tsx';

interface FilePictureProps {
  readonly picture: ShardPicture;
  readonly code: Code;
  /** Addresses that this page is linked with now. */
  readonly linked: ReadonlySet<string>;
  /** What a look has shown may have changed since: this page is not in the sea. */
  readonly isOld?: boolean;
  /** Changes when the picture has changed: it is changed in place, and drawn anew only for new properties. */
  readonly version: unknown;
}

/** Above so many steps the gaps between them are thin, and above so many there are none. */
const WIDE_GAPS_MAX = 16;
const GAPS_MAX = 64;

export function FilePicture({ picture, code, linked, isOld = false }: FilePictureProps) {
  const rows = picture.rows();
  if (picture.segments === 0) return <p class="fine">The file has no bytes, so there is no piece of it anywhere.</p>;
  return (
    <figure class="shards">
      <ul class="plain-list" aria-label="Pieces by device">
        {rows.map((row, shard) => (
          <li key={shard} data-holder={row.holders[0]} data-state={stateOf(row)}>
            <RowName row={row} />
            <Strip row={row} steps={picture.steps} />
            <span class="shards-state soft">{stateWords(row, linked, isOld)}</span>
          </li>
        ))}
      </ul>
      <figcaption class="fine">{captionOf(picture, code)}</figcaption>
    </figure>
  );
}

function RowName({ row: { holders } }: { readonly row: Row }) {
  const [first, ...others] = holders;
  if (first === undefined) return <span class="soft">no device yet</span>;
  if (others.length === 0) return <PeerMark address={first} />;
  return <span title={holders.join(', ')}>{formatPlural(holders.length, 'device')}</span>;
}

function Strip({ row, steps }: { readonly row: Row; readonly steps: number }) {
  const gaps = steps <= GAPS_MAX ? Array.from({ length: steps - 1 }, (_, at) => `M${at + 1} 0v1`).join('') : '';
  return (
    <svg class="shards-strip" viewBox={`0 0 ${steps} 1`} preserveAspectRatio="none" aria-hidden="true">
      {row.runs.map(({ holder, state, from, length }) => (
        <rect
          key={from}
          class={`shard-${state}`}
          x={from}
          y={0}
          width={length}
          height={1}
          fill={peerColour(holder)}
          stroke={peerColour(holder)}
        />
      ))}
      <path
        class={steps <= WIDE_GAPS_MAX ? 'shards-gaps wide' : 'shards-gaps'}
        d={gaps}
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}

/** The worst of what is known of a row. */
function stateOf({ counts, missing }: Row): ShardState | 'coming' {
  if (missing > 0) return 'coming';
  return (['lost', 'away', 'placed'] as const).find(state => counts[state] > 0) ?? 'held';
}

function stateWords(row: Row, linked: ReadonlySet<string>, isOld: boolean): string {
  const { counts, missing, holders } = row;
  const all = counts.placed + counts.held + counts.lost + counts.away + missing;
  switch (stateOf(row)) {
    case 'coming':
      return `${formatCount(all - missing)} of ${formatCount(all)}`;
    case 'lost':
      return counts.lost === all ? 'lost' : `${formatCount(counts.lost)} lost`;
    case 'away':
      return isOld ? 'was away' : 'away';
    case 'held':
      return isOld ? 'answered' : 'answers';
    case 'placed':
      return holders.every(each => linked.has(each)) ? 'linked' : 'not checked';
  }
}

function captionOf({ segments, n }: ShardPicture, { k }: Code): string {
  if (k === 1 && n > 1 && segments === 1)
    return `${n} devices each hold a sealed copy. ${n === 2 ? 'Either' : 'Any'} one gives the file back.`;
  const steps = segments === 1 ? 'The file is one segment' : `The file is cut into ${formatCount(segments)} segments`;
  const rows = n === 1 ? 'one device has it' : `${n} devices have a sealed piece of each`;
  const enough =
    k === n
      ? n === 1
        ? ''
        : ' All rows are needed.'
      : ` Any ${k === 1 ? 'one row gives' : `${k} rows give`} it back.`;
  return `${steps}; ${rows}.${enough}`;
}
