/** Anvil, the development chain, as a child that never outlives us: not even when we are killed outright. */

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Mendable } from '../project.mjs';

const READY_TIMEOUT_MS = 15_000;
const STATES_IN_MEMORY = 256; // of past blocks; older ones cannot be asked about, and memory stays bounded

/**
 * The shell ends anvil when its own standard input closes, which happens when we are gone, however that came about. Its
 * first line of output is anvil's process id.
 */
const GUARD = `exec 3<&0
"$@" </dev/null & chain=$!
echo "pid $chain"
{ read -r _ <&3; kill -9 $chain; } >/dev/null 2>&1 &
wait $chain`;

export class Anvil {
  #child;
  #lines;

  /** `port`: 0 for any free one. `stateFile`: what a former chain left (see dump), if anything. */
  constructor({ port, stateFile }) {
    const args = ['--host', '127.0.0.1', '--port', `${port}`, '--prune-history', `${STATES_IN_MEMORY}`];
    if (stateFile !== undefined) args.push('--load-state', stateFile);
    const isGuarded = process.platform !== 'win32';
    const [command, ...rest] = isGuarded ? ['sh', '-c', GUARD, 'sh', binary(), ...args] : [binary(), ...args];
    this.#child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin.on('error', () => {}); // the guard may be gone before us
    this.pid = isGuarded ? undefined : this.#child.pid;
    /** Resolves with what a person would call the reason. */
    this.ended = new Promise(resolve => {
      this.#child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`));
      this.#child.on('error', error => resolve(error.message));
    });
    this.ended.then(() => this.#child.stdin.destroy());
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  /** Where it answers; undefined when it ended before it listened. Throws Mendable when it does neither in time. */
  async ready() {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Mendable(`The chain was not ready within ${READY_TIMEOUT_MS / 1000} s.`)),
        READY_TIMEOUT_MS,
      );
    });
    try {
      return await Promise.race([this.#address(), this.ended.then(() => undefined), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it at once: it writes nothing itself, so nothing can be left half written. Resolves when it is gone. */
  async stop() {
    this.#child.stdin.destroy();
    if (process.platform === 'win32') this.#child.kill();
    await this.ended;
  }

  #address() {
    return new Promise(resolve => {
      this.#lines.on('line', line => {
        const [, pid] = line.match(/^pid (\d+)$/) ?? [];
        if (pid !== undefined) this.pid = Number(pid);
        const [, address] = line.match(/^Listening on (.+)$/) ?? [];
        if (address !== undefined) resolve(`http://${address}`);
      });
    });
  }
}

/** The program itself, not its launcher: so that the process we end is the chain. */
function binary() {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  const folder = `@foundry-rs/anvil-${process.platform}-${arch}`;
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil';
  try {
    return join(createRequire(import.meta.url).resolve(`${folder}/package.json`), '..', 'bin', name);
  } catch {
    throw new Mendable(
      `There is no development chain for this machine (${process.platform}, ${process.arch}). Start without one: npm start -- --no-chain`,
    );
  }
}
