/** The stage: what will be computed, then what came of it. */

import type { ComponentChildren } from 'preact';
import type { JobPhase } from '../state/job.ts';
import type { PageState, ResultSink } from '../state/page-state.ts';
import { verdictOf } from '../verdict.ts';
import { ComplaintNote } from './complaint-note.tsx';
import { JobEffort } from './job-effort.tsx';
import { JobProgress } from './job-progress.tsx';
import { PeerLegend } from './peer-legend.tsx';
import { PictureResult } from './picture-result.tsx';
import { StagePreview } from './stage-preview.tsx';
import { TableResult } from './table-result.tsx';

type Phase = JobPhase<ResultSink>;

export function JobResult({ state }: { readonly state: PageState }) {
  const phase = state.job.phase.value;
  if (phase.state === 'idle' || phase.run === undefined) return <StagePreview choices={state.choices} />;
  const { run } = phase;
  const ownAddress = state.session.sea.value?.localId().toString() ?? '';
  return (
    <section aria-label="Result" class="result" data-testid="result" data-state={phase.state}>
      <div class="result-head">
        <p class="result-summary">{run.plan.summary}</p>
        {phase.state === 'running' && (
          <button type="button" class="button stop cancel" onClick={() => state.job.cancel()}>
            Cancel job
          </button>
        )}
      </div>
      <JobProgress
        phase={phase}
        online={state.session.phase.value.state === 'online'}
        contributing={state.session.consent.value?.contributing === true}
        currency={state.chain.info?.currency}
      />
      {phase.state === 'failed' && <ComplaintNote complaint={phase.complaint} />}
      {verdict(phase, ownAddress)}
      {(phase.state === 'done' || phase.state === 'cancelled') && <JobEffort run={run} />}
      {run.sink.kind === 'picture' ? (
        <PictureResult key={run} result={run.sink} finished={phase.state === 'done'} />
      ) : (
        <TableResult result={run.sink} finished={phase.state !== 'running'} />
      )}
      <PeerLegend tally={run.figures.value.tally} ownAddress={ownAddress} />
    </section>
  );
}

function verdict(phase: Phase, ownAddress: string): ComponentChildren {
  if (phase.state === 'cancelled') return <p class="verdict">Cancelled. What had come is kept below.</p>;
  if (phase.state !== 'done') return null;
  const { figures, options } = phase.run;
  const { done, tally, elapsedMs } = figures.value;
  const providers = tally.map(({ address }) => address);
  return (
    <p class="verdict" data-testid="verdict">
      {verdictOf({ parts: done, providers, ownAddress, redundancy: options.redundancy, elapsedMs })}
    </p>
  );
}
