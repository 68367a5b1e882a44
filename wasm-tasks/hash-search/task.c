/*
 * The lowest nonce of a range for which SHA-256(prefix || nonce) begins with a number of zero bits.
 * Input and output: meta.ts. Four nonces at a time, one in each 32-bit lane; whole blocks of the prefix are hashed once.
 * Source: FIPS 180-4, sections 4.1.2, 5.1.1 and 6.2.2.
 */
#include "../task.h"
#include <wasm_simd128.h>

#define HEADER_BYTES 16u
#define PREFIX_BYTES_MAX 4096u
#define NONCE_BYTES 8u
#define COUNT_MAX (1u << 30)
#define DIFFICULTY_MAX 256u
#define TAIL_WORDS_MAX 32u /* two blocks: at most 63 bytes of prefix, the nonce, padding */

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const u32 INITIAL[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define ADD wasm_i32x4_add
#define XOR wasm_v128_xor
#define AND wasm_v128_and

static inline v128_t rotate(v128_t x, u32 bits) {
  return wasm_v128_or(wasm_u32x4_shr(x, bits), wasm_i32x4_shl(x, 32 - bits));
}

static inline v128_t big_sigma_0(v128_t x) { return XOR(XOR(rotate(x, 2), rotate(x, 13)), rotate(x, 22)); }
static inline v128_t big_sigma_1(v128_t x) { return XOR(XOR(rotate(x, 6), rotate(x, 11)), rotate(x, 25)); }
static inline v128_t small_sigma_0(v128_t x) { return XOR(XOR(rotate(x, 7), rotate(x, 18)), wasm_u32x4_shr(x, 3)); }
static inline v128_t small_sigma_1(v128_t x) { return XOR(XOR(rotate(x, 17), rotate(x, 19)), wasm_u32x4_shr(x, 10)); }

/* Mixes one block of 16 words into the state, in all four lanes. */
static __attribute__((noinline)) void compress(v128_t state[8], const v128_t block[16]) {
  v128_t w[16];
  for (u32 i = 0; i < 16; i++) w[i] = block[i];
  v128_t a = state[0], b = state[1], c = state[2], d = state[3];
  v128_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (u32 round = 0; round < 64; round += 16) {
#pragma clang loop unroll(full)
    for (u32 i = 0; i < 16; i++) {
      if (round > 0) {
        v128_t recent = small_sigma_1(w[(i + 14) & 15]), old = small_sigma_0(w[(i + 1) & 15]);
        w[i] = ADD(ADD(w[i], old), ADD(w[(i + 9) & 15], recent));
      }
      v128_t choice = XOR(AND(e, XOR(f, g)), g);
      v128_t majority = XOR(AND(XOR(a, b), XOR(b, c)), b);
      v128_t t1 = ADD(ADD(ADD(h, wasm_v128_load32_splat(&K[round + i])), ADD(choice, w[i])), big_sigma_1(e));
      v128_t t2 = ADD(big_sigma_0(a), majority);
      h = g, g = f, f = e, e = ADD(d, t1), d = c, c = b, b = a, a = ADD(t1, t2);
    }
  }
  state[0] = ADD(state[0], a), state[1] = ADD(state[1], b), state[2] = ADD(state[2], c), state[3] = ADD(state[3], d);
  state[4] = ADD(state[4], e), state[5] = ADD(state[5], f), state[6] = ADD(state[6], g), state[7] = ADD(state[7], h);
}

/* What is the same for every nonce: the state after the whole blocks, and the words after them. */
typedef struct {
  v128_t midstate[8];
  v128_t words[TAIL_WORDS_MAX]; /* prefix rest, a gap for the nonce, padding, length */
  u32 blocks;                   /* 1 or 2 */
  u32 nonce_at;                 /* bytes from the first word */
} Template;

static u32 load_big_endian(const u8 *at) { return __builtin_bswap32(load_u32(at)); }

static void make_template(Template *template, const u8 *prefix, u32 prefix_bytes) {
  for (u32 i = 0; i < 8; i++) template->midstate[i] = wasm_u32x4_splat(INITIAL[i]);
  u32 whole = prefix_bytes & ~63u;
  for (u32 at = 0; at < whole; at += 64) {
    v128_t block[16];
    for (u32 i = 0; i < 16; i++) block[i] = wasm_u32x4_splat(load_big_endian(prefix + at + 4 * i));
    compress(template->midstate, block);
  }
  u8 tail[4 * TAIL_WORDS_MAX];
  __builtin_memset(tail, 0, sizeof tail);
  u32 rest = prefix_bytes - whole;
  for (u32 i = 0; i < rest; i++) tail[i] = prefix[whole + i];
  tail[rest + NONCE_BYTES] = 0x80;
  template->nonce_at = rest;
  template->blocks = rest + NONCE_BYTES + 9 <= 64 ? 1 : 2;
  store_u32(tail + 64 * template->blocks - 4, __builtin_bswap32((prefix_bytes + NONCE_BYTES) * 8));
  for (u32 i = 0; i < TAIL_WORDS_MAX; i++) template->words[i] = wasm_u32x4_splat(load_big_endian(tail + 4 * i));
}

/* Writes the nonces from `first` on, one a lane, big-endian into the gap of the words. */
static void put_nonces(v128_t *words, u32 at, u64 first) {
  v128_t high = wasm_u32x4_make(first >> 32, (first + 1) >> 32, (first + 2) >> 32, (first + 3) >> 32);
  v128_t low = wasm_u32x4_make((u32)first, (u32)first + 1, (u32)first + 2, (u32)first + 3);
  u32 word = at / 4, shift = 8 * (at % 4);
  if (shift == 0) {
    words[word] = high;
    words[word + 1] = low;
    return;
  }
  words[word] = wasm_v128_or(words[word], wasm_u32x4_shr(high, shift));
  words[word + 1] = wasm_v128_or(wasm_i32x4_shl(high, 32 - shift), wasm_u32x4_shr(low, shift));
  words[word + 2] = wasm_v128_or(words[word + 2], wasm_i32x4_shl(low, 32 - shift));
}

static void hash_four(const Template *template, u64 first, v128_t state[8]) {
  v128_t words[TAIL_WORDS_MAX];
  __builtin_memcpy(words, template->words, 64 * 4 * template->blocks);
  put_nonces(words, template->nonce_at, first);
  __builtin_memcpy(state, template->midstate, sizeof template->midstate);
  compress(state, words);
  if (template->blocks == 2) compress(state, words + 16);
}

static u32 leading_zero_bits(const u32 digest[8]) {
  for (u32 i = 0; i < 8; i++) {
    if (digest[i] != 0) return 32 * i + (u32)__builtin_clz(digest[i]);
  }
  return 256;
}

static u64 found(u64 nonce, const u32 digest[8]) {
  u8 *output = alloc(1 + NONCE_BYTES + 32);
  output[0] = 1;
  store_u64(output + 1, nonce);
  for (u32 i = 0; i < 8; i++) store_u32(output + 1 + NONCE_BYTES + 4 * i, __builtin_bswap32(digest[i]));
  return result(output, 1 + NONCE_BYTES + 32);
}

EXPORT(run) u64 run(const u8 *input, u32 length) {
  require(length >= HEADER_BYTES && length <= HEADER_BYTES + PREFIX_BYTES_MAX);
  u32 difficulty = load_u32(input), count = load_u32(input + 4);
  u64 start = load_u64(input + 8);
  require(difficulty <= DIFFICULTY_MAX && count >= 1 && count <= COUNT_MAX);
  require(start + (count - 1) >= start); /* the range does not run past 2^64 - 1 */
  static Template template;
  make_template(&template, input + HEADER_BYTES, length - HEADER_BYTES);

  /* Most candidates fail in the first word: test that in all lanes, look at a lane only where it passes. */
  v128_t mask = wasm_u32x4_splat(difficulty >= 32 ? 0xffffffffu : ~(0xffffffffull >> difficulty));
  for (u32 offset = 0; offset < count; offset += 4) {
    v128_t state[8];
    hash_four(&template, start + offset, state);
    v128_t passes = wasm_i32x4_eq(wasm_v128_and(state[0], mask), wasm_i32x4_const_splat(0));
    if (!wasm_v128_any_true(passes)) continue;
    for (u32 lane = 0; lane < 4 && offset + lane < count; lane++) {
      u32 digest[8];
      for (u32 i = 0; i < 8; i++) digest[i] = ((const u32 *)&state[i])[lane];
      if (leading_zero_bits(digest) >= difficulty) return found(start + offset + lane, digest);
    }
  }
  u8 *none = alloc(1);
  return result(none, 1);
}
