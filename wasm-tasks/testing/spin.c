/*
 * A part of any length: works `iterations` (u32 at the start of the input) steps and returns 8 bytes: FNV-1a of the
 * whole input and the state after the steps, both u32. Needs at least 4 bytes of input. Twin: spin.ts.
 */
#include "../task.h"

EXPORT(run) u64 run(const u8 *input, u32 length) {
  require(length >= 4);
  u32 hash = 0x811c9dc5;
  for (u32 i = 0; i < length; i++) hash = (hash ^ input[i]) * 0x01000193;
  u32 state = hash | 1;
  for (u32 left = load_u32(input); left > 0; left--) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
  }
  u8 *output = alloc(8);
  store_u32(output, hash);
  store_u32(output + 4, state);
  return result(output, 8);
}
