/** The job for those who listen: its state and every quarter of the way, politely. Errors are said by their own note. */

import type { JobPhase } from '../state/job.ts';
import { peersMissing } from '../state/job.ts';

export function JobAnnouncer({ phase }: { readonly phase: JobPhase }) {
  return (
    <p class="visually-hidden" role="status" aria-label="Job state" data-testid="job-state">
      {wordsOf(phase)}
    </p>
  );
}

function wordsOf(phase: JobPhase): string {
  switch (phase.state) {
    case 'idle':
      return '';
    case 'running':
      return runningWords(phase);
    case 'done':
      return 'Job done.';
    case 'cancelled':
      return 'Job cancelled.';
    case 'failed':
      return 'Job failed.';
  }
}

function runningWords({ run }: Extract<JobPhase, { state: 'running' }>): string {
  const figures = run.figures.value;
  if (peersMissing(run) > 0) return 'Waiting for someone to compute.';
  const quarter = Math.floor((4 * figures.done) / Math.max(1, figures.parts));
  return quarter === 0 || run.plan.endsEarly ? 'Job running.' : `Job running, ${quarter * 25} percent done.`;
}
