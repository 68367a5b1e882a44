/** A node that is started anew when it ends by itself: a crash costs the sea a pause. Its folder keeps who it is. */

import { Mendable } from '../project.mjs';
import { SeaProcess } from './sea-process.mjs';

const READY_TIMEOUT_MS = 60_000;
/** Pause before a node comes again; doubles while it does not last. */
const AGAIN_MS = 1_000;
const AGAIN_MS_MAX = 60_000;

export class KeptNode {
  #argsOf;
  #env;
  #tell;
  #process;
  #said;
  #againMs = AGAIN_MS;
  #timer;
  #isStopped = false;

  /**
   * `argsOf` gives the arguments, from what the node said when it was ready the last time (undefined: never was);
   * `tell` gets lines for people.
   */
  constructor(name, argsOf, { env, tell }) {
    this.name = name;
    this.#argsOf = argsOf;
    this.#env = env;
    this.#tell = tell;
  }

  get pid() {
    return this.#process.pid;
  }

  /** The line of JSON by which it said that it is ready. Throws Mendable when it does not: the first time it is not tried again. */
  async start() {
    const node = new SeaProcess(this.name, [...this.#argsOf(this.#said), '--json'], {
      env: this.#env,
      onLine: line => this.#isStopped || this.#tell(`[${this.name}] ${line}`),
    });
    this.#process = node;
    const said = await node.ready(READY_TIMEOUT_MS);
    if (said === undefined) throw await failure(node);
    this.#said = said;
    const sinceMs = performance.now();
    node.ended.then(end => this.#startAgain(node, end, performance.now() - sinceMs));
    return said;
  }

  async stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#process?.stop();
  }

  #startAgain(node, end, livedMs) {
    if (this.#isStopped) return;
    if (livedMs > AGAIN_MS_MAX) this.#againMs = AGAIN_MS;
    const words = node.lastWords === '' ? '' : ` Its last words:\n${node.lastWords}`;
    this.#tell(`The ${this.name} has ended (${howEnded(end)}) and is started again. The others go on.${words}`);
    this.#plan();
  }

  #plan() {
    const waitMs = this.#againMs;
    this.#againMs = Math.min(2 * waitMs, AGAIN_MS_MAX);
    this.#timer = setTimeout(() => this.#tryAgain(), waitMs);
  }

  async #tryAgain() {
    try {
      await this.start();
      this.#tell(`The ${this.name} is back.`);
    } catch (error) {
      if (this.#isStopped) return;
      this.#tell(error.message);
      await this.#process.stop();
      if (!this.#isStopped) this.#plan();
    }
  }
}

async function failure(node) {
  const end = await Promise.race([node.ended, undefined]);
  const what =
    end === undefined ? `was not ready within ${READY_TIMEOUT_MS / 1_000} s` : `ended early (${howEnded(end)})`;
  const words = node.lastWords === '' ? 'It said nothing.' : `Its last words:\n${node.lastWords}`;
  return new Mendable(`The ${node.name} ${what}. ${words}`);
}

function howEnded({ code, signal }) {
  return signal === null ? `code ${code}` : signal;
}
