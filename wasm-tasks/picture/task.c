/*
 * One tile of a picture that is scaled down and blurred. Input and output: meta.ts; the arithmetic, integers only and
 * exactly that of reference.ts, in words: README.md, "picture".
 *
 * Steps: source region -> light (gamma 2, premultiplied, u16) averaged over areas -> blurred along rows -> blurred along
 * columns -> RGBA. Beyond the picture's edges its outermost pixels repeat.
 */
#include "../task.h"
#include <wasm_simd128.h>

#define HEADER_BYTES 36u
#define SOURCE_SIDE_MAX 32768u /* pixels: area sums stay below 2^46 */
#define TILE_SIDE_MAX 1024u
#define RADIUS_MAX 64u
#define TAP_SUM 65536u
#define LIGHT_MAX 65025u /* 255 squared */
#define CHANNELS 4u

/* Along one axis: what the tile takes of the output, what that takes of the scaled picture and of the source. */
typedef struct {
  u32 source, output;             /* lengths of the whole pictures */
  u32 tile_from, tile;            /* of the output */
  u32 scaled_from, scaled_to;     /* of the scaled picture: the tile and its halo, within the picture */
  u32 region_from, region_to;     /* of the source */
} Axis;

static Axis read_axis(const u8 *header, u32 radius) {
  Axis axis;
  axis.source = load_u32(header);
  axis.output = load_u32(header + 8);
  axis.tile_from = load_u32(header + 16);
  axis.tile = load_u32(header + 24);
  require(axis.source >= 1 && axis.source <= SOURCE_SIDE_MAX && axis.output >= 1 && axis.output <= axis.source);
  require(axis.tile >= 1 && axis.tile <= TILE_SIDE_MAX);
  require(axis.tile_from < axis.output && axis.tile <= axis.output - axis.tile_from);
  u32 end = axis.tile_from + axis.tile + radius;
  axis.scaled_from = axis.tile_from < radius ? 0 : axis.tile_from - radius;
  axis.scaled_to = end > axis.output ? axis.output : end;
  axis.region_from = axis.scaled_from * axis.source / axis.output;
  axis.region_to = (axis.scaled_to * axis.source + axis.output - 1) / axis.output;
  return axis;
}

/* The whole kernel from its centre and one side; its weights sum to 65536. */
static u16 *read_taps(const u8 *at, u32 radius) {
  u16 *taps = alloc((2 * radius + 1) * 2);
  u32 sum = 0;
  for (u32 i = 0; i <= radius; i++) {
    u16 tap = (u16)(at[2 * i] | at[2 * i + 1] << 8);
    taps[radius - i] = taps[radius + i] = tap;
    sum += i == 0 ? tap : 2u * tap;
  }
  require(sum == TAP_SUM);
  return taps;
}

/* Four u32: light of one pixel, each colour weighted by its alpha; alpha itself on the same scale. */
static inline v128_t light_of(const u8 *rgba) {
  u32 alpha = rgba[3];
  if (alpha == 255) { /* the usual case, and the same value */
    return wasm_u32x4_make(rgba[0] * rgba[0], rgba[1] * rgba[1], rgba[2] * rgba[2], LIGHT_MAX);
  }
  return wasm_u32x4_make((rgba[0] * rgba[0] * alpha + 127) / 255, (rgba[1] * rgba[1] * alpha + 127) / 255,
                         (rgba[2] * rgba[2] * alpha + 127) / 255, alpha * 255);
}

/*
 * Adds a source row to the sums of the scaled columns. Lengths count in 1/output source pixels: column c covers
 * [c * source, (c + 1) * source), source pixel s covers [s * output, (s + 1) * output).
 */
static void sum_columns(const u8 *row, const Axis *x, v128_t *sums) {
  u32 source_at = x->region_from;
  for (u32 column = x->scaled_from; column < x->scaled_to; column++) {
    u32 from = column * x->source, to = from + x->source;
    v128_t sum = wasm_u32x4_const_splat(0);
    while (source_at * x->output < to) {
      u32 begin = source_at * x->output, end = begin + x->output;
      u32 weight = (end < to ? end : to) - (begin > from ? begin : from);
      v128_t light = light_of(row + CHANNELS * (source_at - x->region_from));
      sum = wasm_i32x4_add(sum, wasm_i32x4_mul(light, wasm_u32x4_splat(weight)));
      if (end > to) break; /* this pixel reaches into the next column */
      source_at++;
    }
    sums[column - x->scaled_from] = sum;
  }
}

static void add_weighted(u64 *totals, const v128_t *sums, u32 columns, u32 weight) {
  v128_t factor = wasm_u32x4_splat(weight);
  for (u32 c = 0; c < columns; c++) {
    v128_t *low = (v128_t *)(totals + CHANNELS * c), *high = low + 1;
    *low = wasm_i64x2_add(*low, wasm_u64x2_extmul_low_u32x4(sums[c], factor));
    *high = wasm_i64x2_add(*high, wasm_u64x2_extmul_high_u32x4(sums[c], factor));
  }
}

/* The scaled rows of the tile and its halo; each row starts at the halo's first column, repeated edges included. */
static u16 *scale(const u8 *region, const Axis *x, const Axis *y, u32 radius, u32 row_lanes) {
  u32 columns = x->scaled_to - x->scaled_from, rows = y->scaled_to - y->scaled_from;
  u32 lead = radius - (x->tile_from - x->scaled_from), region_columns = x->region_to - x->region_from;
  u64 area = (u64)x->source * y->source;
  u16 *scaled = alloc(rows * row_lanes * 2);
  v128_t *sums = alloc(columns * sizeof(v128_t));
  u64 *totals = alloc(columns * CHANNELS * sizeof(u64));
  u32 summed = 0; /* source rows whose sums have been made; `sums` holds the last */
  u32 source_at = y->region_from;
  for (u32 row = 0; row < rows; row++) {
    u32 from = (y->scaled_from + row) * y->source, to = from + y->source;
    __builtin_memset(totals, 0, columns * CHANNELS * sizeof(u64));
    while (source_at * y->output < to) {
      u32 begin = source_at * y->output, end = begin + y->output, index = source_at - y->region_from;
      if (index == summed) {
        sum_columns(region + CHANNELS * index * region_columns, x, sums);
        summed++;
      }
      add_weighted(totals, sums, columns, (end < to ? end : to) - (begin > from ? begin : from));
      if (end > to) break;
      source_at++;
    }
    u16 *out = scaled + row * row_lanes;
    for (u32 i = 0; i < columns * CHANNELS; i++) out[lead * CHANNELS + i] = (u16)((totals[i] + area / 2) / area);
    for (u32 i = 0; i < lead * CHANNELS; i++) out[i] = out[lead * CHANNELS + i % CHANNELS];
    u32 last = (lead + columns - 1) * CHANNELS;
    for (u32 i = last + CHANNELS; i < row_lanes; i++) out[i] = out[last + i % CHANNELS];
  }
  return scaled;
}

/* to[i] = the sum of taps[k] * from[i + k * stride], rounded to 16 bits. lanes: a multiple of 16. */
static void convolve(const u16 *from, u32 stride, const u16 *taps, u32 tap_count, u16 *to, u32 lanes) {
  v128_t half = wasm_u32x4_const_splat(TAP_SUM / 2);
  for (u32 i = 0; i < lanes; i += 16) {
    v128_t sum_0 = half, sum_1 = half, sum_2 = half, sum_3 = half;
    const u16 *at = from + i;
    for (u32 k = 0; k < tap_count; k++, at += stride) {
      v128_t tap = wasm_v128_load16_splat(taps + k), a = wasm_v128_load(at), b = wasm_v128_load(at + 8);
      sum_0 = wasm_i32x4_add(sum_0, wasm_u32x4_extmul_low_u16x8(a, tap));
      sum_1 = wasm_i32x4_add(sum_1, wasm_u32x4_extmul_high_u16x8(a, tap));
      sum_2 = wasm_i32x4_add(sum_2, wasm_u32x4_extmul_low_u16x8(b, tap));
      sum_3 = wasm_i32x4_add(sum_3, wasm_u32x4_extmul_high_u16x8(b, tap));
    }
    sum_0 = wasm_u32x4_shr(sum_0, 16), sum_1 = wasm_u32x4_shr(sum_1, 16);
    sum_2 = wasm_u32x4_shr(sum_2, 16), sum_3 = wasm_u32x4_shr(sum_3, 16);
    wasm_v128_store(to + i, wasm_u16x8_narrow_i32x4(sum_0, sum_1));
    wasm_v128_store(to + i + 8, wasm_u16x8_narrow_i32x4(sum_2, sum_3));
  }
}

static u8 byte_of_light(u32 weighted, u32 alpha) {
  u32 light = alpha == LIGHT_MAX ? weighted : (weighted * LIGHT_MAX + alpha / 2) / alpha;
  return (u8)(__builtin_sqrt((double)(light > LIGHT_MAX ? LIGHT_MAX : light)) + 0.5);
}

static void write_row(const u16 *light, u32 pixels, u8 *rgba) {
  for (u32 i = 0; i < pixels; i++, light += CHANNELS, rgba += CHANNELS) {
    u32 alpha = light[3];
    if (alpha == 0) continue; /* fully transparent: the zeroes that are there */
    for (u32 channel = 0; channel < 3; channel++) rgba[channel] = byte_of_light(light[channel], alpha);
    rgba[3] = (u8)((alpha + 127) / 255);
  }
}

/* Blurs along rows, then along columns, and writes the tile. A radius of 0 changes nothing and is skipped. */
static void blur(const u16 *scaled, u32 row_lanes, const Axis *x, const Axis *y, const u16 *taps, u32 radius, u8 *out) {
  u32 lanes = (x->tile * CHANNELS + 15u) & ~15u, rows = y->tile + 2 * radius;
  u32 lead = radius - (y->tile_from - y->scaled_from), scaled_rows = y->scaled_to - y->scaled_from;
  u16 *along_rows = alloc(rows * lanes * 2), *line = alloc(lanes * 2);
  for (u32 row = 0; row < scaled_rows; row++) {
    convolve(scaled + row * row_lanes, CHANNELS, taps, 2 * radius + 1, along_rows + (lead + row) * lanes, lanes);
  }
  for (u32 row = 0; row < lead; row++) __builtin_memcpy(along_rows + row * lanes, along_rows + lead * lanes, lanes * 2);
  for (u32 row = lead + scaled_rows; row < rows; row++) {
    __builtin_memcpy(along_rows + row * lanes, along_rows + (lead + scaled_rows - 1) * lanes, lanes * 2);
  }
  for (u32 row = 0; row < y->tile; row++) {
    convolve(along_rows + row * lanes, lanes, taps, 2 * radius + 1, line, lanes);
    write_row(line, x->tile, out + row * x->tile * CHANNELS);
  }
}

EXPORT(run) u64 run(const u8 *input, u32 length) {
  require(length >= HEADER_BYTES);
  u32 radius = load_u32(input + 32);
  require(radius <= RADIUS_MAX);
  Axis x = read_axis(input, radius), y = read_axis(input + 4, radius);
  u32 taps_bytes = radius == 0 ? 0 : (radius + 1) * 2;
  u64 region_bytes = (u64)(x.region_to - x.region_from) * (y.region_to - y.region_from) * CHANNELS;
  require(length == HEADER_BYTES + taps_bytes + region_bytes);

  u32 output_bytes = x.tile * y.tile * CHANNELS;
  u8 *output = alloc(output_bytes);
  u32 row_lanes = ((x.tile + 2 * radius) * CHANNELS + 15u + 16u) & ~15u; /* room for the last block's reach */
  u16 *scaled = scale(input + HEADER_BYTES + taps_bytes, &x, &y, radius, row_lanes);
  if (radius == 0) {
    for (u32 row = 0; row < y.tile; row++) write_row(scaled + row * row_lanes, x.tile, output + row * x.tile * CHANNELS);
  } else {
    blur(scaled, row_lanes, &x, &y, read_taps(input + HEADER_BYTES, radius), radius, output);
  }
  return result(output, output_bytes);
}
