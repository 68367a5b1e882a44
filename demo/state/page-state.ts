/** All state of the page, made in one place, and the beat that keeps figures fresh. */

import { ResultPicture } from '../pictures/result-picture.ts';
import { makeSamplePicture } from '../pictures/sample-picture.ts';
import type { JobPlan } from '../tasks/job-plan.ts';
import { loadBundle } from '../tasks/programs.ts';
import { ResultTable } from '../tasks/result-table.ts';
import { Choices } from './choices.ts';
import { Contribution } from './contribution.ts';
import { JobDesk } from './job.ts';
import { Links } from './links.ts';
import { Session, type SessionSurroundings } from './session.ts';

/** Figures on the page are brought up to date so often, ms. */
const BEAT_MS = 250;
/** The links' figures (round trips, bytes) are read every so many beats; a new or lost link shows at once. */
const LINKS_EVERY_BEATS = 4;

/** Where a job's outputs go. */
export type ResultSink = ResultPicture | ResultTable;

export class PageState {
  readonly session: Session;
  readonly contribution: Contribution;
  readonly links: Links = new Links();
  readonly choices: Choices = new Choices(makeSamplePicture);
  readonly job: JobDesk<ResultSink>;
  #beats = 0;
  #beat: ReturnType<typeof setInterval> | undefined;

  /** `now`: a steady clock, ms. */
  constructor(surroundings: SessionSurroundings & { readonly now: () => number }) {
    this.contribution = new Contribution(surroundings.now);
    this.job = new JobDesk<ResultSink>({ now: surroundings.now, makeSink, loadBundle });
    this.session = new Session({
      ...surroundings,
      onSea: sea => {
        this.contribution.follow(sea);
        this.links.follow(sea);
        surroundings.onSea(sea);
      },
    });
  }

  /** Starts the beat. */
  start(): void {
    this.#beat ??= setInterval(() => this.refresh(), BEAT_MS);
  }

  refresh(): void {
    this.#beats += 1;
    this.contribution.refresh();
    this.job.refresh();
    if (this.#beats % LINKS_EVERY_BEATS === 0) this.links.refresh();
  }

  /** Ends beat, job and sea, as the page goes away. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#beat = undefined;
    this.job.cancel();
    await this.session.close();
  }
}

function makeSink({ view }: JobPlan): ResultSink {
  return view.kind === 'picture' ? new ResultPicture(view) : new ResultTable(view);
}
