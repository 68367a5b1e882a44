/*
 * The number with the longest Collatz chain among `count` numbers from `start`. Input and output: meta.ts.
 *
 * Numbers are arrays of 32-bit limbs, lowest first. Twelve halvings are taken at once: with n = a * 2^12 + b, twelve
 * steps of T (n/2, or (3n+1)/2 when n is odd) give a * 3^odd(b) + T^12(b), and cost 12 + odd(b) steps of the chain
 * (a T on an odd number is two of them). Both values of b come from a table of 4096 entries. Source: the shortcut
 * form in Lagarias 1985, "The 3x+1 problem and its generalizations", section 2.
 */
#include "../task.h"

#define NUMBER_BYTES 64u
#define INPUT_BYTES (4 + NUMBER_BYTES)
#define OUTPUT_BYTES (4 + NUMBER_BYTES + 8)
#define COUNT_MAX (1u << 24)
#define START_LIMBS (NUMBER_BYTES / 4)
#define LIMBS_MAX 32u /* 1024 bits; a chain that climbs above them traps */

#define JUMP 12u
#define JUMP_MASK ((1u << JUMP) - 1)
#define TAIL_MAX (2u << JUMP) /* below this a jump could step over 1 */
#define SMALL_MAX (1ull << 56) /* (SMALL_MAX >> JUMP) * 3^JUMP fits 64 bits */

typedef struct {
  u32 value; /* T^12(b) */
  u32 odd;   /* how many of the twelve were odd */
} Jump;

static Jump jumps[1u << JUMP];
static u32 power_of_3[JUMP + 1];
static u16 tail_steps[TAIL_MAX]; /* chain length of every number below TAIL_MAX */

static u32 steps_until_known(u32 start) {
  u32 n = start, steps = 0;
  while (n >= start) {
    n = n & 1 ? 3 * n + 1 : n >> 1;
    steps++;
  }
  return steps + tail_steps[n];
}

static void make_tables(void) {
  power_of_3[0] = 1;
  for (u32 i = 1; i <= JUMP; i++) power_of_3[i] = 3 * power_of_3[i - 1];
  for (u32 b = 0; b <= JUMP_MASK; b++) {
    u32 value = b, odd = 0;
    for (u32 i = 0; i < JUMP; i++) {
      odd += value & 1;
      value = value & 1 ? (3 * value + 1) >> 1 : value >> 1;
    }
    jumps[b] = (Jump){value, odd};
  }
  for (u32 n = 2; n < TAIL_MAX; n++) tail_steps[n] = (u16)steps_until_known(n);
}

/* Takes twelve steps of T on the number in place. Returns its new number of limbs; limb[limbs] is kept 0. */
static u32 jump_large(u32 *limb, u32 limbs, u32 *steps) {
  Jump jump = jumps[limb[0] & JUMP_MASK];
  u64 factor = power_of_3[jump.odd], carry = jump.value;
  for (u32 i = 0; i < limbs; i++) {
    u32 shifted = limb[i] >> JUMP | limb[i + 1] << (32 - JUMP);
    carry += shifted * factor;
    limb[i] = (u32)carry;
    carry >>= 32;
  }
  *steps += JUMP + jump.odd;
  if (carry != 0) {
    require(limbs < LIMBS_MAX);
    limb[limbs++] = (u32)carry;
    limb[limbs] = 0;
  }
  while (limb[limbs - 1] == 0) limbs--;
  return limbs;
}

/* Chain length of the number, which is at least 1; the number is used up. */
static u32 chain_steps(u32 *limb, u32 limbs) {
  u32 steps = 0;
  for (;;) {
    while (limbs > 2 || (limbs == 2 && limb[1] >= (u32)(SMALL_MAX >> 32))) limbs = jump_large(limb, limbs, &steps);
    u64 n = (u64)limb[1] << 32 | limb[0];
    while (n >= TAIL_MAX && n < SMALL_MAX) {
      Jump jump = jumps[n & JUMP_MASK];
      n = (n >> JUMP) * power_of_3[jump.odd] + jump.value;
      steps += JUMP + jump.odd;
    }
    if (n < TAIL_MAX) return steps + tail_steps[n];
    limb[0] = (u32)n;
    limb[1] = (u32)(n >> 32);
    limb[2] = 0;
    limbs = 2;
  }
}

static u32 used_limbs(const u32 *limb) {
  u32 limbs = START_LIMBS;
  while (limbs > 0 && limb[limbs - 1] == 0) limbs--;
  return limbs;
}

static void add_one(u32 *limb) {
  for (u32 i = 0; i < START_LIMBS; i++) {
    if (++limb[i] != 0) return;
  }
  refuse(); /* the range runs past the largest number */
}

EXPORT(run) u64 run(const u8 *input, u32 length) {
  require(length == INPUT_BYTES);
  u32 count = load_u32(input);
  require(count >= 1 && count <= COUNT_MAX);
  u32 number[START_LIMBS], work[LIMBS_MAX + 1];
  __builtin_memcpy(number, input + 4, NUMBER_BYTES);
  require(used_limbs(number) > 0);
  make_tables();

  u8 *output = alloc(OUTPUT_BYTES);
  u32 best = 0;
  u64 total = 0;
  for (u32 i = 0; i < count; i++) {
    if (i > 0) add_one(number);
    u32 limbs = used_limbs(number);
    __builtin_memcpy(work, number, NUMBER_BYTES);
    work[START_LIMBS] = 0;
    u32 steps = chain_steps(work, limbs);
    total += steps;
    if (i == 0 || steps > best) {
      best = steps;
      __builtin_memcpy(output + 4, number, NUMBER_BYTES);
    }
  }
  store_u32(output, best);
  store_u64(output + 4 + NUMBER_BYTES, total);
  return result(output, OUTPUT_BYTES);
}
