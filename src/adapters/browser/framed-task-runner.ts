/** The task runner of a page with its programs: loaded by `browser-task-runner.ts`. */

import type { Clock } from '../../base/clock.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import { browserTaskProgram } from '../worker/generated/task-worker-source.ts';
import { TaskPool } from '../worker/task-pool.ts';
import { TaskFrame } from './task-frame.ts';

export function framedTaskRunner(clock: Clock): TaskRunner {
  return new TaskPool(new TaskFrame(browserTaskProgram, clock), clock);
}
