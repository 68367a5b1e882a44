/** The hash-search task in plain TypeScript: the same input bytes give the same output bytes. */

const roundConstants = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
const initialState: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

const rotate = (x: number, bits: number): number => (x >>> bits) | (x << (32 - bits));

function compress(state: Uint32Array, block: DataView): void {
  const w = new Uint32Array(64);
  for (let i = 0; i < 16; i++) w[i] = block.getUint32(4 * i);
  for (let i = 16; i < 64; i++) {
    const old = w[i - 15]!;
    const recent = w[i - 2]!;
    const sigma0 = rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3);
    const sigma1 = rotate(recent, 17) ^ rotate(recent, 19) ^ (recent >>> 10);
    w[i] = w[i - 16]! + sigma0 + w[i - 7]! + sigma1;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const sigma1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + sigma1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + w[i]!) | 0;
    const sigma0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (sigma0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => {
    state[i]! += word;
  });
}

/** SHA-256 of a message, 32 bytes. Source: FIPS 180-4. */
export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(padded.length - 8, BigInt(message.length) * 8n);
  const state = Uint32Array.from(initialState);
  for (let at = 0; at < padded.length; at += 64) compress(state, new DataView(padded.buffer, at, 64));
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => {
    digest.setUint32(4 * i, word);
  });
  return new Uint8Array(digest.buffer);
}

/** Zero bits before the first one. */
export function leadingZeroBits(digest: Uint8Array): number {
  const first = digest.findIndex(byte => byte !== 0);
  return first === -1 ? 8 * digest.length : 8 * first + Math.clz32(digest[first]!) - 24;
}

/** What `run` gives for a well-formed input (its form: meta.ts). */
export function referenceHashSearch(input: Uint8Array): Uint8Array<ArrayBuffer> {
  const data = new DataView(input.buffer, input.byteOffset, input.byteLength);
  const difficulty = data.getUint32(0, true);
  const count = data.getUint32(4, true);
  const start = data.getBigUint64(8, true);
  const message = new Uint8Array(input.length - 16 + 8);
  message.set(input.subarray(16));
  for (let i = 0; i < count; i++) {
    const nonce = start + BigInt(i);
    new DataView(message.buffer).setBigUint64(message.length - 8, nonce);
    const digest = sha256(message);
    if (leadingZeroBits(digest) >= difficulty) return find(nonce, digest);
  }
  return new Uint8Array(1);
}

function find(nonce: bigint, digest: Uint8Array): Uint8Array<ArrayBuffer> {
  const output = new Uint8Array(41);
  output[0] = 1;
  new DataView(output.buffer).setBigUint64(1, nonce, true);
  output.set(digest, 9);
  return output;
}
