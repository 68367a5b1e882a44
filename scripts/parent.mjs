/** Ending with whoever started us, so that nothing stays behind when npm or its shell is killed outright. */

const LOOK_EVERY_MS = 500;

/** Raises SIGTERM in this process when npm, our parent, is gone. Does nothing when npm did not start us. */
export function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
