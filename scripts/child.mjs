/** One command run to its end, with its whole process tree ended when it takes too long or when we are told to stop. */

import { spawn } from 'node:child_process';
import { root } from './project.mjs';

const KILL_AFTER_MS = 5_000; // between asking a process to end and ending it
const posix = process.platform !== 'win32';

/**
 * Runs `command` in the project's folder. Resolves with `{ code, timedOut }` and never rejects: a command that cannot be
 * started has code 127. `stdout` is where its standard output goes: 'inherit', 'stderr' or 'ignore'; without an 'inherit'
 * nothing reaches our own standard output.
 */
export function run(command, args, { env = {}, timeoutMs, stdout = 'inherit', stderr = 'inherit' } = {}) {
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout === 'stderr' ? 2 : stdout, stderr],
    detached: posix, // its own process group, so that what it started can be ended with it
  });
  return new Promise(resolve => {
    let timedOut = false;
    const timer = setTimeout(onLate, timeoutMs ?? 2 ** 31 - 1);
    const stopForwarding = forwardSignals(child);
    child.on('error', () => finish(127));
    child.on('exit', (code, signal) => finish(code ?? (signal === null ? 1 : 128)));

    function onLate() {
      timedOut = true;
      endTree(child);
    }
    function finish(code) {
      clearTimeout(timer);
      stopForwarding();
      resolve({ code, timedOut });
    }
  });
}

/** Runs one of Node's own scripts, such as a tool's entry in node_modules. */
export function runNode(script, args, options) {
  return run(process.execPath, [script, ...args], options);
}

/** Asks a process and everything it started to end; insists after a while. */
function endTree(child) {
  signalTree(child, 'SIGTERM');
  setTimeout(() => signalTree(child, 'SIGKILL'), KILL_AFTER_MS).unref();
}

function signalTree(child, signal) {
  try {
    if (posix) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It has ended already.
  }
}

/** While the child runs, a signal to us ends it first and then us. */
function forwardSignals(child) {
  const exitCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  const listeners = Object.entries(exitCodes).map(([signal, code]) => {
    const listener = () => {
      child.once('exit', () => process.exit(code));
      endTree(child);
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const off of listeners) off();
  };
}
