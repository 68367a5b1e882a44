/*
 * The inner loops of storage: linear combinations of byte strings over GF(2^8) modulo 0x11d, by nibble tables and
 * i8x16.swizzle, and SHA-256 of four messages at a time for Merkle trees. No imports, no allocation: the host writes into
 * `arena`, calls, and reads. Built by build.mjs; the host is kernel.ts.
 */

#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))
#define ARENA_BYTES (2 * 1024 * 1024)

/* 64 bytes beyond what the host may use: the last group of four lanes reads past a short one. */
static uint8_t arena[ARENA_BYTES + 8192] __attribute__((aligned(16)));

EXPORT(arena) uint8_t *arena_address(void) { return arena; }

/* --- GF(2^8) --- */

static uint8_t multiply(uint8_t a, uint8_t b) {
  uint32_t product = 0;
  for (uint32_t shifted = a; b != 0; b >>= 1, shifted = (shifted << 1) ^ (shifted & 0x80 ? 0x11d : 0))
    if (b & 1) product ^= shifted;
  return (uint8_t)product;
}

/* For each coefficient 32 bytes: its products with 0..15, then with 0, 16..240. */
EXPORT(tables) __attribute__((minsize)) void make_tables(const uint8_t *coefficients, uint32_t count, uint8_t *tables) {
  for (uint32_t i = 0; i < count; i++, tables += 32)
    for (uint32_t nibble = 0; nibble < 16; nibble++) {
      tables[nibble] = multiply(coefficients[i], (uint8_t)nibble);
      tables[nibble + 16] = multiply(coefficients[i], (uint8_t)(nibble << 4));
    }
}

/* Two vectors of one row: adds the products of one coefficient. */
#define ADD_PRODUCT(row, table)                                     \
  do {                                                              \
    v128_t low = wasm_v128_load(table), high = wasm_v128_load((table) + 16); \
    sum##row##a = sum##row##a ^ wasm_i8x16_swizzle(low, al) ^ wasm_i8x16_swizzle(high, ah); \
    sum##row##b = sum##row##b ^ wasm_i8x16_swizzle(low, bl) ^ wasm_i8x16_swizzle(high, bh); \
  } while (0)

#define STORE(row)                                 \
  do {                                             \
    wasm_v128_store(out + (row)*length + at, sum##row##a);      \
    wasm_v128_store(out + (row)*length + at + 16, sum##row##b); \
  } while (0)

#define READ_INPUT(i)                                                   \
  v128_t a = wasm_v128_load(in + (i)*length + at), b = wasm_v128_load(in + (i)*length + at + 16); \
  v128_t al = a & mask, ah = wasm_u16x8_shr(a, 4) & mask;               \
  v128_t bl = b & mask, bh = wasm_u16x8_shr(b, 4) & mask

/*
 * out[r] = sum over i of coefficient[r][i] * in[i], for strings of `length` bytes (a multiple of 32) that lie one after
 * another. `tables` holds rows * columns tables, row by row. Rows go by fours, so that an input is split once for four.
 */
EXPORT(code)
void combine(const uint8_t *tables, uint32_t rows, uint32_t columns, const uint8_t *in, uint8_t *out, uint32_t length) {
  const v128_t mask = wasm_i8x16_splat(0x0f), zero = wasm_i8x16_splat(0);
  const uint32_t row_tables = columns * 32;
  for (; rows >= 4; rows -= 4, tables += 4 * row_tables, out += 4 * length)
    for (uint32_t at = 0; at < length; at += 32) {
      v128_t sum0a = zero, sum0b = zero, sum1a = zero, sum1b = zero, sum2a = zero, sum2b = zero, sum3a = zero, sum3b = zero;
      const uint8_t *table = tables;
      for (uint32_t i = 0; i < columns; i++, table += 32) {
        READ_INPUT(i);
        ADD_PRODUCT(0, table);
        ADD_PRODUCT(1, table + row_tables);
        ADD_PRODUCT(2, table + 2 * row_tables);
        ADD_PRODUCT(3, table + 3 * row_tables);
      }
      STORE(0);
      STORE(1);
      STORE(2);
      STORE(3);
    }
  for (; rows > 0; rows--, tables += row_tables, out += length)
    for (uint32_t at = 0; at < length; at += 32) {
      v128_t sum0a = zero, sum0b = zero;
      const uint8_t *table = tables;
      for (uint32_t i = 0; i < columns; i++, table += 32) {
        READ_INPUT(i);
        ADD_PRODUCT(0, table);
      }
      STORE(0);
    }
}

/* --- SHA-256 (FIPS 180-4), four messages of equal length at a time --- */

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static const uint32_t initial_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

#define ADD(x, y) wasm_i32x4_add(x, y)
#define SHR(x, n) wasm_u32x4_shr(x, n)
#define ROTR(x, n) (wasm_u32x4_shr(x, n) | wasm_i32x4_shl(x, 32 - (n)))
#define SWAP(x) wasm_i8x16_shuffle(x, x, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12)

/* 16 bytes of each lane at `at` as four words of all lanes. */
static inline void load_words(const uint8_t *const lanes[4], uint32_t at, v128_t *words) {
  v128_t a = wasm_v128_load(lanes[0] + at), b = wasm_v128_load(lanes[1] + at);
  v128_t c = wasm_v128_load(lanes[2] + at), d = wasm_v128_load(lanes[3] + at);
  v128_t ab_low = wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), ab_high = wasm_i32x4_shuffle(a, b, 2, 6, 3, 7);
  v128_t cd_low = wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), cd_high = wasm_i32x4_shuffle(c, d, 2, 6, 3, 7);
  words[0] = SWAP(wasm_i64x2_shuffle(ab_low, cd_low, 0, 2));
  words[1] = SWAP(wasm_i64x2_shuffle(ab_low, cd_low, 1, 3));
  words[2] = SWAP(wasm_i64x2_shuffle(ab_high, cd_high, 0, 2));
  words[3] = SWAP(wasm_i64x2_shuffle(ab_high, cd_high, 1, 3));
}

#define ROUND(a, b, c, d, e, f, g, h, t)                                                             \
  do {                                                                                               \
    v128_t sigma1 = ROTR(e, 6) ^ ROTR(e, 11) ^ ROTR(e, 25);                                          \
    v128_t sum = ADD(ADD(ADD(h, sigma1), wasm_v128_bitselect(f, g, e)), ADD(wasm_v128_load32_splat(round_constants + (t)), w[t])); \
    v128_t sigma0 = ROTR(a, 2) ^ ROTR(a, 13) ^ ROTR(a, 22);                                          \
    d = ADD(d, sum);                                                                                 \
    h = ADD(sum, ADD(sigma0, wasm_v128_bitselect(c, a, a ^ b)));                                              \
  } while (0)

#define EXCHANGE(x, y)  \
  do {                  \
    v128_t was = x;     \
    x = y, y = was;     \
  } while (0)

/* One block of 64 bytes of each lane into the state. */
__attribute__((noinline)) static void compress(v128_t state[8], const uint8_t *const lanes[4]) {
  v128_t w[64];
#pragma clang loop unroll(disable)
  for (uint32_t i = 0; i < 4; i++) load_words(lanes, 16 * i, w + 4 * i);
  for (uint32_t t = 16; t < 64; t++) {
    v128_t x = w[t - 15], y = w[t - 2];
    v128_t s0 = ROTR(x, 7) ^ ROTR(x, 18) ^ SHR(x, 3), s1 = ROTR(y, 17) ^ ROTR(y, 19) ^ SHR(y, 10);
    w[t] = ADD(ADD(w[t - 16], s0), ADD(w[t - 7], s1));
  }
  v128_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
#pragma clang loop unroll(disable)
  for (uint32_t t = 0; t < 64; t += 4) {
    ROUND(a, b, c, d, e, f, g, h, t);
    ROUND(h, a, b, c, d, e, f, g, t + 1);
    ROUND(g, h, a, b, c, d, e, f, t + 2);
    ROUND(f, g, h, a, b, c, d, e, t + 3);
    EXCHANGE(a, e);
    EXCHANGE(b, f);
    EXCHANGE(c, g);
    EXCHANGE(d, h);
  }
  state[0] = ADD(state[0], a);
  state[1] = ADD(state[1], b);
  state[2] = ADD(state[2], c);
  state[3] = ADD(state[3], d);
  state[4] = ADD(state[4], e);
  state[5] = ADD(state[5], f);
  state[6] = ADD(state[6], g);
  state[7] = ADD(state[7], h);
}

/*
 * SHA-256 of prefix || message for `count` messages of `length` bytes (below 8191) that lie one after another; digests of 32 bytes
 * follow one another at `out`, which may be where the messages are when they are longer. A message may be empty.
 */
EXPORT(hash) __attribute__((minsize)) void hashes(uint8_t prefix, const uint8_t *in, uint32_t length, uint32_t count, uint8_t *out) {
  static uint8_t edge[4][128]; /* the first block, and then the last one or two: what lies there is not all message */
  const uint32_t whole = (length + 1) / 64, blocks = (length + 1 + 9 + 63) / 64, rest = length + 1 - 64 * whole;
  for (uint32_t first = 0; first < count; first += 4) {
    const uint32_t lanes_used = count - first < 4 ? count - first : 4;
    const uint8_t *data[4], *lanes[4];
    v128_t state[8];
    for (uint32_t i = 0; i < 8; i++) state[i] = wasm_v128_load32_splat(initial_state + i);
    for (uint32_t lane = 0; lane < 4; lane++) data[lane] = in + (first + (lane < lanes_used ? lane : 0)) * length - 1;
    for (uint32_t block = 0; block < whole; block++) {
      for (uint32_t lane = 0; lane < 4; lane++) {
        lanes[lane] = data[lane] + 64 * block;
        if (block > 0) continue;
        edge[lane][0] = prefix;
        __builtin_memcpy(edge[lane] + 1, data[lane] + 1, 63);
        lanes[lane] = edge[lane];
      }
      compress(state, lanes);
    }
    for (uint32_t lane = 0; lane < 4; lane++) {
      uint8_t *last = edge[lane];
      __builtin_memset(last, 0, 128);
      for (uint32_t i = 0; i < rest; i++) last[i] = whole == 0 && i == 0 ? prefix : data[lane][64 * whole + i];
      last[rest] = 0x80;
      const uint32_t bits = (length + 1) * 8;
      uint8_t *end = last + 64 * (blocks - whole) - 4;
      end[2] = (uint8_t)(bits >> 8);
      end[3] = (uint8_t)bits;
    }
    for (uint32_t block = whole; block < blocks; block++) {
      for (uint32_t lane = 0; lane < 4; lane++) lanes[lane] = edge[lane] + 64 * (block - whole);
      compress(state, lanes);
    }
    uint32_t words[8][4];
    for (uint32_t i = 0; i < 8; i++) wasm_v128_store(words[i], SWAP(state[i]));
    for (uint32_t lane = 0; lane < lanes_used; lane++)
      for (uint32_t i = 0; i < 8; i++) __builtin_memcpy(out + (first + lane) * 32 + 4 * i, &words[i][lane], 4);
  }
}
