/**
 * AES-256-GCM in plain TypeScript (FIPS 197, NIST SP 800-38D) with a nonce of 12 bytes: synchronous and the same on every
 * engine, for tests and the simulator. Its tables make its time depend on secrets: no node of the real sea uses it.
 */

import { concat, equal } from '../../base/bytes.ts';

const TAG_BYTES = 16;
const ROUNDS = 14;

const sbox = makeSbox();

/** The ciphertext and its 16-byte tag. `key`: 32 bytes, `nonce`: 12. */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const schedule = expandKey(key);
  const cipher = countered(schedule, nonce, plain);
  return concat(cipher, tagOf(schedule, nonce, cipher));
}

/** The plain bytes, or undefined when the tag does not fit. */
export function gcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const schedule = expandKey(key);
  const cipher = sealed.subarray(0, sealed.length - TAG_BYTES);
  const fits = equal(tagOf(schedule, nonce, cipher), sealed.subarray(cipher.length));
  return fits ? countered(schedule, nonce, cipher) : undefined;
}

function countered(schedule: Uint8Array, nonce: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let at = 0, counter = 2; at < bytes.length; at += 16, counter++) {
    const stream = encryptBlock(schedule, counterBlock(nonce, counter));
    for (let i = at; i < Math.min(at + 16, bytes.length); i++) out[i] = bytes[i]! ^ stream[i - at]!;
  }
  return out;
}

function tagOf(schedule: Uint8Array, nonce: Uint8Array, cipher: Uint8Array): Uint8Array<ArrayBuffer> {
  const lengths = new DataView(new ArrayBuffer(16));
  lengths.setBigUint64(8, BigInt(cipher.length * 8));
  const hashKey = words(encryptBlock(schedule, new Uint8Array(16)));
  const sum = new Uint32Array(4);
  const padded = new Uint8Array(Math.ceil(cipher.length / 16) * 16);
  padded.set(cipher);
  for (let at = 0; at < padded.length; at += 16) absorb(sum, padded.subarray(at, at + 16), hashKey);
  absorb(sum, new Uint8Array(lengths.buffer), hashKey);
  const mask = encryptBlock(schedule, counterBlock(nonce, 1));
  return mask.map((byte, i) => byte ^ (sum[i >> 2]! >>> (24 - 8 * (i & 3))));
}

function counterBlock(nonce: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(16);
  block.set(nonce);
  new DataView(block.buffer).setUint32(12, counter);
  return block;
}

/** sum = (sum ^ block) · key in GF(2^128) (SP 800-38D §6.3). */
function absorb(sum: Uint32Array, block: Uint8Array, key: Uint32Array): void {
  const input = words(block);
  let [v0, v1, v2, v3] = [key[0]!, key[1]!, key[2]!, key[3]!];
  let [z0, z1, z2, z3] = [0, 0, 0, 0];
  for (let word = 0; word < 4; word++) {
    const x = sum[word]! ^ input[word]!;
    for (let bit = 31; bit >= 0; bit--) {
      const taken = -((x >>> bit) & 1);
      z0 ^= v0 & taken;
      z1 ^= v1 & taken;
      z2 ^= v2 & taken;
      z3 ^= v3 & taken;
      const reduced = -(v3 & 1) & 0xe1000000;
      v3 = (v3 >>> 1) | (v2 << 31);
      v2 = (v2 >>> 1) | (v1 << 31);
      v1 = (v1 >>> 1) | (v0 << 31);
      v0 = (v0 >>> 1) ^ reduced;
    }
  }
  sum.set([z0, z1, z2, z3]);
}

function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  return Uint32Array.of(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
}

/** 15 round keys of 16 bytes (FIPS 197 §5.2 for Nk = 8). */
function expandKey(key: Uint8Array): Uint8Array {
  const schedule = new Uint8Array(16 * (ROUNDS + 1));
  schedule.set(key);
  for (let at = 32, constant = 1; at < schedule.length; at += 4) {
    let word = schedule.slice(at - 4, at);
    if (at % 32 === 0) {
      word = Uint8Array.of(word[1]!, word[2]!, word[3]!, word[0]!).map(byte => sbox[byte]!);
      word[0]! ^= constant;
      constant = doubled(constant);
    } else if (at % 32 === 16) word = word.map(byte => sbox[byte]!);
    for (let i = 0; i < 4; i++) schedule[at + i] = schedule[at + i - 32]! ^ word[i]!;
  }
  return schedule;
}

function encryptBlock(schedule: Uint8Array, block: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = new Uint8Array(block);
  const shifted = new Uint8Array(16);
  addKey(state, schedule, 0);
  for (let round = 1; round <= ROUNDS; round++) {
    for (let i = 0; i < 16; i++) shifted[i] = sbox[state[(i + 4 * (i & 3)) & 15]!]!; // SubBytes and ShiftRows
    if (round === ROUNDS) state.set(shifted);
    else mixColumns(shifted, state);
    addKey(state, schedule, round);
  }
  return state;
}

function addKey(state: Uint8Array, schedule: Uint8Array, round: number): void {
  for (let i = 0; i < 16; i++) state[i]! ^= schedule[16 * round + i]!;
}

function mixColumns(state: Uint8Array, mixed: Uint8Array): void {
  for (let column = 0; column < 16; column += 4) {
    const all = state[column]! ^ state[column + 1]! ^ state[column + 2]! ^ state[column + 3]!;
    for (let i = 0; i < 4; i++) {
      const own = state[column + i]!;
      mixed[column + i] = own ^ all ^ doubled(own ^ state[column + ((i + 1) & 3)]!);
    }
  }
}

/** Times x modulo x^8 + x^4 + x^3 + x + 1. */
function doubled(value: number): number {
  return ((value << 1) ^ (value & 0x80 ? 0x11b : 0)) & 0xff;
}

/** Inverses along the powers of x + 1, then the affine map (FIPS 197 §5.1.1). */
function makeSbox(): Uint8Array {
  const powers: number[] = [];
  for (let i = 0, value = 1; i < 255; i++) {
    powers.push(value);
    value ^= doubled(value);
  }
  const box = new Uint8Array(256);
  box[0] = 0x63;
  for (const [i, value] of powers.entries()) {
    const inverse = powers[(255 - i) % 255]! * 0x101; // twice beside itself, so that shifts are rotations
    box[value] = 0x63 ^ inverse ^ (inverse >> 4) ^ (inverse >> 5) ^ (inverse >> 6) ^ (inverse >> 7);
  }
  return box;
}
