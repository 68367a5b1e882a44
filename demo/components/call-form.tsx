/** A call by hand, to any address of the sea or to any point of the ring: who is nearest answers, and the way lights up. */

import type { PeerLink } from '../state/links.ts';
import type { AddressCall, CallPhase } from '../state/routes-call.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { RouteWords } from './route-list.tsx';

interface CallFormProps {
  readonly call: AddressCall;
  readonly links: readonly PeerLink[];
  readonly online: boolean;
}

export function CallForm({ call, links, online }: CallFormProps) {
  const phase = call.phase.value;
  return (
    <form
      class="call-form field"
      aria-label="Call by hand"
      onSubmit={event => {
        event.preventDefault();
        void call.call();
      }}
    >
      <label class="field-label" for="call-address">
        Call an address
      </label>
      <input
        id="call-address"
        class="exact"
        type="text"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder="64 digits, or a random point"
        value={call.text.value}
        aria-describedby="call-help"
        onInput={event => (call.text.value = event.currentTarget.value)}
      />
      <span class="field-row">
        <button type="submit" class="button small" disabled={!online || phase.state === 'calling'}>
          Call
        </button>
        <button type="button" class="button quiet small" onClick={() => call.random()}>
          Random point
        </button>
      </span>
      <p class="fine" id="call-help">
        Whoever has the address answers, or else who is nearest to it.
      </p>
      <p class="call-answer" role="status" aria-label="Call">
        <CallWords phase={phase} links={links} />
      </p>
      {phase.state === 'failed' && <ComplaintNote complaint={phase.complaint} />}
    </form>
  );
}

function CallWords({ phase, links }: { readonly phase: CallPhase; readonly links: readonly PeerLink[] }) {
  if (phase.state === 'calling') return <>Calling…</>;
  if (phase.state !== 'answered') return null;
  return (
    <>
      {phase.asked === phase.target ? 'Answered: ' : 'The nearest answered: '}
      <RouteWords {...phase} links={links} />
    </>
  );
}
