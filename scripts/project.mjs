/**
 * Where the project is and what it needs of Node. Like everything in this folder it uses Node's own modules only, because
 * it runs before anything is installed.
 */

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, absolute. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A path under the project's folder. */
export function inProject(...parts) {
  return join(root, ...parts);
}

const NODE_MIN = [20, 19];

/** True for a Node version such as `22.1.0` that the tools this project is built with accept. */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
}

/** Something a person can mend: its message is a sentence that says how, and is printed without a stack trace. */
export class Mendable extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a script's main function; a `Mendable` ends the process with its sentence and exit code. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Mendable)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
