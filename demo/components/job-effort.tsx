/** What a job took, in words: its attempts, each that was more than asked for with its reason, and its program's way. */

import { type AttemptFacts, attemptsWords, programWords } from '../effort.ts';
import type { JobRun } from '../state/job.ts';

type EffortRun = Pick<JobRun, 'figures' | 'options'>;

export function JobEffort({ run }: { readonly run: EffortRun }) {
  const attempts = attemptsWords(attemptFacts(run));
  const program = programWords(run.figures.value);
  if (attempts === undefined && program === undefined) return null;
  return (
    <ul class="plain-list fine" aria-label="What it took">
      {attempts !== undefined && <li>{attempts}</li>}
      {program !== undefined && <li>{program}</li>}
    </ul>
  );
}

export function attemptFacts({ figures, options }: EffortRun): AttemptFacts {
  const { done, failedAttempts, speculative } = figures.value;
  return { parts: done, redundancy: options.redundancy, failed: failedAttempts, copies: speculative };
}
