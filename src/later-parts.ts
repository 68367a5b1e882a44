/** What a page loads after the rest: parts that the first seconds of a node do without. */

import type { Sea } from './sea.ts';

/** From the start of a node to the fetching of what it may need later, ms: joining comes first. */
export const LATER_PARTS_MS = 5_000;

/**
 * Fetches the parts of the library that come by `import()`, ahead of their use: the page must be able to go on when the
 * server that it came from is gone. One that cannot be had now is asked for again by who needs it.
 */
export async function fetchLaterParts(sea: Sea): Promise<void> {
  await Promise.allSettled([
    import('./adapters/browser/framed-task-runner.ts'),
    import('./adapters/browser/blob-shard-coder.ts'),
    import('./blocks/contents.ts'),
    import('./compute/computing.ts'),
    import('./storage/files.ts'),
    import('./storage/holder.ts'),
    import('./credit/engine.ts'),
    sea.credit.load(), // and the curves it signs with
  ]);
}
