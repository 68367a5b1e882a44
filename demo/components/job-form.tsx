/** What to compute and how: the task, its few settings, how often each part is computed, and start. */

import type { JobLimits } from '../state/job-price.ts';
import type { PageState } from '../state/page-state.ts';
import { CollatzForm } from './collatz-form.tsx';
import { ComplaintNote } from './complaint-note.tsx';
import { HashSearchForm } from './hash-search-form.tsx';
import { JobPriceForm } from './job-price-form.tsx';
import { MandelbrotForm } from './mandelbrot-form.tsx';
import { PictureForm } from './picture-form.tsx';
import { RedundancyChoice } from './redundancy-choice.tsx';
import { TaskPicker } from './task-picker.tsx';

export function JobForm({ state }: { readonly state: PageState }) {
  const { job, choices } = state;
  const phase = job.phase.value;
  const running = phase.state === 'running';
  return (
    <form
      aria-label="Job"
      onSubmit={event => {
        event.preventDefault();
        if (!running) startJob(state);
      }}
    >
      <fieldset class="bare" disabled={running}>
        <legend class="visually-hidden">What to compute</legend>
        <TaskPicker task={choices.task} onPick={() => job.clear()} />
        <div class="task-settings">
          <TaskSettings state={state} />
        </div>
        <RedundancyChoice redundancy={choices.redundancy} />
        <JobPriceForm state={state} />
        {state.session.consent.value?.contributing === true && (
          <label class="check">
            <input
              type="checkbox"
              checked={choices.local.value}
              onChange={event => (choices.local.value = event.currentTarget.checked)}
            />
            This device’s lent cores may compute parts too
          </label>
        )}
      </fieldset>
      {phase.state === 'failed' && phase.run === undefined && <ComplaintNote complaint={phase.complaint} />}
      <StartButton state={state} running={running} />
    </form>
  );
}

function TaskSettings({ state }: { readonly state: PageState }) {
  const { choices } = state;
  switch (choices.task.value) {
    case 'picture':
      return <PictureForm state={state} />;
    case 'mandelbrot':
      return <MandelbrotForm choices={choices} />;
    case 'collatz':
      return <CollatzForm choices={choices} />;
    case 'hash-search':
      return <HashSearchForm choices={choices} />;
  }
}

function StartButton({ state, running }: { readonly state: PageState; readonly running: boolean }) {
  const online = state.session.phase.value.state === 'online';
  const decoding = state.choices.picture.decoding.value;
  return (
    <>
      <button
        type="submit"
        class="button primary large wide"
        disabled={!online || running || decoding}
        aria-describedby={online ? undefined : 'start-why-not'}
      >
        Start job
      </button>
      {!online && (
        <p class="fine" id="start-why-not">
          A job can start once this page is online.
        </p>
      )}
    </>
  );
}

function startJob(state: PageState): void {
  const { session, job, choices } = state;
  const sea = session.sea.value;
  if (sea === undefined) return;
  choices.picture.complaint.value = undefined; // about a picture that is not computed now
  try {
    const options = { redundancy: choices.redundancy.value, local: choices.local.value, limits: limitsOf(state) };
    void job.start(sea, () => choices.plan(), options);
  } catch (error) {
    job.fail(error);
  }
}

/** Undefined without a purse to pay from. Throws PageError BAD_AMOUNT. */
function limitsOf({ chain, wallet, jobPrice }: PageState): JobLimits | undefined {
  const purse = wallet.purse.figures.value;
  if (purse === undefined || chain.info === undefined) return undefined;
  return jobPrice.limits(purse.use.priceMax, chain.info.currency);
}
