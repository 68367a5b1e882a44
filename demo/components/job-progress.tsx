/** How far the job is: a bar like a chart's scale, counts, time and speed; and why nothing happens when nothing does. */

import { attemptsOf } from '../effort.ts';
import { formatCount, formatDuration, formatPlural, formatRate } from '../format.ts';
import { type Currency, formatMoney } from '../state/chain-money.ts';
import { type JobFigures, type JobPhase, peersMissing } from '../state/job.ts';
import { attemptFacts } from './job-effort.tsx';

interface JobProgressProps {
  readonly phase: Exclude<JobPhase, { state: 'idle' }>;
  readonly online: boolean;
  /** Whether this device lends cores: without, waiting has one remedy more. */
  readonly contributing: boolean;
  /** What is paid in; undefined where nothing can be paid. */
  readonly currency: Currency | undefined;
}

export function JobProgress({ phase, online, contributing, currency }: JobProgressProps) {
  const { run } = phase;
  if (run === undefined) return null;
  const figures = run.figures.value;
  const { endsEarly } = run.plan;
  const running = phase.state === 'running';
  return (
    <div class="progress">
      <ProgressBar figures={figures} endsEarly={endsEarly} state={phase.state} />
      <dl class="progress-figures">
        <Figure
          name="Parts"
          value={
            endsEarly ? formatCount(figures.done) : `${formatCount(figures.done)} of ${formatCount(figures.parts)}`
          }
        />
        <Figure name="Elapsed" value={formatDuration(figures.elapsedMs)} />
        <Figure name="Parts a second" value={formatRate(running ? figures.perSecond : overall(figures))} />
        <Figure
          name={running ? 'Computing now' : 'Attempts'}
          value={
            running
              ? formatPlural(figures.inFlight > 0 ? figures.providers : 0, 'peer')
              : formatCount(attemptsOf(attemptFacts(run)))
          }
        />
        {currency !== undefined && run.options.limits !== undefined && (
          <Figure name={running ? 'Cost so far' : 'Cost'} value={formatMoney(figures.cost, currency)} />
        )}
      </dl>
      {running && peersMissing(run) > 0 && (
        <p class="note waiting">
          {online ? (
            <WaitingWords
              providers={figures.providers}
              redundancy={run.options.redundancy}
              contributing={contributing}
            />
          ) : (
            'Waiting to be online again. The job goes on then; what has come stays.'
          )}
        </p>
      )}
    </div>
  );
}

/** Parts a second from start to end, as count and time beside it have it. */
function overall({ done, elapsedMs }: JobFigures): number {
  return elapsedMs > 0 ? (done * 1000) / elapsedMs : 0;
}

interface WaitingWordsProps {
  readonly providers: number;
  readonly redundancy: number;
  readonly contributing: boolean;
}

function WaitingWords({ providers, redundancy, contributing }: WaitingWordsProps) {
  const otherwise = contributing ? '' : ', or start contributing on this device';
  return (
    <>
      <strong>
        {providers === 0
          ? 'Waiting for someone to compute:'
          : `Waiting for another peer: each part needs ${redundancy}, here ${providers === 1 ? 'is 1' : `are ${providers}`}.`}
      </strong>{' '}
      {providers === 0 ? 'open' : 'Open'} this page in another tab or wait{otherwise}. The job goes on when somebody
      appears within half a minute.
    </>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function ProgressBar({
  figures,
  endsEarly,
  state,
}: {
  readonly figures: JobFigures;
  readonly endsEarly: boolean;
  readonly state: JobProgressProps['phase']['state'];
}) {
  const { done, parts } = figures;
  const finished = state === 'done';
  const share = finished ? 1 : parts === 0 ? 0 : done / parts;
  const openEnded = endsEarly && !finished;
  return (
    <div
      class={openEnded ? 'bar open-ended' : 'bar'}
      data-state={state}
      role="progressbar"
      aria-label="Job progress"
      aria-valuemin={0}
      aria-valuemax={openEnded ? undefined : parts}
      aria-valuenow={openEnded ? undefined : finished ? parts : done}
      aria-valuetext={
        openEnded
          ? `${formatPlural(done, 'part')}; ends at the first find`
          : finished
            ? 'done'
            : `${formatCount(done)} of ${formatPlural(parts, 'part')}`
      }
    >
      <div class="bar-fill" style={{ transform: `scaleX(${openEnded ? 1 : share})` }} />
    </div>
  );
}
