/** Receipts: who computed what for whom, at which price; a page at a time, all of them as a file. */

import type { ReceiptView } from '../../src/credit/credit.ts';
import { shortAddress } from '../format.ts';
import { saveFile } from '../save-file.ts';
import type { Currency } from '../state/chain-money.ts';
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
              Price
            </th>
            <th scope="col">{isGiven ? 'For' : 'By'}</th>
            <th scope="col">Task</th>
            <th scope="col">Part</th>
          </tr>
        </thead>
        <tbody>
          {rows.value.map(receipt => (
            <Row
              key={`${receipt.subtask} ${receipt.provider}`}
              receipt={receipt}
              peer={isGiven ? receipt.requester : receipt.provider}
              currency={currency}
            />
          ))}
        </tbody>
      </table>
    </ScrollFrame>
  );
}

interface RowProps {
  readonly receipt: ReceiptView;
  readonly peer: string;
  readonly currency: Currency | undefined;
}

function Row({ receipt, peer, currency }: RowProps) {
  const { keptMs, class: kind, bundle, subtask, price } = receipt;
  return (
    <tr data-class={kind} data-price={String(price)}>
      <td>{timeWords(keptMs)}</td>
      <td>{kind === 'paid' ? 'Voucher' : 'Gift'}</td>
      <td class="number">
        {kind === 'paid' && currency !== undefined ? <Money amount={price} currency={currency} /> : '–'}
      </td>
      <td>
        <PeerMark address={peer} />
      </td>
      <td>
        <code title={bundle}>…{bundle.slice(-6)}</code>
      </td>
      <td>
        <code title={subtask}>{shortAddress(subtask)}</code>
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

/** Today by the time of day, else with the date. */
function timeWords(ms: number): string {
  const [then, now] = [new Date(ms), new Date()];
  const isToday = then.toDateString() === now.toDateString();
  return isToday
    ? then.toLocaleTimeString('en-GB')
    : then.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
