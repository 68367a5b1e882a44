/** A chain's state in a file that is whole at any moment: written beside it, then put in its place. */

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { gunzipSync } from 'node:zlib';

const BLOCKS_KEPT = 256;

export class StateFile {
  #path;

  constructor(path) {
    this.#path = path;
  }

  /** The file's path when it holds a state; undefined when there is none. One that is broken is put aside, and `onBroken` hears where. */
  usable(onBroken = () => {}) {
    if (!existsSync(this.#path)) return undefined;
    try {
      readState(readFileSync(this.#path, 'utf8'));
      return this.#path;
    } catch {
      onBroken(this.putAside());
      return undefined;
    }
  }

  /** Moves the file out of the way, for whoever wants to look into it. @returns {string} its new path */
  putAside() {
    const aside = `${this.#path}.broken`;
    renameSync(this.#path, aside);
    return aside;
  }

  /**
   * Keeps what `anvil_dumpState` gave: `0x` and the hex of gzipped JSON. Of blocks and transactions the newest only, else it
   * would grow for ever. Throws when it is not that; what was kept stays.
   */
  keep(dump) {
    const state = readState(gunzipSync(Buffer.from(dump.slice(2), 'hex')).toString());
    const oldest = Number(state.best_block_number) - BLOCKS_KEPT;
    state.blocks = state.blocks.filter(({ header }) => Number(header.number) > oldest);
    state.transactions = state.transactions.filter(({ block_number: block }) => block > oldest);
    writeWhole(this.#path, JSON.stringify(state));
  }
}

/** Writes a file that is the old one or the new one, whatever happens. */
export function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const file = openSync(draft, 'w');
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** Throws when the text is not the state of a chain. */
function readState(text) {
  const state = JSON.parse(text);
  const { accounts, block, blocks, transactions } = state;
  const isState =
    [accounts, block].every(part => typeof part === 'object') && [blocks, transactions].every(Array.isArray);
  if (!isState) throw new Error('not the state of a chain');
  return state;
}
