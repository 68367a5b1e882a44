/** One node of the sea as a child process: a command of `dist/cli.js` that prints one line of JSON when it is ready. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { inProject, root } from '../project.mjs';

const LAST_WORDS = 8; // lines of standard error kept to explain an early end
const KILL_AFTER_MS = 5_000; // between asking a node to end and ending it

export class SeaProcess {
  #child;
  #lastWords = [];
  #ready;

  /** `onLine` gets each line of the node's standard error. */
  constructor(name, args, { env = {}, cli = inProject('dist', 'cli.js'), onLine = () => {} } = {}) {
    this.name = name;
    this.#child = spawn(process.execPath, [cli, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    /** Resolves with `{ code, signal }` when the process has ended. */
    this.ended = new Promise(resolve => {
      this.#child.on('close', (code, signal) => resolve({ code, signal }));
      this.#child.on('error', error => this.#hear(error.message, onLine));
    });
    createInterface({ input: this.#child.stderr }).on('line', line => this.#hear(line, onLine));
    this.#ready = this.#firstJson();
  }

  get pid() {
    return this.#child.pid;
  }

  /** Why a node that has ended did, for people. */
  get lastWords() {
    return this.#lastWords.join('\n');
  }

  /** The first line of JSON it prints; undefined when it ends before, or has said nothing after `timeoutMs`. */
  async ready(timeoutMs) {
    let timer;
    const late = new Promise(resolve => {
      timer = setTimeout(resolve, timeoutMs);
    });
    const said = await Promise.race([this.#ready, this.ended.then(() => undefined), late]);
    clearTimeout(timer);
    return said;
  }

  /** Ends it: asked first, insisted upon after 5 s. Resolves when it is gone. */
  async stop() {
    this.#child.kill('SIGTERM');
    const insist = setTimeout(() => this.#child.kill('SIGKILL'), KILL_AFTER_MS);
    await this.ended;
    clearTimeout(insist);
  }

  #hear(line, onLine) {
    this.#lastWords.push(line);
    if (this.#lastWords.length > LAST_WORDS) this.#lastWords.shift();
    onLine(line);
  }

  #firstJson() {
    return new Promise(resolve => {
      createInterface({ input: this.#child.stdout }).on('line', line => {
        const said = parseObject(line);
        if (said !== undefined) resolve(said);
      });
    });
  }
}

function parseObject(line) {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line for people
  }
}
