/*
 * One tile of a Mandelbrot picture: for each pixel the number of iterations until |z| > 2, as u16.
 * Input and output: meta.ts. Two pixels a vector, two vectors at a time; each lane does exactly the scalar arithmetic
 * of reference.ts, so the counts are equal.
 */
#include "../task.h"
#include <wasm_simd128.h>

#define HEADER_BYTES 44
#define SIDE_MAX 2048u       /* pixels: the output stays within 8 MiB */
#define POSITION_MAX (1u << 24) /* pixels: positions stay exact in f64 and sums within u32 */

static double load_f64(const u8 *at) {
  double value;
  __builtin_memcpy(&value, at, 8);
  require(value - value == 0.0); /* neither infinite nor NaN */
  return value;
}

typedef struct {
  v128_t re, im, c_re, c_im;
} Pair;

static inline Pair pair_at(double c_re_0, double c_re_1, double c_im) {
  v128_t zero = wasm_i64x2_const(0, 0);
  return (Pair){zero, zero, wasm_f64x2_make(c_re_0, c_re_1), wasm_f64x2_splat(c_im)};
}

/* One iteration of both lanes. Returns all ones in each lane where |z| was at most 2 before it. */
static inline v128_t step(Pair *p) {
  v128_t re2 = wasm_f64x2_mul(p->re, p->re);
  v128_t im2 = wasm_f64x2_mul(p->im, p->im);
  v128_t inside = wasm_f64x2_le(wasm_f64x2_add(re2, im2), wasm_f64x2_const_splat(4.0));
  v128_t product = wasm_f64x2_mul(p->re, p->im);
  p->im = wasm_f64x2_add(wasm_f64x2_add(product, product), p->c_im);
  p->re = wasm_f64x2_add(wasm_f64x2_sub(re2, im2), p->c_re);
  return inside;
}

/* Counts of four neighbouring pixels. A lane that has left stays out by `alive`, whatever its value becomes. */
static void count_four(double left, double stride, u32 x, double c_im, u32 iterations, u16 *out) {
  double c0 = left + (double)x * stride, c1 = left + (double)(x + 1) * stride;
  double c2 = left + (double)(x + 2) * stride, c3 = left + (double)(x + 3) * stride;
  Pair a = pair_at(c0, c1, c_im), b = pair_at(c2, c3, c_im);
  v128_t alive_a = wasm_i64x2_const(-1, -1), alive_b = alive_a;
  v128_t count_a = wasm_i64x2_const(0, 0), count_b = count_a;
  for (u32 i = 0; i < iterations; i++) {
    alive_a = wasm_v128_and(alive_a, step(&a));
    alive_b = wasm_v128_and(alive_b, step(&b));
    if (!wasm_v128_any_true(wasm_v128_or(alive_a, alive_b))) break;
    count_a = wasm_i64x2_sub(count_a, alive_a); /* alive is -1 */
    count_b = wasm_i64x2_sub(count_b, alive_b);
  }
  out[0] = (u16)wasm_i64x2_extract_lane(count_a, 0);
  out[1] = (u16)wasm_i64x2_extract_lane(count_a, 1);
  out[2] = (u16)wasm_i64x2_extract_lane(count_b, 0);
  out[3] = (u16)wasm_i64x2_extract_lane(count_b, 1);
}

EXPORT(run) u64 run(const u8 *input, u32 length) {
  require(length == HEADER_BYTES);
  double left = load_f64(input), top = load_f64(input + 8), stride = load_f64(input + 16);
  u32 x = load_u32(input + 24), y = load_u32(input + 28);
  u32 width = load_u32(input + 32), height = load_u32(input + 36), iterations = load_u32(input + 40);
  require(stride > 0 && x < POSITION_MAX && y < POSITION_MAX);
  require(width >= 1 && width <= SIDE_MAX && height >= 1 && height <= SIDE_MAX);
  require(iterations >= 1 && iterations <= 65535);

  u16 *counts = alloc(width * height * 2 + 6); /* room for the last three lanes of the last four */
  for (u32 row = 0; row < height; row++) {
    double c_im = top - (double)(y + row) * stride;
    for (u32 column = 0; column < width; column += 4) {
      /* Lanes past the row's end are overwritten by the next row. */
      count_four(left, stride, x + column, c_im, iterations, counts + row * width + column);
    }
  }
  return result(counts, width * height * 2);
}
