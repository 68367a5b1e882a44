/** Tasks in a page: a Web Worker each, inside a frame that can reach nothing. */

import type { Clock } from '../../base/clock.ts';
import type { TaskRunner } from '../../ports/task-runner.ts';
import { taskFrameScriptHash } from '../worker/generated/task-frame-hash.ts';
import { LateTaskRunner } from '../worker/late-task-runner.ts';

/**
 * Source for the script-src of a page with a strict Content-Security-Policy: `'${TASK_FRAME_SCRIPT_HASH}'`. Such a page
 * also needs `'wasm-unsafe-eval'` in script-src and `blob:` in worker-src.
 */
export const TASK_FRAME_SCRIPT_HASH: string = taskFrameScriptHash;

/** A runner with no slots yet; its frame comes with the first slot. `run` throws UNSUPPORTED where the page forbids it. */
export function browserTaskRunner(clock: Clock): TaskRunner {
  return new LateTaskRunner(async () => {
    const { framedTaskRunner } = await import('./framed-task-runner.ts');
    return framedTaskRunner(clock);
  });
}
