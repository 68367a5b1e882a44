/** Choose a task, start it, watch it, keep the result. */

import { useEffect, useRef } from 'preact/hooks';
import type { PageState } from '../state/page-state.ts';
import { JobAnnouncer } from './job-announcer.tsx';
import { JobForm } from './job-form.tsx';
import { JobResult } from './job-result.tsx';
import { pictureFileOf } from './picture-drop.ts';

export function JobPanel({ state }: { readonly state: PageState }) {
  const phase = state.job.phase.value;
  const running = phase.state === 'running';
  const panel = useRef<HTMLElement>(null);
  usePictureDrop(state, running);
  useEffect(() => followJob(panel.current!, running), [running]);
  return (
    <section class="sheet job" aria-labelledby="job-heading" ref={panel}>
      <div class="job-form">
        <h2 id="job-heading">Run a job</h2>
        <JobForm state={state} />
      </div>
      <div class="job-stage">
        <JobResult state={state} />
      </div>
      <JobAnnouncer phase={phase} />
    </section>
  );
}

/** A picture may be dropped anywhere on the page, or pasted. Ignored while a job runs or another section is in front. */
function usePictureDrop(state: PageState, running: boolean): void {
  useEffect(() => {
    const take = (transfer: DataTransfer | null): boolean => {
      const file = pictureFileOf(transfer);
      if (file === undefined || running || state.section.current.value !== 'jobs') return false;
      state.job.clear();
      void state.choices.takePicture(file);
      return true;
    };
    const onDragOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
    };
    const onDrop = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
      take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (take(event.clipboardData)) event.preventDefault();
    };
    addEventListener('dragover', onDragOver);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [state, running]);
}

/** The keyboard follows the job: from Start to Cancel, and back. On a small screen the stage comes into sight. */
function followJob(panel: HTMLElement, running: boolean): void {
  const focused = document.activeElement;
  const start = panel.querySelector<HTMLElement>('button[type=submit]');
  if (!running) {
    if (focused === document.body && panel.dataset.ran !== undefined) start?.focus({ preventScroll: true });
    return;
  }
  panel.dataset.ran = '';
  if (focused === document.body || focused === start) {
    panel.querySelector<HTMLElement>('.cancel')?.focus({ preventScroll: true });
  }
  const stage = panel.querySelector<HTMLElement>('.job-stage')!;
  const { top } = stage.getBoundingClientRect();
  if (top > innerHeight / 2 || top < 0) stage.scrollIntoView({ block: 'start', behavior: motion() });
}

function motion(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}
