/** Proof searches: a nonce that gives a text a SHA-256 hash with many leading zero bits. */

import { HashAddress } from '../../src/address/hash-address.ts';
import { toHex } from '../../src/base/bytes.ts';
import {
  checkSearch,
  type HashFind,
  type HashSearch,
  hashSearchPartCount,
  hashSearchParts,
  readHashSearch,
} from '../../wasm-tasks/hash-search/meta.ts';
import { PageError } from '../errors.ts';
import { formatCount } from '../format.ts';
import type { JobPlan, ResultRow } from './job-plan.ts';

export const DIFFICULTY_MIN = 16;
export const DIFFICULTY_MAX = 34;
export const DIFFICULTY_DEFAULT = 26;
export const PREFIX_BYTES_MAX = 4096;

const NONCES_PER_PART = 1 << 19; // about 50 ms
/** Eight times the expected number of tries: no find is then left with a chance of e^-8, 0.03%. */
const TRIES_FACTOR = 8n;

export interface HashSearchSettings {
  readonly text: string;
  /** Leading zero bits asked for. */
  readonly difficulty: number;
}

/** The plan of a proof search. Throws PageError BAD_NUMBER. */
export function planHashSearch({ text, difficulty }: HashSearchSettings): JobPlan {
  const search = searchOf(text, difficulty);
  return {
    task: 'hash-search',
    summary: `Proof of ${difficulty} zero bits for “${text.length <= 24 ? text : `${text.slice(0, 23)}…`}”`,
    parts: hashSearchPartCount(search),
    endsEarly: true,
    inputs: () => hashSearchParts(search),
    view: {
      kind: 'table',
      columns: ['nonce', 'nonce_hex', 'sha256'],
      rowsOf: (_index, output) => rowsOf(search, output),
      best: rows => [...rows],
      answer: rows => answerOf(rows, difficulty),
      settled: rows => rows.length > 0,
      fileName: 'proof',
    },
  };
}

function searchOf(text: string, difficulty: number): HashSearch {
  const prefix = new TextEncoder().encode(text);
  const tries = TRIES_FACTOR << BigInt(difficulty);
  const perPart = BigInt(NONCES_PER_PART);
  const count = ((tries + perPart - 1n) / perPart) * perPart;
  try {
    return checkSearch({ prefix, difficulty, start: 0n, count, perPart: NONCES_PER_PART });
  } catch (error) {
    throw new PageError(
      'BAD_NUMBER',
      `The search does not fit: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** The find as a row, computed again here: a claim costs one hash to check. */
function rowsOf(search: HashSearch, output: Uint8Array): ResultRow[] {
  const find = readHashSearch(output);
  if (find === undefined) return [];
  if (!holds(search, find)) throw new RangeError('the nonce that was claimed does not give such a hash');
  return [[find.nonce.toString(), find.nonce.toString(16).padStart(16, '0'), toHex(find.digest)]];
}

function holds({ prefix, difficulty }: HashSearch, { nonce, digest }: HashFind): boolean {
  const hashed = new Uint8Array(prefix.length + 8);
  hashed.set(prefix);
  new DataView(hashed.buffer).setBigUint64(prefix.length, nonce);
  const proof = HashAddress.hash(hashed);
  return proof.toString() === toHex(digest) && leadingZeroBits(proof.bytes) >= difficulty;
}

function leadingZeroBits(bytes: Uint8Array): number {
  const first = bytes.findIndex(byte => byte !== 0);
  return first < 0 ? 8 * bytes.length : 8 * first + Math.clz32(bytes[first]!) - 24;
}

function answerOf(rows: readonly ResultRow[], difficulty: number): string {
  const find = rows[0];
  if (find === undefined) return `No proof yet: about one in ${formatCount(2 ** difficulty)} tries succeeds.`;
  return `Found: nonce ${find[0]}, checked here. Its hash begins ${String(find[2]).slice(0, 16)}…`;
}
