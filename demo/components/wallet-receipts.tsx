/** Receipts: who computed what for whom, at which price, those that differ in nothing else as one line; a page at a time, all of them as a file. */

import { formatCount } from '../format.ts';
import { saveFile } from '../save-file.ts';
import type { Currency } from '../state/chain-money.ts';
import { groupReceipts, type ReceiptGroup } from '../state/credit-groups.ts';
import { RECEIPTS_A_PAGE } from '../state/credit-receipts.ts';
import type { PageState } from '../state/page-state.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { PeerMark } from './peer-mark.tsx';
import { ScrollFrame } from './scroll-frame.tsx';
import { Money } from './wallet-money.tsx';

const kinds = [
  { kind: 'given', name: 'Computed here' },
  { kind: 'taken', name: 'Computed for you' },
] as const;

interface ReceiptsProps {
  readonly state: PageState;
  /** Undefined where there is no chain: all are gifts then. */
  readonly currency: Currency | undefined;
}

export function ReceiptsPanel({ state, currency }: ReceiptsProps) {
  const { receipts } = state.credit;
  const complaint = receipts.complaint.value;
  return (
    <section class="sheet money-class receipts" aria-labelledby="receipts-heading">
      <div class="panel-head">
        <h3 id="receipts-heading">Receipts</h3>
        <p class="panel-aside">signed, and kept in this browser</p>
      </div>
      <fieldset class="bare">
        <legend class="visually-hidden">Which receipts</legend>
        <div class="segments small">
          {kinds.map(({ kind, name }) => (
            <label key={kind} class="segment">
              <input
                type="radio"
                name="receipt-kind"
                checked={receipts.kind.value === kind}
                onChange={() => void receipts.show(kind)}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {complaint !== undefined && <ComplaintNote complaint={complaint} gentle />}
      {receipts.rows.value.length === 0 ? (
        <p class="fine">
          {receipts.kind.value === 'given'
            ? 'None yet. Each part that this device computes for others leaves one.'
            : 'None yet. Each part of your jobs that others compute leaves one.'}
        </p>
      ) : (
        <ReceiptTable state={state} currency={currency} />
      )}
      <ReceiptTools state={state} />
    </section>
  );
}

function ReceiptTable({ state, currency }: ReceiptsProps) {
  const { kind, rows } = state.credit.receipts;
  const isGiven = kind.value === 'given';
  return (
    <ScrollFrame label="Receipts, table">
      <table>
        <caption class="visually-hidden">Receipts</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Class</th>
            <th scope="col" class="number">
              Parts
            </th>
            <th scope="col" class="number">
              Price
            </th>
            <th scope="col">{isGiven ? 'For' : 'By'}</th>
            <th scope="col" class="receipt-task">
              Task
            </th>
          </tr>
        </thead>
        <tbody>
          {groupReceipts(rows.value, kind.value).map(group => (
            <Row key={group.key} group={group} currency={currency} />
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  );
}

function Row({ group, currency }: { readonly group: ReceiptGroup; readonly currency: Currency | undefined }) {
  const { class: kind, bundle, peer, parts, price, fromMs, toMs } = group;
  return (
    <tr data-class={kind} data-parts={parts} data-price={String(price)}>
      <td>{spanWords(fromMs, toMs)}</td>
      <td>{kind === 'paid' ? 'Voucher' : 'Gift'}</td>
      <td class="number">{formatCount(parts)}</td>
      <td class="number">
        {kind === 'paid' && currency !== undefined ? <Money amount={price} currency={currency} /> : '–'}
      </td>
      <td>
        <PeerMark address={peer} />
      </td>
      <td class="receipt-task">
        <code title={bundle}>…{bundle.slice(-6)}</code>
      </td>
    </tr>
  );
}

function ReceiptTools({ state }: { readonly state: PageState }) {
  const { receipts } = state.credit;
  const page = receipts.page.value;
  const count = receipts.rows.value.length;
  const save = async (): Promise<void> => {
    const text = await receipts.export();
    if (text !== undefined) saveFile(new Blob([text], { type: 'application/json' }), 'peersea-receipts.json');
  };
  if (count === 0 && page === 0) return null;
  const from = page * RECEIPTS_A_PAGE;
  return (
    <div class="receipt-tools">
      <button type="button" class="button small" disabled={page === 0} onClick={() => void receipts.turn(page - 1)}>
        Newer
      </button>
      <span class="fine">{count === 0 ? 'none' : `${from + 1} to ${from + count}`}</span>
      <button
        type="button"
        class="button small"
        disabled={receipts.isLast.value}
        onClick={() => void receipts.turn(page + 1)}
      >
        Older
      </button>
      <button type="button" class="button small export" onClick={() => void save()}>
        Download all as JSON
      </button>
    </div>
  );
}

/** Those of today by the time of day, others with the date; of one minute as that minute. */
function spanWords(fromMs: number, toMs: number): string {
  const [from, to] = [timeWords(fromMs), timeWords(toMs)];
  return from === to ? to : `${from} – ${new Date(toMs).toLocaleTimeString('en-GB', { timeStyle: 'short' })}`;
}

function timeWords(ms: number): string {
  const [then, now] = [new Date(ms), new Date()];
  const isToday = then.toDateString() === now.toDateString();
  return isToday
    ? then.toLocaleTimeString('en-GB', { timeStyle: 'short' })
    : then.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
