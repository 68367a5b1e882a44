/**
 * The chain that comes with `npm start`: anvil with SeaPurse on it, kept in a folder so that it outlives restarts. Its state
 * is taken from it over its own interface whenever it has changed, and written whole; anvil itself writes nothing, so that
 * it may be killed at any time.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Mendable } from '../project.mjs';
import { Anvil } from './anvil.mjs';
import { OwnerFile } from './owner-file.mjs';
import { deployPurse, isPurse, readArtifact } from './purse-contract.mjs';
import { ask } from './rpc.mjs';
import { StateFile, writeWhole } from './state-file.mjs';

const CHAIN_ID = 31_337;
const PORT = 4645; // a wallet remembers the chain by its URL: the same each time, where it can be had
const DELAY_S = 60;
const KEEP_EVERY_MS = 2_000;

export class EmbeddedChain {
  #folder;
  #state;
  #owner;
  #say;
  #anvil;
  #info;
  #isShared = false;
  #timer;
  #keptBlock;
  #isOwner = false;

  /** `say` gets sentences for people. */
  constructor(folder, say) {
    this.#folder = folder;
    this.#state = new StateFile(join(folder, 'state.json'));
    this.#owner = new OwnerFile(join(folder, 'owner.json'));
    this.#say = say;
  }

  /** The chain's process; undefined while another Peersea runs the chain. */
  get pid() {
    return this.#anvil?.pid;
  }

  /** Brings it up, or finds it running for another `npm start`. @returns what `/chain.json` says. Throws Mendable. */
  async start() {
    const shared = await this.#owner.take(({ rpc, purse }) => answers(rpc, purse));
    this.#isShared = shared !== undefined;
    if (shared !== undefined) return shared;
    this.#isOwner = true;
    try {
      const rpc = await this.#launch();
      const purse = await this.#purse(rpc);
      this.#info = {
        chainId: CHAIN_ID,
        purse,
        rpc,
        name: 'Peersea development chain',
        currency: { symbol: 'tETH', decimals: 18 },
        delayS: DELAY_S,
        development: true,
      };
      await this.#keep();
      this.#owner.tell(this.#info);
      this.#timer = setInterval(() => this.#keep().catch(() => {}), KEEP_EVERY_MS); // one that fails is made up for by the next
      return this.#info;
    } catch (error) {
      await this.stop();
      throw error instanceof Mendable ? error : new Mendable(`The chain could not be set up: ${error.message}`);
    }
  }

  /** Resolves with the reason when the chain ends by itself; then another may run it from what was kept. */
  async ended() {
    const anvil = this.#anvil;
    if (anvil === undefined) return new Promise(() => {});
    const reason = await anvil.ended;
    await this.stop();
    return reason;
  }

  /** Whether another Peersea runs it: it ends with that one. */
  get isShared() {
    return this.#isShared;
  }

  /** Keeps the last state and ends it. One that another Peersea runs is left alone. Idempotent. */
  async stop() {
    if (!this.#isOwner) return;
    this.#isOwner = false;
    clearInterval(this.#timer);
    await this.#keep().catch(() => {}); // it may have ended before us: what was kept last counts
    await this.#anvil?.stop();
    this.#anvil = undefined;
    this.#owner.release();
  }

  /** From what was kept; if that cannot be loaded, from nothing. On the port it had, or else on another. */
  async #launch() {
    const remembered = this.#remembered();
    const stateFile = this.#state.usable(path => this.#say(`The chain's state was broken; it lies in ${path} now.`));
    for (const [port, file] of [
      [remembered.port ?? PORT, stateFile],
      [0, stateFile],
      [0, undefined],
    ]) {
      this.#anvil = new Anvil({ port, stateFile: file });
      const rpc = await this.#anvil.ready();
      if (rpc === undefined) continue;
      if (file === undefined && stateFile !== undefined)
        this.#say(`The chain began anew: its state could not be loaded and lies in ${this.#state.putAside()} now.`);
      return rpc;
    }
    throw new Mendable(`The chain ended early (${await this.#anvil.ended}). Start without it: npm start -- --no-chain`);
  }

  /** The contract's address: the one remembered while it is there and of the same code, else a new one. */
  async #purse(rpc) {
    const { purse: known, version } = this.#remembered();
    const artifact = readArtifact();
    const isSame = version === artifact.version && (await isPurse(rpc, known));
    const purse = isSame ? known : await deployPurse(rpc, artifact, DELAY_S);
    writeWhole(
      this.#memory,
      `${JSON.stringify({ purse, version: artifact.version, port: Number(new URL(rpc).port) })}\n`,
    );
    return purse;
  }

  /** Takes the state when there was a block since. */
  async #keep() {
    if (this.#info === undefined) return;
    const { rpc } = this.#info;
    const block = await ask(rpc, 'eth_blockNumber');
    if (block === this.#keptBlock) return;
    this.#state.keep(await ask(rpc, 'anvil_dumpState'));
    this.#keptBlock = block;
  }

  get #memory() {
    return join(this.#folder, 'chain.json');
  }

  #remembered() {
    try {
      return JSON.parse(readFileSync(this.#memory, 'utf8'));
    } catch {
      return {}; // the first start
    }
  }
}

async function answers(rpc, purse) {
  try {
    return await isPurse(rpc, purse);
  } catch {
    return false;
  }
}
